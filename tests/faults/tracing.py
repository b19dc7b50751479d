"""The private PostgreSQL under strace, from its start until all of it is killed at once."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from scoring.verdict import Words
from server.database.account import let_in
from server.database.cluster import SECONDS_TO_START, Cluster
from server.errors import Refusal
from tests.faults.calls import traced


def tracer() -> str:
    """Where strace is. Raises Refusal `faults.…` when it is not there or this machine lets nobody trace."""
    strace = shutil.which("strace")
    if strace is None:
        raise Refusal(
            "faults.no-strace",
            Words("本机没有 strace。", "There is no strace on this machine."),
            Words("请在 Linux 上安装 strace，再运行一次。", "Install strace (Linux) and run this once more."),
        )
    tried = subprocess.run([strace, "-f", "-o", os.devnull, "true"], check=False, capture_output=True, text=True)
    if tried.returncode:
        raise Refusal(
            "faults.no-trace",
            Words(
                f"本机不允许跟踪进程：{tried.stderr.strip()}",
                f"This machine lets nobody trace a process: {tried.stderr.strip()}",
            ),
            Words("请在允许 ptrace 的机器上运行。", "Run this where ptrace is permitted."),
        )
    return strace


class Traced(Cluster):
    """A cluster whose server writes down its calls from its start to its end."""

    def __init__(self, data: Path, trace: Path) -> None:
        super().__init__(data)
        self.trace = trace
        self.tracer: subprocess.Popen[bytes] | None = None

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        if list(command[:2]) != ["pg_ctl", "start"]:
            return super()._run(command)
        self.trace.touch()
        if self.account:
            os.chown(self.trace, self.account.uid, self.account.gid)
            let_in(self.account, self.trace)
        line = [*traced(tracer(), self.trace), str(self.binaries / "pg_ctl"), *command[1:]]
        self.tracer = subprocess.Popen(
            line,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
            umask=0o077,
        )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._ready() and self.tracer.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        return subprocess.CompletedProcess(line, 0 if self._ready() else 1, "", "it did not start under the tracer")

    def cut(self) -> None:
        """Kill every process of the server at once, and wait until the trace is whole."""
        server = self.process()
        assert server and self.tracer
        server.suspend()  # it begets nobody while we look who is there
        for process in [server, *server.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        self.tracer.wait(timeout=60)
