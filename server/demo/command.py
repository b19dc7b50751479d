"""`podium demo`: starts the server, holds the competition, tells what came of it, then serves the site."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import click
import httpx
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from admin.sheets.registration import read_registration
from scoring.verdict import Words
from server import settings
from server.database.migrate import up
from server.database.opening import opened
from server.database.piccolo_conf import DB
from server.demo import closing
from server.demo.plan import workbooks
from server.demo.run import Demo, Tally
from server.errors import Refusal
from server.people import flow
from server.terminal import spoken

STAGES = {
    "setup": Words("赛项、裁判、评分方案", "Events, judges, schemes"),
    "registration": Words("导入报名表", "Registration workbooks"),
    "draw": Words("抽签", "Draws"),
    "marks": Words("裁判打分", "Marks"),
    "results": Words("封存、复核、公示、晋升", "Seal, review, publish, promote"),
    "certificates": Words("印制证书", "Certificates printed"),
    "verification": Words("逐份验证", "Certificates verified"),
}
ORGANISER = ("河北省职业技能大赛示例组委会", "Example Organising Committee, Hebei Skills Competition")
PATIENCE = 120.0
"""Seconds that a full machine may take to end the server."""
LOGIN, DEMONSTRATOR = "organiser", "demonstration"


@click.command()
@click.option(
    "--no-serve", is_flag=True, help="End after the table; the exit code is 0 only if everything was verified."
)
@click.option("--seed", default="podium", show_default=True, help="The same seed gives the same standings.")
def command(no_serve: bool, seed: str) -> None:
    """Hold an example competition from the delegations' workbooks to verified certificates."""
    told = settings.load(os.environ)
    console = Console()
    port = _port(told, no_serve)
    began = time.monotonic()
    with opened(told) as dsn, served(told, port) as server:
        tokens = asyncio.run(accounts(dsn))
        tally = uvloop.run(hold(f"http://127.0.0.1:{port}", seed, tokens[0], console, server))
        console.print(closing.table(tally, told.data, time.monotonic() - began))
        good = tally.certificates > 0 and tally.verified == tally.certificates and not tally.failures
        for failure in tally.failures[:20]:
            console.print(f"[red]{failure}[/red]")
        if no_serve or not good:
            raise SystemExit(0 if good else 1)
        base = dataclasses.replace(told, port=port).base_url
        console.print(closing.doors(base, tally, tokens[1], asyncio.run(judge_link(dsn, tally)), _winner(tally)))
        with contextlib.suppress(KeyboardInterrupt):
            server.wait()


async def accounts(dsn: str) -> tuple[str, str]:
    """The example organiser and two one-time links: one for the demonstration's own account, one for the visitor's."""
    await up(dsn)
    await DB.connect(dsn, connections=2)
    try:
        organiser = await flow.add_organiser(*ORGANISER)
        now, links = datetime.now(UTC), []
        for login in (DEMONSTRATOR, LOGIN):
            account = await flow.account_named(login) or await flow.add_account(login, "周敏")
            await flow.employ(organiser, account)
            links.append(await flow.one_time_login(account, now))
        return links[0], links[1]
    finally:
        await DB.disconnect()


async def judge_link(dsn: str, tally: Tally) -> str:
    """A one-time link for the chief judge of the first event."""
    await DB.connect(dsn, connections=2)
    try:
        return await flow.one_time_login(await flow.chief_judge_of(tally.slug), datetime.now(UTC))
    finally:
        await DB.disconnect()


async def hold(base: str, seed: str, token: str, console: Console, server: subprocess.Popen[bytes]) -> Tally:
    """Hold the competition with a progress bar for each stage."""
    columns = (TextColumn("{task.description:<34}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bars: dict[str, TaskID] = {}

        def tick(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                bars[stage] = progress.add_task(spoken(STAGES[stage]), total=total)
            progress.update(bars[stage], completed=done, total=total)

        await answering(base, server)
        return await Demo(base, seed, tick).run(token)


async def answering(base: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers, as long as it takes on this machine; not longer than it lives."""
    async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
        while server.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if (await http.get("/api/session")).is_success:
                    return
            await asyncio.sleep(0.1)
    raise Refusal("demo.server", Words("服务器没有启动。", "The server did not start."))


@contextlib.contextmanager
def served(told: settings.Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The site as a process of its own, which ends when this one does, however it ends."""
    environment = {**os.environ, "PODIUM_PORT": str(port), "PODIUM_BASE_URL": told.base_url}
    line = [sys.executable, "-m", "server.cli", "serve", "--until-parent-ends"]
    server = subprocess.Popen(line, env=environment, stdin=subprocess.PIPE)
    try:
        yield server
    finally:
        server.terminate()
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:  # what is printed by then is on disk, and the rest waits for the next start
            server.kill()
            server.wait()


def _port(told: settings.Settings, any_will_do: bool) -> int:
    """The port that was asked for, or a free one when nobody has to know it or it is taken."""
    with socket.socket() as probe:
        if not any_will_do:
            with contextlib.suppress(OSError):
                probe.bind((told.host, told.port))
                return told.port
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return int(free.getsockname()[1])


def _winner(tally: Tally) -> tuple[str, str]:
    """Name and last six of the document of the gold medallist, as the workbooks have them."""
    name, delegation = tally.winner
    for file in workbooks():
        sheet = read_registration(file.read_bytes(), file.name)
        for row in sheet.rows:
            if sheet.delegation == delegation and row.name == name:
                return name, row.document_number[-6:]
    return name, ""
