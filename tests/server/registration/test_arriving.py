"""Arrivals: each check-in counts once, however often and in whatever order it comes in, and the list is for the door alone."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from datetime import timedelta

import pytest
from PIL import Image
from ulid import ULID

from admin.photos.portrait import FACE, Portrait
from server.database.tables import CheckIn, Decision, Entry, Member
from server.errors import Refusal
from server.marks.flow import seat
from server.registration import storing
from server.registration.arriving import MOST, NewCheckIn, arrivals, door_list, nobody_arrived, take_arrivals, take_back
from server.registration.badges import JUDGE, judges_with_badges, members_with_badges, token
from server.registration.photos import take_photos
from tests.server.conftest import Site
from tests.server.small import (
    AT,
    DELEGATIONS,
    SEALER,
    Small,
    account,
    add_welding,
    entered,
    founded,
    number,
    opened,
    seated,
)

LATER = AT + timedelta(minutes=7)


@pytest.fixture
async def small(database: str) -> Small:
    """An open event that everybody has entered."""
    made = await founded()
    await opened(made, "registration")
    await entered(made)
    return made


async def tokens(small: Small) -> list[str]:
    return [row["token"] for row in await members_with_badges((await small.competition())["id"], SEALER)]


def seen(token: str, **more: object) -> NewCheckIn:
    return NewCheckIn(**{"id": str(ULID()), "token": token, "device": "D-1", "made_at": AT, **more})  # type: ignore[arg-type]


async def test_the_same_check_in_sent_twice_is_stored_once(small: Small) -> None:
    """A lost answer costs nothing: the second post says stored with the same time, and the ledger has it once."""
    competition, (first, *_) = await small.competition(), await tokens(small)
    one = seen(first)
    (before,) = await take_arrivals(competition, [one], SEALER, small.staff, LATER)
    (after,) = await take_arrivals(
        competition,
        [
            one,
        ],
        SEALER,
        small.staff,
        LATER + timedelta(hours=1),
    )
    assert before == after and (after.status, after.at, after.by) == ("stored", AT.isoformat(), "周敏")
    assert await CheckIn.count() == 1
    assert await Decision.count().where(Decision.kind == "members.checked-in") == 1


async def test_a_second_scan_is_told_when_and_by_whom(small: Small) -> None:
    """Another device's check-in of the same person changes nothing and names the first."""
    competition, (first, *_) = await small.competition(), await tokens(small)
    await take_arrivals(competition, [seen(first)], SEALER, small.staff, LATER)
    (again,) = await take_arrivals(competition, [seen(first, made_at=LATER)], SEALER, small.supervisor, LATER)
    assert (again.status, again.at, again.by) == ("already", AT.isoformat(), "周敏")
    assert [one["by"] for one in await arrivals(competition, small.staff, SEALER)] == ["周敏"]


async def test_two_doors_at_once_let_one_in_first(small: Small) -> None:
    """Both posts are answered, one as stored and one as already, and one row stands."""
    competition, (first, *_) = await small.competition(), await tokens(small)
    answers = await asyncio.gather(
        *(take_arrivals(competition, [seen(first)], SEALER, small.staff, LATER) for _ in range(4))
    )
    assert sorted(one.status for (one,) in answers) == ["already", "already", "already", "stored"]
    assert await CheckIn.count() == 1


async def test_every_wrong_badge_is_told_apart(small: Small) -> None:
    """Another competition's, one of a judge who has no seat, nobody's and nonsense: each is refused by itself, the good one is kept."""
    competition, (first, *_) = await small.competition(), await tokens(small)
    judge = token(JUDGE, competition["id"], competition["id"], SEALER)
    other = token("PB", competition["series"], competition["id"], SEALER)
    gone = token("PB", competition["id"], competition["id"], SEALER)
    sent = [seen(one) for one in (other, judge, gone, "https://example.com", first)]
    answers = await take_arrivals(competition, sent, SEALER, small.staff, LATER)
    codes = [one.code for one in answers]
    assert codes == ["check-in.stranger", "check-in.unknown", "check-in.unknown", "check-in.unknown", ""]
    assert await CheckIn.count() == 1 and all(one.zh and one.en for one in answers[:4])


async def test_judges_arrive_beside_the_competitors(small: Small) -> None:
    """Whoever sits on panels comes once, with their seats and as what, and no document; a second scan is told, it is taken back like
    any other, and the ledger has it apart. A competitor's check-in is not theirs.
    """
    competition, (first, *_) = await small.competition(), await tokens(small)
    await add_welding(small, "M02")
    await seated(small)
    await seat(await small.event("M02"), small.judges[1], True, small.staff, AT)
    badges = [one["token"] for one in await judges_with_badges(await small.event(), SEALER)]
    listed = [one for one in await door_list(competition, small.staff, SEALER) if "role" in one]
    assert [one["token"] for one in listed] == badges and all(not one["tail"] and not one["photo"] for one in listed)
    assert [(one["number"], one["role"][1]) for one in listed[:2]] == [
        ("M01 · J1", "Chief judge"),
        ("M01 · J2, M02 · J1", "Chief judge"),
    ]
    sent = [seen(one) for one in (badges[1], first, badges[1])]
    answers = await take_arrivals(competition, sent, SEALER, small.staff, LATER)
    assert [one.status for one in answers] == ["stored", "stored", "already"]
    assert {one["token"] for one in await arrivals(competition, small.staff, SEALER)} == {badges[1], first}
    await take_back(competition, badges[1], SEALER, small.staff, LATER)
    assert [one["token"] for one in await arrivals(competition, small.staff, SEALER)] == [first]
    kinds = [row["kind"] for row in await Decision.select(Decision.kind).where(Decision.kind.like("%check%"))]
    assert sorted(kinds) == ["judges.check-in-taken-back", "judges.checked-in", "members.checked-in"]


async def test_taken_back_stays_taken_back_until_scanned_anew(small: Small) -> None:
    """A repeated post of the mistaken check-in does not bring it back; a new scan counts; both acts are in the ledger."""
    competition, (first, *_) = await small.competition(), await tokens(small)
    one = seen(first)
    await take_arrivals(competition, [one], SEALER, small.staff, LATER)
    await take_back(competition, first, SEALER, small.staff, LATER)
    await take_arrivals(competition, [one], SEALER, small.staff, LATER)
    assert await arrivals(competition, small.staff, SEALER) == []
    with pytest.raises(Refusal):
        await take_back(competition, first, SEALER, small.staff, LATER)
    (anew,) = await take_arrivals(competition, [seen(first)], SEALER, small.staff, LATER)
    assert anew.status == "stored" and len(await arrivals(competition, small.staff, SEALER)) == 1
    assert await Decision.count().where(Decision.kind == "members.check-in-taken-back") == 1


async def test_a_clock_that_runs_ahead_is_not_believed(small: Small) -> None:
    """Nobody arrives after the server has heard of it; a clock behind, as after hours offline, is."""
    competition, (first, second, *_) = await small.competition(), await tokens(small)
    ahead, behind = seen(first, made_at=LATER + timedelta(days=3)), seen(second, made_at=AT - timedelta(hours=5))
    answers = await take_arrivals(competition, [ahead, behind], SEALER, small.staff, LATER)
    assert [one.at for one in answers] == [LATER.isoformat(), (AT - timedelta(hours=5)).isoformat()]


async def test_the_list_has_what_a_door_needs_and_no_number(small: Small) -> None:
    """Name, event, unit and the last four signs of the document; no whole number, no phone, no id of the database."""
    competition = await small.competition()
    people = await door_list(competition, small.staff, SEALER)
    assert len(people) == len(DELEGATIONS) and people[0]["tail"] == number(1)[-4:] and people[0]["shift"] == 0
    said = json.dumps(people, ensure_ascii=False)
    ids = [str(row["id"]) for row in await Member.select(Member.id)] + [number(2 * place + 1) for place in range(6)]
    assert not any(one in said for one in (*ids, "13900000000"))
    await opened(small, "drawn")
    assert {one["shift"] for one in await door_list(competition, small.staff, SEALER)} == {1, 2}


async def test_whoever_judges_an_event_sees_none_of_it_at_the_door(small: Small) -> None:
    """Staff with a seat on the panel: their event is not on their list, and its badges are unknown to them."""
    competition, (first, *_) = await small.competition(), await tokens(small)
    event = await small.event()
    assert small.staff.account
    await seat(event, small.staff.account, False, small.staff, AT)
    judging = type(small.staff)(
        small.staff.account, "周敏", organisers=small.staff.organisers, seats={event["id"]: None}
    )  # type: ignore[dict-item]
    await take_arrivals(competition, [seen(first)], SEALER, small.staff, LATER)
    assert [one["name"] for one in await door_list(competition, judging, SEALER)] == ["周敏"], (
        "as a judge, and no competitor"
    )
    assert await arrivals(competition, judging, SEALER) == []
    (refused,) = await take_arrivals(competition, [seen(first)], SEALER, judging, LATER)
    assert refused.code == "check-in.unknown"


async def test_who_withdrew_is_unknown(small: Small) -> None:
    """A withdrawn entry's badge opens nothing any more."""
    competition, (first, *_) = await small.competition(), await tokens(small)
    rows = await members_with_badges(competition["id"], SEALER)
    await Entry.update({Entry.state: "withdrawn"}).where(Entry.id == rows[0]["entry"])
    (refused,) = await take_arrivals(competition, [seen(first)], SEALER, small.staff, LATER)
    assert refused.code == "check-in.unknown"


async def test_whoever_arrived_is_not_taken_off_the_list(small: Small) -> None:
    """A newer form without them, or undoing theirs, is refused by name; for all the others it goes through."""
    competition, (first, *_) = await small.competition(), await tokens(small)
    rows = await members_with_badges(competition["id"], SEALER)
    await take_arrivals(competition, [seen(first)], SEALER, small.staff, LATER)
    await nobody_arrived([row["id"] for row in rows[1:]])
    with pytest.raises(Refusal) as refused:
        await nobody_arrived([row["id"] for row in rows])
    assert refused.value.code == "check-in.arrived" and rows[0]["name"] in refused.value.words.zh
    with pytest.raises(Refusal) as kept:
        await storing.take_back(storing.Journal(members=[rows[0]["id"]], entries=[rows[0]["entry"]]))
    assert kept.value.code == "check-in.arrived"
    await storing.take_back(storing.Journal(members=[rows[1]["id"]], entries=[rows[1]["entry"]]))
    assert len(await members_with_badges(competition["id"], SEALER)) == len(rows) - 1


@pytest.mark.parametrize("count", [0, MOST + 1])
async def test_none_and_too_many_are_refused(small: Small, count: int) -> None:
    """A post says something, and not more than one transaction should carry."""
    with pytest.raises(Refusal) as refused:
        await take_arrivals(await small.competition(), [seen("x")] * count, SEALER, small.staff, LATER)
    assert refused.value.code == "check-in.how-many"


async def test_the_door_over_http(site: Site) -> None:
    """List, version, check-in, second scan, taking back and the worker's scope, as the page asks for them."""
    made = await founded("door")
    await opened(made, "registration")
    await entered(made)
    office, api = await site.visitor(made.staff.account), "/api/competitions/door/check-in"
    first = (await office.get(api)).json()
    assert len(first["people"]) == len(DELEGATIONS) and first["here"] == []
    again = await office.get(api, params={"version": first["version"]})
    assert "people" not in again.json() and again.headers["cache-control"] == "no-store"
    body = [
        {
            "id": str(ULID()),
            "token": first["people"][0]["token"],
            "way": "typed",
            "device": "D-1",
            "made_at": AT.isoformat(),
        }
    ]
    answer = (await office.post(api, json=body)).json()["answers"][0]
    assert answer["status"] == "stored" and answer["by"] == "周敏"
    second = (await office.post(api, json=[{**body[0], "id": str(ULID())}])).json()["answers"][0]
    assert second["status"] == "already"
    assert len((await office.get(api)).json()["here"]) == 1
    assert (await office.post(f"{api}/back", json={"token": body[0]["token"]})).status_code == 204
    assert (await office.get(api)).json()["here"] == []
    worker = await office.get("/office/door/check-in/worker.js")
    assert worker.headers["service-worker-allowed"] == "/office/door/check-in"
    page = await office.get("/office/door/check-in", headers={"accept": "text/html"})
    assert page.status_code == 200 and "赵一" not in page.text and number(1) not in page.text
    assert (await (await site.visitor(await account("生人"))).get(api)).status_code == 403
    assert (await office.get(f"{api}/faces", params={"ids": "x,0,../"})).json() == {}


async def test_faces_are_small_and_of_this_competition(site: Site) -> None:
    """The list names the newest photo of whoever has one; it comes small, and not to another competition's door."""
    made, other = await founded("faces"), await founded("no-faces")
    await opened(made, "registration")
    await entered(made)
    sent = [Portrait(f"{number(1)}.jpg", jpeg_of(shade), 590, 826) for shade in (10, 200)]
    for place, one in enumerate(sent):
        await take_photos(await made.competition(), None, [one], SEALER, made.staff, AT + timedelta(minutes=place))
    office = await site.visitor(made.staff.account)
    people = (await office.get("/api/competitions/faces/check-in")).json()["people"]
    (id,) = [one["photo"] for one in people if one["photo"]]
    found = (await office.get("/api/competitions/faces/check-in/faces", params={"ids": id})).json()
    with Image.open(io.BytesIO(base64.b64decode(found[id]))) as picture:
        assert picture.size == FACE and picture.getpixel((75, 100))[0] > 150, "the newest one"
    stranger = await site.visitor(other.staff.account)
    assert (await stranger.get("/api/competitions/no-faces/check-in/faces", params={"ids": id})).json() == {}


def jpeg_of(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (590, 826), (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()
