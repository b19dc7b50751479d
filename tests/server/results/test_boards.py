"""Live boards: what everybody sees of an event, and that nothing of what is held back is to be had anywhere."""

from __future__ import annotations

import asyncio
import contextlib
import io
import itertools
import json
import re
import zipfile
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from scoring.verdict import No
from server import pipeline
from server.database.piccolo_conf import DB
from server.database.tables import Delegation, Member
from server.errors import Refusal
from server.issuing.badge_shown import PASS
from server.issuing.lookup import pass_for
from server.marks.batch import Post
from server.marks.floor import write_down
from server.marks.ledger import store
from server.marks.rules import Rules
from server.registration.sending import add_clerk
from server.results.boards import open_board, reveal
from tests.server.conftest import Site, Visitor
from tests.server.small import DELEGATIONS, Small, brought, founded, opened, owed_marks, row_of
from tests.server.test_access import ALLOWED, FILLED, routes

EARLY, LATE = ("98.50", "97.00", "83.83"), ("64.83", "63.33", "61.83")
"""Totals of the first three entries and of the others, by the marks of small.owed_marks."""
MOMENT = timedelta(minutes=1)


async def posted(posts: Iterable[Post], at: datetime) -> None:
    """Store marks as if it were then."""
    assert DB.pool
    async with DB.pool.acquire() as connection:
        answers = await store(connection, list(posts), Rules(), at)
    assert {answer.status for answer in answers} == {"stored"}


async def marked(small: Small, places: range, at: datetime) -> None:
    """The whole sheets of some entries."""
    codes = [sorted(small.codes)[place] for place in places]
    await posted([post for post in owed_marks(small, (await small.event())["id"]) if post.mark.entry in codes], at)


@contextlib.asynccontextmanager
async def watching(site: Site, path: str) -> AsyncIterator[asyncio.Queue[str]]:
    """A viewer of a stream: everything that is sent to them, until they leave."""
    said: asyncio.Queue[str] = asyncio.Queue()
    left: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    left.put_nowait({"type": "http.request"})
    address, _, query = path.partition("?")
    scope: Any = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": address, "raw_path": address.encode(), "root_path": "",
        "query_string": query.encode(), "headers": [(b"accept", b"text/event-stream"), (b"host", b"podium.example")],
        "scheme": "https", "client": ("127.0.0.1", 1), "server": ("podium.example", 443), "state": {},
    }  # fmt: skip

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            said.put_nowait(message["body"].decode())

    task = asyncio.create_task(site.app(scope, left.get, send))  # type: ignore[arg-type]
    try:
        yield said
    finally:
        left.put_nowait({"type": "http.disconnect"})
        await asyncio.wait_for(task, 30)


async def heard(said: asyncio.Queue[str]) -> str:
    """The next news that a viewer is sent; a line that only says that somebody is there is none."""
    while "data: " not in (news := await asyncio.wait_for(said.get(), 30)):
        pass
    return news


async def told_everywhere(site: Site, small: Small, visitors: Iterable[Visitor]) -> str:
    """Every answer that the public and a delegation can have: pages, JSON, workbooks, records, streams, in both languages."""
    delegation = await Delegation.select(Delegation.id).where(Delegation.competition.slug == small.slug).first()
    filled = {**FILLED, "slug": small.slug, "delegation": str(delegation["id"])}
    paths = []
    for method, path in sorted(routes(site)):
        if (
            method == "GET"
            and ALLOWED[method, path] & {"nobody", "clerk"}
            and not path.startswith(("/static", "/tablet", "/api/schema"))
        ):
            paths.append(re.sub(r"{(\w+):\w+}", lambda gap: filled.get(gap[1], "0"), path))
    seen = []
    for visitor, path, (accept, lang) in itertools.product(
        visitors, paths, (("text/html", "zh"), ("application/json", "en"))
    ):
        response = await visitor.get(path, params={"lang": lang}, headers={"accept": accept})
        assert response.status_code < 500, path
        seen.append(f"{path} {response.headers} {text_of(response)}")
    for path in (f"/c/{small.slug}/live", f"/c/{small.slug}/live/M01?lang=en"):
        async with watching(site, path) as said:
            seen.append(await asyncio.wait_for(said.get(), 30))
    return "\n".join(seen)


def text_of(response: httpx.Response) -> str:
    """What an answer says; of a workbook what its parts say."""
    if response.content[:2] != b"PK":
        return response.text
    with zipfile.ZipFile(io.BytesIO(response.content)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


def without_tokens(told: str) -> set[str]:
    """The lines of a text, without what is made anew for every answer: a workbook says when it was made, and packs differently;
    verification says how many more answers there are in this minute."""
    anew = r"'content-length': '\d+'|'(?:ratelimit-(?:remaining|reset)|retry-after)': '\d+'|podium_csrf=\w+|(?<=\")[0-9a-f]{96,}(?=\")|\d{4}-\d\d-\d\dT[\d:.]+|\d{8}T\d{6}Z|UID:[\w-]+|\d\d:\d\d"
    return set(re.sub(anew, "", told).splitlines())


def numbers_in(told: str, totals: Iterable[str]) -> list[str]:
    """Which of these totals stand in a text, as a number or in hundredths; not inside a fingerprint."""
    forms = {total: f"(?:{re.escape(total)}|{total.replace('.', '')})" for total in totals}
    return [total for total, form in forms.items() if re.search(rf"(?<![0-9a-zA-Z._-]){form}(?![0-9a-zA-Z_-])", told)]


NAMES = [row_of(place).name for place in range(6)]


@pytest.mark.slow
async def test_what_is_held_back_is_nowhere_until_it_is_revealed(site: Site) -> None:
    """A board is closed by default, shows work codes only, freezes, and keeps a publication back: through sealing, review and
    publication no public answer has a total from after the freeze or a name, and none tells that there is a publication; once revealed all of them are there, the
    notice begins that moment, and only then can the results become final.
    """
    site.app.state.live.patience = 0.0
    small = await brought(await founded("board"), "marking")
    event, now = await small.event(), datetime.now(UTC)
    clerk, _ = await add_clerk(
        await small.competition(), str((await _delegation(small))["id"]), "填报人", small.staff, small.at
    )
    visitors = [await site.visitor(), await site.visitor(clerk)]
    await as_competitor(site, visitors[1], small)
    await marked(small, range(3), now - 2 * MOMENT)
    told = await told_everywhere(site, small, visitors[:1])
    assert numbers_in(told, EARLY) == [] and small.codes[0] not in told
    await open_board(event, "progress", None, small.staff, now)
    told = await told_everywhere(site, small, visitors[:1])
    assert '"finished":3' in told and numbers_in(told, EARLY) == []
    await open_board(event, "standings", now, small.staff, now)
    states = (None, "sealed", "reviewed", "published")
    before: set[str] = set()
    for state in states:
        if state is None:
            await marked(small, range(3, 6), now + MOMENT)
        else:
            await opened(small, state, at=now + 2 * MOMENT)
        told, told_clerk = [await told_everywhere(site, small, [visitor]) for visitor in visitors]
        assert numbers_in(told, EARLY) == [*EARLY], state
        assert numbers_in(told + told_clerk, LATE) == [], state
        assert [name for name in (*NAMES, *DELEGATIONS) if name in told] == [], state
        assert not re.search('href="[^"?]*/appeals/new/[^"?]*"', told_clerk), state
        if state == "published":
            assert without_tokens(told + told_clerk) - before == set()
        before = without_tokens(told + told_clerk)
    desk = (await (await site.visitor(small.staff.account)).get(f"/api/competitions/{small.slug}")).json()
    assert [one["state"] for one in desk["events"]] == ["published"]
    held = await pipeline.closed(await small.event(), now + 9 * MOMENT)
    assert isinstance(held, No) and held.rule == "board.held"
    with pytest.raises(Refusal, match=r"board\.frozen"):
        await open_board(event, "standings", None, small.staff, now + 3 * MOMENT)
    async with watching(site, f"/c/{small.slug}/live/M01") as said:
        assert small.codes[0] in await heard(said)
        await reveal(await small.event(), small.staff, now + 3 * MOMENT)
        site.app.state.live.hint()
        frame = json.loads((await heard(said)).split("data: ", 1)[1])
        assert NAMES[0] in frame[0]["html"] and EARLY[0] in frame[0]["html"]
    told = await told_everywhere(site, small, visitors)
    assert numbers_in(told, (*EARLY, *LATE)) == [*EARLY, *LATE]
    assert all(name in told for name in (*NAMES, *DELEGATIONS)) and re.search('href="[^"?]*/appeals/new/[^"?]*"', told)
    results = (await visitors[0].get(f"/api/competitions/{small.slug}/events/M01/results")).json()
    assert datetime.fromisoformat(results["notice_until"]) == now + 3 * MOMENT
    await opened(small, "final", at=now + 9 * MOMENT)


async def as_competitor(site: Site, visitor: Visitor, small: Small) -> None:
    """Let a visitor be found by name and number as the competitor who will win."""
    where = Member.event == (await small.event())["id"]
    rows = await Member.select(Member.person, Member.person.name.as_alias("name")).where(where)
    person = next(row["person"] for row in rows if row["name"] == NAMES[0])
    lasting = pass_for(person, site.app.state.sealer, datetime.now(UTC) + 60 * MOMENT)
    visitor.cookies.set(PASS, lasting)


async def _delegation(small: Small) -> dict[str, Any]:
    row = await Delegation.select(Delegation.id).where(Delegation.competition.slug == small.slug).first()
    return dict(row)


async def test_a_board_says_what_the_ledger_says_and_says_it_once(site: Site) -> None:
    """A board follows marks, corrections and the floor as they come; a viewer is sent what changed and nothing else, whoever
    asks again with the ETag is told that nothing is new, and the same standings come out as when all is read anew.
    """
    site.app.state.live.patience = 0.0
    small = await brought(await founded("follow"), "marking")
    event, now = await small.event(), datetime.now(UTC)
    await open_board(event, "standings", None, small.staff, now)
    visitor, api = await site.visitor(), f"/api/competitions/{small.slug}/events/M01/board"
    owed = list(owed_marks(small, event["id"]))
    async with watching(site, f"/c/{small.slug}/live") as said:
        assert "board-M01" in await heard(said)
        await posted(owed[:-1], now)
        site.app.state.live.hint()
        frame = json.loads((await heard(said)).split("data: ", 1)[1])
        assert [piece["id"] for piece in frame] == ["board-M01"] and EARLY[0] in frame[0]["html"]
    first = await visitor.get(api)
    told = first.json()["event"]
    assert (told["finished"], told["entries"], told["percent"], len(told["standings"])) == (5, 6, 97, 5)
    second = await visitor.get(api, params={"limit": 2, "offset": 2})
    assert second.json()["event"]["standings"] == told["standings"][2:4] and second.headers["x-total-count"] == "5"
    for known in (first.headers["etag"], first.headers["etag"].removeprefix("W/"), f'"older", {first.headers["etag"]}'):
        again = await visitor.get(api, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b""), known
    await write_down(event, owed[-1].mark.entry, "absent", "", await small.chief(), now)
    last = (await visitor.get(api)).json()["event"]
    assert (last["finished"], last["percent"], len(last["standings"])) == (6, 100, 5)
    site.app.state.live._rooms.clear()
    assert (await visitor.get(api)).json()["event"] == last
    assert [line["total"] for line in last["standings"]] == sorted(
        (line["total"] for line in last["standings"]), reverse=True
    )


async def test_a_board_is_refused_what_would_leak_or_lie(site: Site) -> None:
    """No board while an event is set up, none that shows anything else, no freeze in the past, over public results or taken back."""
    small = await founded("refused-board")
    event, now = await small.event(), datetime.now(UTC)
    assert await _refused(event, small, "progress", None, now) == "board.too-soon"
    await brought(small, "published")
    assert await _refused(event, small, "names", None, now) == "board.shows"
    assert await _refused(event, small, "standings", now + MOMENT, now) == "board.public"
    with pytest.raises(Refusal, match=r"board\.not-frozen"):
        await reveal(event, small.staff, now)
    await brought(other := await founded("past-board"), "registration")
    assert await _refused(await other.event(), other, "progress", now - MOMENT, now) == "board.past"


async def _refused(event: Any, small: Small, shows: str, freezes: datetime | None, now: datetime) -> str:
    with pytest.raises(Refusal) as refusal:
        await open_board(event, shows, freezes, small.staff, now)
    return refusal.value.code
