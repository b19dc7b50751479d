"""That no run of the tests waits for ever."""

import os
import subprocess
import sys
from pathlib import Path

ENDLESS = """
import time
import pytest

@pytest.fixture
def browser():
    yield
    time.sleep(3600)

def test_that_fails(browser):
    assert False
"""


def test_what_a_failed_test_leaves_behind_has_a_limit_too(tmp_path: Path) -> None:
    """A test fails, and its browser does not close: the process ends in its time, and shows where it waited."""
    (tmp_path / "test_endless.py").write_text(ENDLESS, encoding="utf-8")
    limits = ("faulthandler_timeout=2", "faulthandler_exit_on_timeout=true")
    line = [sys.executable, "-m", "pytest", "-q", "-p", "tests.limits", *(f"-o{one}" for one in limits)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
    }
    done = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1 and "Timeout (" in done.stderr, done.stdout + done.stderr
