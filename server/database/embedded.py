"""Who keeps the private PostgreSQL of a data folder running, and for how long.

* A program that uses the server holds a shared lock on `postgres.users` for as long as it lives. The kernel drops the
  lock when the program dies, however it dies, so the last one to leave is known without trusting process ids.
* Starting and stopping happen under an exclusive lock on `postgres.lock`. A server that a killed program left behind
  is taken over; a server that was killed is started again, and PostgreSQL recovers from its log.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from server.database.account import NoAccount
from server.database.cluster import Cluster
from server.database.failures import folder_unusable, no_account
from server.errors import Refusal

SECONDS_BETWEEN_LOOKS = 0.5


@contextlib.contextmanager
def running(data: Path) -> Iterator[str]:
    """The DSN of the data folder's database, which runs at least as long as this block.

    Raises Refusal `database.…` when it cannot be brought up.
    """
    data = data.expanduser().absolute()
    holder = os.getpid()
    with _failures_told(data):
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        cluster = Cluster(data)
        users = _open_lock(cluster, "postgres.users")
        try:
            with _exclusive(cluster):
                fcntl.flock(users, fcntl.LOCK_SH)
                cluster.start()
        except BaseException:  # also an interrupt: nobody may hold the lock of a server that did not start
            os.close(users)
            raise
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(cluster, ended), name="podium-database", daemon=True)
    watcher.start()
    try:
        yield cluster.dsn()
    finally:
        if os.getpid() == holder:  # a forked child that leaves this block must not stop its parent's server
            with _undisturbed():
                ended.set()
                watcher.join()
                _leave(cluster, users)


def alive(data: Path) -> str | None:
    """The DSN of the data folder's database if its server runs now; nothing is started, made or locked."""
    if not (data / "postgres").exists():
        return None
    cluster = Cluster(data)
    return cluster.dsn() if cluster.process() else None


def _watch(cluster: Cluster, ended: threading.Event) -> None:
    """Start the server again when it is killed under us, so that a venue goes on by itself."""
    while not ended.wait(SECONDS_BETWEEN_LOOKS):
        if cluster.process() is None:
            with contextlib.suppress(Refusal, OSError), _exclusive(cluster):
                cluster.start()


def _leave(cluster: Cluster, users: int) -> None:
    try:
        with contextlib.suppress(FileNotFoundError), _exclusive(cluster):  # a server whose folder is gone stops itself
            fcntl.flock(users, fcntl.LOCK_UN)
            with contextlib.suppress(BlockingIOError):  # raised while another program still uses the server
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cluster.stop()
    finally:
        os.close(users)


def _open_lock(cluster: Cluster, name: str) -> int:
    descriptor = os.open(cluster.data / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if os.geteuid() == 0:
        owner = cluster.data.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


@contextlib.contextmanager
def _exclusive(cluster: Cluster) -> Iterator[None]:
    """Nobody else starts or stops this server meanwhile."""
    descriptor = _open_lock(cluster, "postgres.lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _failures_told(data: Path) -> Iterator[None]:
    try:
        yield
    except NoAccount as failure:
        raise no_account(str(failure)) from failure
    except OSError as failure:
        raise folder_unusable(data, failure) from failure


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back SIGINT and SIGTERM until the block ends: an impatient second Ctrl-C must not cut a stop short."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        held.append(number)

    before = {int(number): signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in held[:1]:
            signal.raise_signal(number)
