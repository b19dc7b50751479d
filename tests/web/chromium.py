"""The browser of the tests, and how it is started: Chromium's shell without windows where there is one, or else Chromium.

Both are the same engine. Chromium draws a window of its own for every tablet, which the shell does not: the tests of the
tablet take two thirds of the processor's time in it.
"""

from __future__ import annotations

import shutil
import sys

import pytest
from playwright.sync_api import expect

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None and sys.platform != "linux", reason="no Chromium on this machine")
"""On Linux `podium test` installs it, so that without it a test fails; elsewhere the test is skipped."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PATIENCE = 60_000
"""Milliseconds that a page is given. Nobody waits so long but where a test fails, and a busy machine takes its time."""
expect.set_options(timeout=PATIENCE)
