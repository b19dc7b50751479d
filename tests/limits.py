"""No test waits for ever, nor does what it leaves behind: whoever is over the time in pyproject.toml ends its process, which says where it was."""

from __future__ import annotations

import faulthandler
from collections.abc import Generator

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """The clock goes on: pytest stops it when a test fails, and a browser that did not close then held up the whole run."""
    seconds = float(item.config.getini("faulthandler_timeout") or 0)
    if seconds:
        told = item.config.stash[fault_handler_stderr_fd_key]
        faulthandler.dump_traceback_later(seconds, exit=True, file=told)
    yield
