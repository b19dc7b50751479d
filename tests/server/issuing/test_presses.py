"""The printing processes end with the program that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from server.issuing.printing import pool

PROGRAM = """
import os, sys, time
from server.issuing.printing import pool
if __name__ == "__main__":
    print(pool(1).submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


def test_a_press_ends_when_its_program_is_killed(tmp_path: Path) -> None:
    """kill -9 of the program leaves no press behind that keeps its memory."""
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    program = subprocess.Popen([sys.executable, str(file)], env=environment, stdout=subprocess.PIPE)
    assert program.stdout
    press = int(program.stdout.readline())
    program.send_signal(signal.SIGKILL)
    program.wait()
    for _ in range(100):
        if not psutil.pid_exists(press) or psutil.Process(press).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.1)
    psutil.Process(press).kill()
    raise AssertionError("the press is still there")


GROUPS = Path("/proc/self/autogroup")


@pytest.mark.skipif(not GROUPS.exists(), reason="this kernel shares processors out among processes, not among sessions")
def test_a_press_gives_way_to_the_database_too() -> None:
    """The database has a session of its own; among sessions a press counts as little as it does among its program's processes."""
    with pool(1) as presses:
        assert presses.submit(os.nice, 0).result() >= 10
        assert presses.submit(GROUPS.read_text).result().endswith("nice 19\n")
    assert GROUPS.read_text().endswith("nice 0\n")
