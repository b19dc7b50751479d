"""The printing processes end with the program that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

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
