"""A program under faults: started as a process that can be killed, on an installation of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from server import settings
from server.database.embedded import running
from server.demo.command import PATIENCE, accounts, answering
from server.demo.run import Demo


class Server:
    """The program as a process that can be killed."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PODIUM_")}
        self.environment = {**kept, "PODIUM_DATA": str(data), "PODIUM_PORT": str(self.port)}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, in a process group of its own."""
        line = [sys.executable, "-m", "server.cli", "serve"]
        self.process = subprocess.Popen(line, env=self.environment, start_new_session=True, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """kill -9 the program and everything it started but the database."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end; whoever waits for it waits two minutes at most."""
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
                raise


@contextlib.contextmanager
def prepared(data: Path) -> Iterator[tuple[str, Server]]:
    """A server that has been started on a new installation; it is stopped at the end."""
    server = Server(data)
    settings.load({"PODIUM_DATA": str(data)})  # the key is made before the database
    with running(data) as dsn:
        server.start()
        try:
            yield dsn, server
        finally:
            server.stop()


async def drawn(dsn: str, server: Server, seed: str) -> Demo:
    """A competition whose eight events are being marked."""
    demo = Demo(server.base, seed, lambda *_: None)
    tokens = await accounts(dsn)
    await answering(server.base, server.process)
    await demo.office.sign_in(token=tokens[0])
    await demo.set_up()
    await demo.register()
    await demo.draw()
    return demo
