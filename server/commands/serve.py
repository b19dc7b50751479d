"""`podium serve`: the database, its migrations, then the site, until Ctrl-C."""

from __future__ import annotations

import dataclasses
import os
import signal
import socket
import threading

import click
import uvicorn

from scoring.verdict import Words
from server import settings
from server.app import create_app
from server.database.opening import opened
from server.errors import Refusal
from server.terminal import spoken

SECONDS_FOR_OPEN_REQUESTS = 5
SECONDS_OF_SILENCE = 75
"""Longer than clients keep an idle connection, so that none is closed under a request that is on its way."""


@click.command()
@click.option("--until-parent-ends", is_flag=True, hidden=True)
def command(until_parent_ends: bool) -> None:
    """Serve the site at PODIUM_HOST and PODIUM_PORT (127.0.0.1:8765) until Ctrl-C."""
    told = settings.load(os.environ)
    if until_parent_ends:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    with listening(told.host, told.port) as door, opened(told) as dsn:
        app = create_app(dataclasses.replace(told, database_url=dsn))
        config = uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=SECONDS_FOR_OPEN_REQUESTS,
            timeout_keep_alive=SECONDS_OF_SILENCE,
        )
        site = Site(config, told.base_url)
        site.run(sockets=[door])
    if not site.started:
        raise SystemExit(3)


class Site(uvicorn.Server):
    """Says where it is as soon as it answers there."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        if self.started:
            click.echo(spoken(Words(f"匠台已启动：{self._address}", f"Podium serves at {self._address}")), err=True)


def _end_with_parent() -> None:
    """End in good order when standard input closes, which the kernel does for a parent that was killed."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def listening(host: str, port: int) -> socket.socket:
    """The bound socket, taken before anything is started, so that a second start fails at once and in plain words."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        door = socket.socket(found[0], socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(found[4])
    except OSError as problem:
        raise Refusal(
            "serve.address",
            Words(
                f"无法监听 {host}:{port}（{problem.strerror}）。",
                f"Podium cannot listen on {host}:{port} ({problem.strerror}).",
            ),
            Words(
                "可能已在运行（podium status 可查看），或用 PODIUM_HOST、PODIUM_PORT 另选。",
                "It may be running already (see podium status), or choose others with PODIUM_HOST and PODIUM_PORT.",
            ),
        ) from problem
    return door
