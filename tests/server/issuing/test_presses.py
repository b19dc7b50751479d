"""The printing processes end with the program that started them, and hold nothing that they have no use for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import psutil
import pytest

from server.issuing.pressing import NICE, Presses, pool

PROGRAM = """
import os, sys, tempfile, time
from server.issuing.pressing import Presses
if __name__ == "__main__":
    presses = Presses(1)
    presses.submit(tempfile.mkdtemp).result()
    print(presses.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


def test_a_press_ends_when_its_program_is_killed(tmp_path: Path) -> None:
    """kill -9 of the program leaves no press behind that keeps its memory, and nothing of the press on the disk."""
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    disk = tmp_path / "tmp"
    disk.mkdir()
    environment = {**os.environ, "PYTHONPATH": os.getcwd(), "TMPDIR": str(disk)}
    program = subprocess.Popen([sys.executable, str(file)], env=environment, stdout=subprocess.PIPE)
    assert program.stdout
    press = int(program.stdout.readline())
    program.send_signal(signal.SIGKILL)
    program.wait()
    for _ in range(100):
        if not psutil.pid_exists(press) or psutil.Process(press).status() == psutil.STATUS_ZOMBIE:
            assert not list(disk.iterdir())
            return
        time.sleep(0.1)
    psutil.Process(press).kill()
    raise AssertionError("the press is still there")


def test_what_waits_for_a_press_that_dies_is_done_by_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work that ends its press, and does so again, is told; what others asked of the same presses is done all the same. What the
    presses had on the disk goes with them."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    presses = Presses(1)
    try:
        deadly, *others = (presses.submit(*one) for one in ((os._exit, 1), (os.getpid,), (abs, -1)))
        with pytest.raises(BrokenProcessPool):
            deadly.result()
        assert others[0].result() != os.getpid() and others[1].result() == 1
        assert Path(presses.submit(tempfile.mkdtemp).result()).is_relative_to(tmp_path)
    finally:
        presses.shutdown()
    assert not list(tmp_path.iterdir())


NEEDLESS = "piccolo asyncpg litestar httpx aiohttp requests pyhanko pyhanko_certvalidator pkcs11 click rich msgspec babel pyld scipy openpyxl lxml"
PRINTED = """
import sys
from datetime import UTC, datetime
from certificates.keys import Key
from server.issuing.pressing import as_a_press, in_a_press, paper_in_a_press
as_a_press()
from server.results.computing import computed
from tests.certificates.paper import PLAIN
import json
now = datetime(2026, 10, 18, tzinfo=UTC)
content = json.dumps(PLAIN.as_data(), ensure_ascii=False)
(pdf,) = in_a_press("print_and_sign", "classical", [(content, "{}")], Key.create("x", now).to_pem(), now)
print(*{name.partition(".")[0] for name in sys.modules} & set(sys.argv[1].split()), *(n for n in sys.modules if n.startswith("server.database")))
"""


def test_a_press_imports_neither_database_nor_web_nor_what_only_some_keys_need() -> None:
    """The processes of the pool print, sign with an ordinary key and compute statistics without a third of their memory."""
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    told = subprocess.run(
        [sys.executable, "-c", PRINTED, NEEDLESS], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == ""


GROUPS = Path("/proc/self/autogroup")
# A kernel that has such groups but does not use them shows the file, and nothing in it.
GROUPED = GROUPS.exists() and GROUPS.read_text(encoding="ascii")


@pytest.mark.skipif(not GROUPED, reason="this kernel shares processors out among processes, not among sessions")
def test_a_press_gives_way_to_the_database_too() -> None:
    """The database has a session of its own; among sessions a press counts as little as it does among its program's processes."""
    with pool(1) as presses:
        assert presses.submit(os.nice, 0).result() >= NICE
        assert presses.submit(GROUPS.read_text).result().endswith(f"nice {NICE}\n")
    assert GROUPS.read_text().endswith("nice 0\n")
