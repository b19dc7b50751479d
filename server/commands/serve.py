"""`podium serve`: the database, its migrations, then the site, until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import gc
import os
import signal
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import click
import uvicorn

from scoring.verdict import Words
from server import settings
from server.app import create_app
from server.database.opening import opened
from server.errors import Refusal
from server.lan.authority import authority
from server.lan.venue import HTTPS_PORT, NAME, Venue
from server.terminal import spoken

SECONDS_FOR_OPEN_REQUESTS = 5
SECONDS_OF_SILENCE = 75
"""Longer than clients keep an idle connection, so that none is closed under a request that is on its way."""

SECONDS_BETWEEN_COLLECTIONS = 300.0
"""A walk through everything takes up to a second with five thousand viewers and the boards of a province."""
YOUNG, YOUNGER = 10_000, 10
"""New objects, and collections of those, after which the collector looks at what is young: a few milliseconds every few seconds."""
NEVER = 1_000_000_000
"""Collections of young objects before all are looked at."""
ONE_PORT = Refusal(
    "serve.one-port",
    Words("HTTP 和 HTTPS 不能用同一个端口。", "HTTP and HTTPS cannot be answered at the same port."),
    Words("请用 --https-port 或 PODIUM_PORT 另选。", "Choose another with --https-port or PODIUM_PORT."),
)


@click.command()
@click.option(
    "--lan", is_flag=True, help="Serve a hall without internet: HTTPS by an authority of its own, as podium.local."
)
@click.option(
    "--https-port",
    type=click.IntRange(1, 65535),
    default=HTTPS_PORT,
    show_default=True,
    help="With --lan: where HTTPS is answered.",
)
@click.option("--until-parent-ends", is_flag=True, hidden=True)
def command(lan: bool, https_port: int, until_parent_ends: bool) -> None:
    """Serve the site at PODIUM_HOST and PODIUM_PORT (127.0.0.1:8765) until Ctrl-C."""
    told = settings.load({"PODIUM_HOST": "0.0.0.0", **os.environ} if lan else os.environ)
    if until_parent_ends:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    if lan and https_port == told.port:  # two sockets may be bound to one address as long as neither listens
        raise ONE_PORT
    with contextlib.ExitStack() as stack:
        door = stack.enter_context(listening(told.host, told.port))
        secure_door = stack.enter_context(listening(told.host, https_port)) if lan else None
        dsn = stack.enter_context(opened(told))
        venue = _venue(told, https_port) if lan else None
        app = create_app(dataclasses.replace(told, database_url=dsn), venue)
        config = uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=SECONDS_FOR_OPEN_REQUESTS,
            timeout_keep_alive=SECONDS_OF_SILENCE,
        )
        site = Site(config, told.base_url) if venue is None or secure_door is None else Hall(config, venue, secure_door)
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
        set_aside()
        self._collecting = asyncio.create_task(collecting(), name="podium-collecting")
        if self.started:
            click.echo(spoken(Words(f"匠台已启动：{self._address}", f"Podium serves at {self._address}")), err=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the answers that would go on, then wait for the others."""
        self._collecting.cancel()
        self.config.app.state.watch.stop()  # type: ignore[union-attr]
        self.config.app.state.live.let_go()  # type: ignore[union-attr]
        await super().shutdown(sockets)


class Hall(Site):
    """Answers over HTTPS as well, in the same process, and makes itself known in the hall's network."""

    def __init__(self, config: uvicorn.Config, venue: Venue, door: socket.socket) -> None:
        super().__init__(config, venue.page())
        self._venue, self._door = venue, door

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer over HTTP, then over HTTPS, then say so."""
        await super().startup(sockets)
        if not self.started:
            return
        loop = asyncio.get_running_loop()
        made = await loop.create_server(self._protocol, sock=self._door, ssl=self._venue.context)
        self.servers.append(made)
        await self._venue.announce()
        self._watching = asyncio.create_task(self._venue.watch())
        for line in _told(self._venue):
            click.echo(spoken(line), err=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say good-bye to the network, then end as ever."""
        if self.started:
            self._watching.cancel()
            await self._venue.leave()
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg, return-value]  # uvicorn's protocol classes share no type
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )


def _venue(told: settings.Settings, https_port: int) -> Venue:
    now, machine = datetime.now(UTC), socket.gethostname()
    try:
        made = authority(told.data / "lan", told.key("lan-authority").hex().encode(), machine, now)
    except (ValueError, TypeError) as problem:
        raise _unreadable(told) from problem
    return Venue(made, told.port, https_port, now)


def _unreadable(told: settings.Settings) -> Refusal:
    path = told.data / "lan" / "authority.pem"
    return Refusal(
        "lan.authority",
        Words(f"无法读取证书机构 {path}。", f"The authority in {path} cannot be read."),
        Words(
            "请恢复原来的 PODIUM_KEY；或移走该文件后再启动，此时每台平板须安装新的证书机构。",
            "Bring back the PODIUM_KEY it was made with; or move the file away and start again, then every tablet installs the new one.",
        ),
    )


def _told(venue: Venue) -> Iterator[Words]:
    for site in venue.sites():
        yield Words(f"平板应用：{site}/tablet", f"Tablet app: {site}/tablet")
    if not venue.addresses:
        yield Words("本机尚未接入网络；接入后见 /lan。", "This machine is in no network yet; once it is, see /lan.")
    elif not venue.announced:
        why = f" ({venue.problem.strerror})" if venue.problem else ""
        yield Words(f"未能广播 {NAME}{why}，请使用地址。", f"{NAME} is not announced{why}; use the address.")
    yield Words(
        f"本机证书机构 SHA-256：{venue.authority.fingerprint}",
        f"This machine's authority, SHA-256: {venue.authority.fingerprint}",
    )


def set_aside() -> None:
    """What was loaded to begin with stays for good: the collector need not walk it each time a large form is read.

    Nor does it walk everything else when it thinks fit: with two thousand viewers that takes a tenth of a second, in which
    nobody's mark is stored, and it comes to it every few seconds. `collecting` does that instead.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, YOUNGER, NEVER)


async def collecting(apart: float = SECONDS_BETWEEN_COLLECTIONS) -> None:
    """Take out the rings of objects that nobody holds any more, seldom enough that at most one mark in three hundred waits."""
    while True:
        await asyncio.sleep(apart)
        gc.collect()


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
