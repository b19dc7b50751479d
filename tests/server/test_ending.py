"""The program ends when it is told to, whatever its background tasks are doing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
from jinja2 import Environment
from litestar.stores.memory import MemoryStore

from server import jobs
from server.commands import serve
from server.marks.watch import Watch
from server.results import live
from server.results.watching import Watching


class Stubborn:
    """A query that answers being cut short with an error of its own, as a driver does whose connection is closed under it."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def __call__(self, *_: Any, **__: Any) -> Any:
        self.begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise RuntimeError("the connection is closed") from None


def publishing(patched: pytest.MonkeyPatch, query: Stubborn) -> Any:
    patched.setattr(jobs, "publish_due", query)
    return jobs.Publishing(None)  # type: ignore[arg-type]


def sweeping(patched: pytest.MonkeyPatch, query: Stubborn) -> Any:
    patched.setattr(jobs, "sweep", query)
    return jobs.Sweeping(MemoryStore())


@pytest.mark.parametrize("begun", [publishing, sweeping])
async def test_a_task_ends_though_its_query_answers_the_cancellation_with_an_error(
    monkeypatch: pytest.MonkeyPatch, begun: Callable[[pytest.MonkeyPatch, Stubborn], Any]
) -> None:
    """Otherwise the program would wait for it for ever, and an operator would have to kill it."""
    query = Stubborn()
    task = begun(monkeypatch, query)
    await asyncio.wait_for(query.begun.wait(), 5)
    await asyncio.wait_for(task.stop(), 5)
    assert live.told_to_end is jobs.told_to_end


async def test_whoever_watches_a_board_is_let_go_when_the_program_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their answer is finished, so that a stop waits for nobody and logs no failure for each of them."""
    monkeypatch.setattr(serve, "set_aside", lambda: None)
    boards = live.Live(Environment())
    room = boards._rooms["hebei"] = live.Room({"slug": "hebei", "time_zone": "Asia/Shanghai"}, Environment())

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await Watching(room, "zh", "", "")(scope, receive, send)

    app.state = SimpleNamespace(watch=Watch(), live=boards)  # type: ignore[attr-defined]
    door = socket.create_server(("127.0.0.1", 0))
    program = serve.Site(uvicorn.Config(app, lifespan="off", timeout_graceful_shutdown=30), "here")
    running = asyncio.create_task(program.serve([door]))
    reader, writer = await asyncio.open_connection(*door.getsockname())
    writer.write(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n")
    await asyncio.wait_for(reader.readuntil(b"retry: 3000\n\n"), 5)
    program.should_exit = True
    assert (await asyncio.wait_for(reader.read(), 10)).endswith(b"0\r\n\r\n")
    await asyncio.wait_for(running, 10)
    writer.close()
