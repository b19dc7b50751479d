"""The private PostgreSQL outlives what a venue does to it: two programs at once, kill -9 of either side."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

from server.database import account, cluster, embedded
from server.errors import Refusal

ROOT = Path(__file__).parents[3]

PROGRAM = """
import asyncio, signal, sys
from pathlib import Path
import asyncpg
from server.database.embedded import running

async def write(dsn, row):
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"CREATE TABLE mark_{row} AS SELECT {row} AS number")
    await connection.close()

signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts the tests in the background has it ignored

with running(Path(sys.argv[1])) as dsn:
    asyncio.run(write(dsn, int(sys.argv[2])))
    print("up", flush=True)
    sys.stdin.readline()
print("down", flush=True)
"""


class Program:
    """A second program that uses the server: it stores one mark, says so, and ends at a line on its input."""

    def __init__(self, data: Path, number: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(PROGRAM), str(data), str(number)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            start_new_session=True,
        )  # fmt: skip

    def up(self) -> Program:
        assert self.process.stdout
        assert self.process.stdout.readline() == "up\n"
        return self

    def end(self) -> None:
        out, _ = self.process.communicate("\n", timeout=60)
        assert out == "down\n" and self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that is not there yet, with a short path; stopped and removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="podium-test-"))
    yield folder / "data"
    if (folder / "data").exists():
        with embedded.running(folder / "data"):  # takes over what a test left behind, and stops it
            pass
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def first() -> Iterator[Path]:
    """A data folder after its first start."""
    folder = Path(tempfile.mkdtemp(prefix="podium-test-"))
    with embedded.running(folder / "data"):
        pass
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture
def used(first: Path, data: Path) -> Path:
    """A data folder that was used before."""
    subprocess.run(["cp", "-a", first, data], check=True)
    return data


def asked(dsn: str, sql: str) -> Any:
    async def ask() -> Any:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


def marks(dsn: str) -> list[int]:
    return asked(
        dsn, "SELECT array_agg(substr(tablename, 6)::int ORDER BY 1) FROM pg_tables WHERE tablename LIKE 'mark_%'"
    )


def process(data: Path) -> psutil.Process | None:
    return cluster.Cluster(data).process()


def test_it_runs_inside_the_block_and_only_there(data: Path) -> None:
    """The server starts with the block and stops with it; the data stays."""
    with embedded.running(data) as dsn:
        asked(dsn, "CREATE TABLE kept ()")
        assert process(data) is not None
    assert process(data) is None
    assert embedded.alive(data) is None
    with embedded.running(data) as dsn:
        assert asked(dsn, "SELECT to_regclass('kept')") == "kept"


def test_it_waits_for_the_disk_and_listens_on_no_network(used: Path) -> None:
    """What is answered is on the disk, nobody can connect from outside, and the program is no superuser."""
    with embedded.running(used) as dsn:
        assert asked(dsn, "SHOW fsync") == asked(dsn, "SHOW synchronous_commit") == "on"
        assert asked(dsn, "SHOW listen_addresses") == ""
        assert asked(dsn, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        sockets = cluster.Cluster(used).sockets
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700


def test_the_second_program_uses_the_same_server(data: Path) -> None:
    """It stops when the last program has ended, not when the first has."""
    first, second = Program(data, 1), Program(data, 2)  # both start at once, on an empty folder
    first.up(), second.up()
    serving = process(data)
    first.end()
    assert process(data) == serving
    with embedded.running(data) as dsn:
        assert marks(dsn) == [1, 2]
    assert process(data) == serving
    second.end()
    assert process(data) is None


def test_a_killed_program_leaves_a_server_that_the_next_takes_over(used: Path) -> None:
    """kill -9 of the only program loses no mark, and the next program stops what was left behind."""
    Program(used, 1).up().kill()
    left = process(used)
    assert left is not None
    with embedded.running(used) as dsn:
        assert process(used) == left
        assert marks(dsn) == [1]
    assert process(used) is None


def test_a_killed_server_is_started_again_under_a_running_program(used: Path) -> None:
    """kill -9 of PostgreSQL itself: it is back within seconds with every committed mark."""
    program = Program(used, 1).up()
    killed = process(used)
    assert killed is not None
    killed.kill()
    deadline = time.monotonic() + 600
    while embedded.alive(used) is None or process(used) == killed:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    with embedded.running(used) as dsn:
        assert marks(dsn) == [1]
    program.end()


def test_both_killed_at_once_recovers(used: Path) -> None:
    """A power cut as far as processes can show it: program and server die together."""
    program = Program(used, 1).up()
    killed = process(used)
    assert killed is not None
    killed.kill()
    program.kill()
    with embedded.running(used) as dsn:
        assert marks(dsn) == [1]


def test_a_stale_process_id_of_somebody_else_is_not_believed(used: Path) -> None:
    """After a reboot the id in postmaster.pid may belong to any program, here to the test itself."""
    with embedded.running(used) as dsn:
        asked(dsn, "CREATE TABLE kept ()")
    stale = used / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{used}/postgres\n1\n5432\n/nowhere\n\n1 1\nready\n")
    with embedded.running(used) as dsn:
        assert asked(dsn, "SELECT to_regclass('kept')") == "kept"


def test_an_interrupted_first_start_begins_anew(data: Path) -> None:
    """What initdb had made when it was cut short is thrown away."""
    (data / "postgres.new").mkdir(parents=True)
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")
    with embedded.running(data) as dsn:
        assert asked(dsn, "SELECT 1") == 1
    assert not (data / "postgres.new").exists()


def test_a_second_interrupt_does_not_cut_the_stop_short(used: Path) -> None:
    """Ctrl-C twice at the terminal: the server still ends in good order."""
    program = Program(used, 1).up()
    serving = process(used)
    assert serving is not None
    os.killpg(program.process.pid, signal.SIGINT)
    time.sleep(0.03)
    os.killpg(program.process.pid, signal.SIGINT)
    program.process.wait(60)
    serving.wait(30)
    state = cluster.Cluster(used)
    shown = subprocess.run(
        [state.binaries / "pg_controldata", state.folder],
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C"},
    )
    assert "shut down" in shown.stdout and "in production" not in shown.stdout


def test_a_deep_folder_with_spaces_and_han_letters_works(data: Path) -> None:
    """A socket's path has at most 107 bytes; the data may lie deeper."""
    deep = data / "竞赛 2025" / ("d" * 120)
    with embedded.running(deep) as dsn:
        assert asked(dsn, "SELECT 1") == 1
        sockets = cluster.Cluster(deep).sockets
        assert sockets.parent == Path("/tmp") and stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert not sockets.exists()


def test_a_missing_database_is_made_again(used: Path) -> None:
    """The database and its owner are there at every start."""
    with embedded.running(used) as dsn:
        server = cluster.Cluster(used)
        asked(server.dsn("postgres", "postgres"), "DROP DATABASE podium WITH (FORCE)")
    with embedded.running(used) as dsn:
        assert asked(dsn, "SELECT current_database()") == "podium"


def test_the_administrators_settings_count(used: Path) -> None:
    """`postgres.conf` in the data folder is read last."""
    (used / "postgres.conf").write_text("work_mem = '7MB'\n")
    with embedded.running(used) as dsn:
        assert asked(dsn, "SHOW work_mem") == "7MB"


def test_data_of_another_version_is_refused(data: Path) -> None:
    """The words name both versions, and nothing is touched."""
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(Refusal) as refused, embedded.running(data):
        pass
    assert refused.value.code == "database.version"
    assert "17" in refused.value.words.en and "18" in refused.value.words.zh
    shutil.rmtree(data / "postgres")


def test_a_setting_that_postgres_rejects_is_told(used: Path) -> None:
    """The refusal carries the server's own words, not a traceback."""
    (used / "postgres.conf").write_text("max_connections = many\n")
    with pytest.raises(Refusal) as refused, embedded.running(used):
        pass
    assert refused.value.code == "database.start"
    assert "max_connections" in refused.value.words.en
    (used / "postgres.conf").unlink()


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    """A data folder that is a file is refused with its name."""
    (tmp_path / "data").write_text("")
    with pytest.raises(Refusal) as refused, embedded.running(tmp_path / "data"):
        pass
    assert refused.value.code == "database.folder"


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root hands the server to an account")
def test_the_servers_account_may_search_a_private_folder_and_nothing_more(tmp_path: Path) -> None:
    """As root, a folder such as /root stays closed to everybody but the server's account."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    account.let_in(account.Account(64321, 64321), private / "data")
    assert stat.S_IMODE(private.stat().st_mode) & 0o007 == 0

    def may(uid: int, *command: str) -> bool:
        return (
            subprocess.run(command, user=uid, group=uid, extra_groups=[], check=False, capture_output=True).returncode
            == 0
        )

    (private / "seen").write_text("")
    assert may(64321, "test", "-e", str(private / "seen"))
    assert not may(64321, "ls", str(private))
    assert not may(64322, "test", "-e", str(private / "seen"))
