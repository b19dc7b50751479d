"""The hall beside marks: problems signalled, answered and closed, words to a tablet, photos by their hash, and the board that
shows all of it to whoever leads the hall and to nobody else.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from PIL import Image
from ulid import ULID

from server.audit import Break, verify
from server.database.tables import Decision, Delegation, Evidence, MarkHead
from server.marks.batch import Post
from server.marks.board import STUCK, board_of
from server.marks.hall_http import SHIFT, news
from server.marks.watch import Watch
from server.registration.sending import add_clerk
from tests.server.conftest import Site, Visitor
from tests.server.small import AT, DELEGATIONS, Small, brought, founded, mark, owed_marks, posted, row_of


@pytest.fixture
async def small(site: Site, request: pytest.FixtureRequest) -> Small:
    """A competition in marking, for one test."""
    return await brought(await founded(request.node.name.replace("_", "-")[:50].rstrip("-")), "marking")


def api(small: Small) -> str:
    return f"/api/competitions/{small.slug}/events/M01"


async def problem(small: Small, **more: Any) -> dict[str, Any]:
    event = str((await small.event())["id"])
    usual = {"id": str(ULID()), "event": event, "kind": "equipment", "device": "T-1", "made_at": AT.isoformat()}
    return {**usual, "words": "卡尺没电", "entry": small.codes[0], "aspect": "B1.01", **more}


async def test_what_is_noted_beside_a_mark_is_kept_once(site: Site, small: Small) -> None:
    """A reading and a note have an id of the tablet: sent twice they are there once, another under that id, of another panel, of no cell or
    without end is refused, and the good ones beside it are stored. Where two marks meet, each is told with what its own tablet noted last."""
    judge, stranger, event = (
        await site.visitor(small.judges[1]),
        await site.visitor(small.judges[2]),
        await small.event(),
    )
    code = small.codes[0]

    def remark(device: str = "T-1", **more: str) -> dict[str, Any]:
        about = {
            "event": str(event["id"]),
            "entry": code,
            "aspect": "B1.01",
            "device": device,
            "made_at": AT.isoformat(),
        }
        return {"id": str(ULID()), **about, "measured": "0.8 mm", "note": "", **more}

    async def told(visitor: Visitor, *remarks: dict[str, Any]) -> list[str]:
        answer = await visitor.post("/api/remarks", json={"remarks": list(remarks)})
        return (
            [one.get("code") or one["status"] for one in answer.json()["answers"]]
            if answer.is_success
            else [answer.json()["code"]]
        )

    first, later = remark(note="卷尺量的"), remark("T-2", measured="1.3 mm")
    assert await told(judge, first, remark(aspect="Z9"), remark(entry="W-99"), later) == [
        "stored",
        "remark.place",
        "remark.place",
        "stored",
    ]
    assert await told(judge, first, {**first, "note": "x"}) == ["duplicate", "mark.id-reused"]
    assert await told(stranger, first) == ["mark.id-reused"]
    assert await told(judge, remark(event=str(small.judges[0]))) == ["remark.other-event"]
    for wrong in ({"note": "x" * 501}, {"measured": "a\u202eb"}, {"note": "\x00"}, {"made_at": "9999-12-31T23:59:59Z"}):
        assert await told(judge, remark(**wrong)) == ["request.invalid"]
    posts = [mark(event["id"], code, "B1.01", value, device=device) for value, device in ((500, "T-1"), (1000, "T-2"))]
    await posted(small, [Post(one, small.judges[1]) for one in posts])
    before = await judge.get("/api/shift")
    doubts = before.json()["events"][0]["doubts"][f"{code} B1.01"]
    assert [(one["device"], one["measured"], one["note"]) for one in doubts] == [
        ("T-1", "0.8 mm", "卷尺量的"),
        ("T-2", "1.3 mm", ""),
    ]
    assert await told(judge, remark(measured="", note="")) == ["stored"], "taken back"
    after = await judge.get("/api/shift", headers={"if-none-match": before.headers["etag"]})
    assert after.json()["events"][0]["doubts"][f"{code} B1.01"][0]["note"] == ""


def shot(size: tuple[int, int] = (2400, 1200)) -> bytes:
    """A photo as a camera makes it, with a note of where it was taken."""
    out = io.BytesIO()
    picture = Image.effect_noise(size, 40).convert("RGB")
    exif = picture.getexif()
    exif[0x010E] = "secret place"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


async def sent(visitor: Visitor, small: Small, photo: bytes, id: str, **more: str) -> Any:
    event = str((await small.event())["id"])
    about = {"event": event, "entry": small.codes[0], "aspect": "B1.02", "device": "T-1", "made_at": AT.isoformat()}
    return await visitor.post(
        f"/api/evidence/{id}", params={**about, **more}, files={"data": ("p.jpg", photo, "image/jpeg")}
    )


async def test_a_problem_goes_from_the_tablet_to_the_board_and_its_answer_comes_back(site: Site, small: Small) -> None:
    """Sent twice it is there once; the chief judge answers and closes it, its judge alone hears the answer, and a nudge waits
    on one tablet until it is said to be seen. What cannot be taken is refused by its id and keeps no other out.
    """
    chief, judge, other = [await site.visitor(account) for account in small.judges]
    good, bad = await problem(small), await problem(small, kind="other", words=" ")
    for expected in (["stored", "refused"], ["duplicate", "refused"]):
        told = (await judge.post("/api/signals", json={"signals": [good, bad]})).json()["answers"]
        assert [one["status"] for one in told] == expected
    assert told[1]["code"] == "signal.words" and told[1]["zh"] and told[1]["en"]
    stolen = (await other.post("/api/signals", json={"signals": [good]})).json()["answers"]
    assert stolen[0]["code"] == "signal.id-reused"
    board = (await chief.get(f"{api(small)}/hall")).json()
    (shown,) = board["signals"]["open"]
    assert (shown["seat"], shown["kind"], shown["entry"], shown["words"]) == (
        "J2",
        "equipment",
        small.codes[0],
        "卡尺没电",
    )
    address = f"{api(small)}/signals/{good['id']}/answers"
    assert (await chief.post(address, json={"words": "  "})).json()["code"] == "signal.answer"
    assert (await chief.post(address, json={"words": "换一把", "closes": True})).status_code == 200
    assert (await chief.post(address, json={"words": "又一次"})).json()["code"] == "signal.closed"
    assert (await chief.post(f"{api(small)}/nudges", json={"seat": "J2", "kind": "come"})).status_code == 200
    assert (await chief.post(f"{api(small)}/nudges", json={"seat": "J9", "kind": "come"})).status_code == 404
    mine, theirs = (await judge.get("/api/hall")).json(), (await other.get("/api/hall")).json()
    assert [(one["text"], one["closes"]) for one in mine["signals"][good["id"]]] == [("换一把", True)]
    (nudge,) = mine["nudges"]
    assert theirs["signals"] == {} and theirs["nudges"] == []
    assert (await other.post("/api/hall/seen", json={"nudges": [nudge["id"]]})).status_code == 200
    board = (await chief.get(f"{api(small)}/hall")).json()
    assert board["nudges"]["J2"]["seen"] is None and board["signals"]["open"] == []
    assert (await judge.post("/api/hall/seen", json={"nudges": []})).status_code == 200  # nothing was seen
    assert (await judge.post("/api/hall/seen", json={"nudges": [nudge["id"]]})).json()["nudges"] == []
    assert (await chief.get(f"{api(small)}/hall")).json()["nudges"]["J2"]["seen"]
    kinds = {row["kind"] for row in await Decision.select(Decision.kind)}
    assert {"signal.raised", "signal.answered"} <= kinds


async def test_whoever_does_not_lead_the_hall_learns_nothing_of_it(site: Site, small: Small) -> None:
    """A judge of the panel, the chief judge of another event, its supervisor, the organiser and a delegation's clerk get neither
    board nor photo, and move nothing; what the leaders see names no competitor.
    """
    judge, chief = await site.visitor(small.judges[1]), await site.visitor(small.judges[0])
    id = str(ULID())
    assert (await sent(judge, small, shot(), id)).json()["status"] == "stored"
    signal = await problem(small)
    await judge.post("/api/signals", json={"signals": [signal]})
    elsewhere = await brought(await founded(f"{small.slug[:40]}-x"), "marking")
    delegation = DELEGATIONS[0]
    row = (
        await Delegation.select(Delegation.id)
        .where((Delegation.name == delegation) & (Delegation.competition.slug == small.slug))
        .first()
    )
    clerk, _ = await add_clerk(await small.competition(), str(row["id"]), "填报人", small.staff, small.at)
    outsiders = [
        small.judges[1], elsewhere.judges[0], elsewhere.supervisor.account, small.staff.account, clerk,
    ]  # fmt: skip
    reads = [
        f"{api(small)}/hall",
        f"{api(small)}/evidence/{id}",
        *(f"/tablet/{small.slug}/M01/board{w}" for w in ("", "/stream")),
    ]
    writes = [
        (f"{api(small)}/signals/{signal['id']}/answers", {"words": "x"}),
        (f"{api(small)}/nudges", {"seat": "J2", "kind": "come"}),
        (f"{api(small)}/shift-end", {"ends": None}),
    ]
    for account in outsiders:
        visitor = await site.visitor(account)
        found = [await visitor.get(path) for path in reads] + [
            await visitor.post(path, json=body) for path, body in writes
        ]
        assert {one.status_code for one in found} == {403}
        assert not any("卡尺没电" in one.text for one in found)
    foreign = await site.visitor(elsewhere.judges[0])
    told = (await foreign.post("/api/signals", json={"signals": [await problem(small)]})).json()["answers"]
    assert told[0]["code"] == "signal.other-event"
    assert (await sent(foreign, small, shot(), str(ULID()))).status_code == 403
    for visitor in (chief, await site.visitor(small.supervisor.account)):
        seen = "".join([(await visitor.get(path)).text for path in (reads[0], *reads[2:])])
        assert "卡尺没电" in seen and not [
            one for one in (*DELEGATIONS, *(row_of(n).name for n in range(6))) if one in seen
        ]


async def test_a_photo_is_made_anew_sealed_and_in_the_ledger_by_its_hash(site: Site, small: Small) -> None:
    """Nothing of the camera's notes is kept, the same photo sent again is there once, another under its id is refused, what is
    no picture is refused, and what the chief judge sees has the hash that the ledger has. Its judge is shown it again; no other
    judge of the panel is.
    """
    judge, chief = await site.visitor(small.judges[1]), await site.visitor(small.judges[0])
    id, photo = str(ULID()), shot()
    first, again = await sent(judge, small, photo, id), await sent(judge, small, photo, id)
    assert (first.json()["status"], again.json()["status"]) == ("stored", "duplicate")
    assert (await sent(judge, small, shot((800, 600)), id)).json()["code"] == "evidence.id-reused"
    assert (await sent(judge, small, b"no picture", str(ULID()))).status_code == 422
    assert (await sent(judge, small, photo, str(ULID()), aspect="Z9.99")).json()["code"] == "evidence.place"
    assert (await sent(judge, small, photo, str(ULID()), made_at="gestern")).json()["code"] == "evidence.about"
    kept = (await chief.get(f"{api(small)}/evidence/{id}")).content
    (mine,) = (await judge.get("/api/evidence")).json()["photos"]
    assert (mine["id"], mine["entry"], mine["aspect"]) == (id, small.codes[0], "B1.02")
    assert (await judge.get(f"/api/evidence/{id}")).content == kept
    assert (await chief.get("/api/evidence")).json()["photos"] == []
    assert (await chief.get(f"/api/evidence/{id}")).status_code == 404
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (1600, 800) and len(picture.getexif()) == 0 and b"secret place" not in kept
    digest = hashlib.sha256(kept).hexdigest()
    told = await Decision.select().where(Decision.kind == "evidence.taken").output(load_json=True)
    (row,) = [one for one in told if one["data"]["photo"] == id]
    assert row["data"]["sha256"] == digest == first.json()["sha256"]
    stored = await Evidence.select(Evidence.sealed).where(Evidence.id == id).first()
    assert kept[200:400] not in bytes(stored["sealed"])
    assert [one for one in await audited(site) if one.row == id] == []
    await Evidence.update({Evidence.sha256: hashlib.sha256(photo).digest()}).where(Evidence.id == id)
    assert (await chief.get(f"{api(small)}/evidence/{id}")).json()["code"] == "evidence.altered"
    assert [one.why for one in await audited(site) if one.row == id] == ["the photo is not the one that was taken"]
    await Evidence.delete().where(Evidence.id == id)
    assert [one.why for one in await audited(site) if one.row == id] == ["the photo is gone"]


async def audited(site: Site) -> tuple[Break, ...]:
    """What the audit finds broken."""
    connection = await asyncpg.connect(site.dsn)
    try:
        return (await verify(connection)).breaks
    finally:
        await connection.close()


async def test_many_who_watch_cost_one_question(site: Site, small: Small) -> None:
    """A hundred tablets and a board of one event ask the database no more often than one does; each hears of an answer, and of
    nothing that is for the board alone; whoever leaves is no longer counted, and with the last the questions end.
    """
    watch, event, looks = Watch(), (await small.event())["id"], [0]
    look = watch._look

    async def counted() -> bool:
        looks[0] += 1
        return await look()

    watch._look = counted  # type: ignore[method-assign]
    heard = [0]

    async def listen() -> None:
        seen = -1

        async def tell() -> bytes:
            nonlocal seen
            before, seen = seen, watch.tablets(event)
            heard[0] += before not in (-1, seen)
            return b""

        async for _ in watch.frames([event], tell):
            pass

    listeners = [asyncio.create_task(listen()) for _ in range(100)]
    await asyncio.sleep(0.2)
    judge, chief = await site.visitor(small.judges[1]), await site.visitor(small.judges[0])
    signal = await problem(small)
    await judge.post("/api/signals", json={"signals": [signal]})
    before = watch.head(event)
    while watch.head(event) == before:
        await asyncio.sleep(0.05)
    assert heard[0] == 0 and looks[0] <= 101
    asked = looks[0]
    await chief.post(f"{api(small)}/signals/{signal['id']}/answers", json={"words": "来了"})
    while heard[0] < 100:
        await asyncio.sleep(0.05)
    assert looks[0] - asked <= 3
    for one in listeners:
        one.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    assert not watch._watched and heard[0] == 100
    watch.stop()


async def test_a_panel_that_comes_apart_is_told_at_once_by_every_worker(site: Site, small: Small) -> None:
    """The tablets of a panel hear of a wide spread by the stream, whichever worker took the last score and whichever they listen to;
    of scores that agree, of a panel that is not complete and of each score of the new round they are told nothing. A score that comes
    late, in the same moment, hides no spread.
    """
    event, (first, second, third) = (await small.event())["id"], small.codes[:3]
    streams = [(watch, news(watch, [event])) for watch in (Watch(), Watch())]

    last: dict[tuple[str, UUID], str] = {}

    async def given(entry: str, *values: int, judges: slice = slice(None), round: int = 1) -> None:
        marks: list[Post] = []
        for value, judge in zip(values, small.judges[judges], strict=True):
            new = mark(event, entry, "B1.02", value, round=round, replaces=last.get((entry, judge), ""))
            last[entry, judge] = new.id
            marks.append(Post(new, judge))
        await posted(small, marks)

    async def told() -> list[bytes]:
        """What each stream says by the time it knows of all marks."""
        row = await MarkHead.select().where(MarkHead.id == event).first()
        said = [b""] * len(streams)
        for number, (watch, stream) in enumerate(streams):
            while (row and watch.head(event)[2] != row["sequence"]) or not said[number]:
                said[number] += (await anext(stream)).replace(b": here\n\n", b".")
        return [one.replace(b".", b"") for one in said]

    for _, stream in streams:
        assert (await anext(stream)).startswith(b"retry") and SHIFT in await anext(stream)
    await given(first, 300, 0, judges=slice(2))
    assert await told() == [b"", b""]
    await given(second, 200, 300, 300)
    assert await told() == [b"", b""]
    await given(first, 300, judges=slice(2, 3))
    assert await told() == [SHIFT, SHIFT]
    await given(first, 200, 200, judges=slice(2), round=2)
    assert await told() == [b"", b""]
    await given(first, 0, judges=slice(2, 3), round=2)
    assert await told() == [SHIFT, SHIFT]
    await given(third, 300, 0, 300)
    await given(third, 300, judges=slice(1, 2))
    assert await told() == [SHIFT, SHIFT]
    for watch, stream in streams:
        await stream.aclose()  # type: ignore[attr-defined]
        watch.stop()


async def test_the_board_says_who_is_stuck_and_where_the_panel_is_apart(site: Site, small: Small) -> None:
    """A judge who owes marks and has given none for a while is stuck at the piece of the last mark, also where that is to be scored again; one who owes nothing is not,
    and nobody is before the panel's first mark; a wide spread is told with its scores and round; a piece that does not compete counts for nobody.
    """
    event = await small.event()
    first, away = small.codes[0], small.codes[-1]
    assert (await board_of(event, AT + timedelta(days=1)))["stuck"] == []
    chief = await site.visitor(small.judges[0])
    assert (await chief.post(f"{api(small)}/floor", json={"entry": away, "status": "absent"})).status_code == 200
    given = [post for post in owed_marks(small, event["id"]) if post.mark.entry != away]
    apart = [
        Post(mark(event["id"], first, "B1.02", value), judge)
        for value, judge in zip((300, 0, 300), small.judges, strict=True)
    ]
    rest = [post for post in given if (post.mark.entry, post.mark.aspect) != (first, "B1.02")]
    lazy = [post for post in rest if post.judge == small.judges[2]]
    await posted(small, [*apart, *(post for post in rest if post not in lazy)])
    event = await small.event()
    now = AT + STUCK + timedelta(minutes=1)
    board = await board_of(event, now)
    lines = {row["seat"]: row for row in board["heat"]}
    cells = {(seat, one["entry"]): one for seat, row in lines.items() for one in row["cells"]}
    assert cells["J1", away]["odd"] == "away" and lines["J1"]["share"] == 100 and lines["J3"]["share"] == 10
    assert (cells["J2", small.codes[1]]["level"], cells["J3", small.codes[1]]["level"]) == (4, 0)
    (spread,) = board["spreads"]
    assert (spread["entry"], spread["aspect"], spread["apart"], spread["round"]) == (first, "B1.02", 3, 2)
    assert spread["scores"] == [("J1", 3), ("J2", 0), ("J3", 3)]
    assert [(one["seat"], one["entry"]) for one in board["stuck"]] == [("J3", first)]
    assert board["total"] - board["stored"] == len(lazy)
    early = await board_of(event, now - STUCK)
    assert early["stuck"] == []
    again = [Post(mark(event["id"], first, "B1.02", 300, round=2, replaces=one.mark.id), one.judge) for one in apart]
    await posted(small, [*again, *lazy])
    board = await board_of(await small.event(), now)
    assert (board["spreads"], board["stuck"], board["share"]) == ([], [], 100)
