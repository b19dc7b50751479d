"""Whoever edits the ids in an address or a form finds nothing of anybody else: every route that a clerk or a judge may ask and that
takes an id, asked with the ids of the neighbour, of another competition and of nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import asyncpg
import pytest
from ulid import ULID

from admin.entry_pages import read_entry
from admin.intake import packed
from admin.photos.portrait import Portrait
from server import pipeline
from server.access import Actor
from server.appeals.writing import write
from server.competitions.api_keys import NewKey, make_key
from server.database.bulk import insert_rows
from server.database.tables import Competition, Evidence, Member, Nudge, Signal, StatusCorrection
from server.marks.flow import seat
from server.registration.application_links import link_of, open_link
from server.registration.application_photos import keep_photo
from server.registration.applications import applications_of, apply
from server.registration.attachment_kinds import add_kind
from server.registration.attachments import attach, attach_to_application
from server.registration.photos import take_photos
from server.registration.review import Seen, decide, entries_in
from server.registration.sending import add_clerk, delegations_of
from server.registration.single import Sent, enter_one
from server.registration.staging import stage
from tests.server.appeals.test_writing import Proof
from tests.server.conftest import Site, Visitor
from tests.server.registration.intaking import person as somebody
from tests.server.registration.test_typed_entries import typed
from tests.server.small import (
    AT,
    DELEGATIONS,
    SEALER,
    Small,
    account,
    add_welding,
    brought,
    founded,
    row_of,
)
from tests.server.test_access import ALLOWED, API, EVENT, EVERYBODY, SENDER, SENT, SIGNED_IN

World = Mapping[str, Any]
"""What somebody has: the name of a gap, or of what a form takes → its id."""
NOBODYS: World = {
    **{name: str(UUID(int=7)) for name in ("delegation", "intake", "person", "entry", "kind", "link", "application")},
    **{name: str(UUID(int=7)) for name in ("batch", "waits", "event", "correction", "nudge")},
    **dict.fromkeys(("signal", "photo", "mark"), "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
    "number": "9", "code": "X9", "work": "W-99",
}  # fmt: skip
NTH = "甲乙丙"
SECRET = "冄"
"""In whatever nobody else may read."""
PLACES = ("slug", "delegation", "code")
NEWCOMER = somebody(3, "19810101")
NEW = str(ULID())
Form = Callable[[World], Mapping[str, Any]]


def nothing(w: World) -> Mapping[str, Any]:
    """A form without a word."""
    return {}


CLERK: dict[tuple[str, str], Form] = {
    ("POST", f"{SENDER}/forms/{{intake:str}}/headings"): lambda w: {"data": {"field-0": "name"}},
    ("POST", f"{SENDER}/forms/{{intake:str}}/accept"): lambda w: {"data": {"seen": "0", "reason": "x"}},
    ("POST", f"{SENDER}/forms/{{intake:str}}/undo"): nothing,
    ("POST", f"{SENDER}/forms/{{intake:str}}/discard"): nothing,
    ("POST", f"{SENT}/{{intake:str}}/headings"): lambda w: {"json": {"headings": {"x": "name"}}},
    ("POST", f"{SENT}/{{intake:str}}/accept"): lambda w: {"json": {"seen": "0"}},
    ("POST", f"{SENT}/{{intake:str}}/undo"): nothing,
    ("POST", f"{SENDER}/photos/{{person:str}}"): nothing,
    ("POST", f"{SENDER}/attachments/{{person:str}}/{{kind:str}}"): nothing,
    ("POST", f"{SENDER}/entry/check"): lambda w: {"data": {"event": "M02", "entry": w["entry"]}},
    ("POST", f"{SENDER}/entry/{{entry:str}}"): lambda w: {"data": typed(NEWCOMER, event="M02", seen="0")},
    ("POST", f"{SENDER}/entry/{{entry:str}}/withdraw"): lambda w: {"data": {"seen": "0", "why": "x"}},
    ("POST", f"{API}/delegations/{{delegation:str}}/entries"): lambda w: {
        "json": {"event": "M02", "people": [NEWCOMER], "replaces": w["entry"]}
    },
    ("POST", f"{API}/delegations/{{delegation:str}}/entries/check"): lambda w: {
        "json": {"event": "M02", "people": [NEWCOMER], "replaces": w["entry"]}
    },
    ("POST", f"{API}/delegations/{{delegation:str}}/appeals"): lambda w: {"json": {"entry": w["entry"], "reason": "x"}},
    ("POST", f"{SENDER}/appeals/new/{{entry:str}}"): lambda w: {"data": {"reason": ""}, "files": {"file": ("", b"")}},
    ("POST", f"{SENDER}/applications/links/{{link:str}}/close"): nothing,
    ("POST", f"{SENDER}/applications/{{application:str}}"): lambda w: {"data": {"event": "M02"}},
    ("POST", f"{SENDER}/applications/{{application:str}}/decline"): lambda w: {"data": {"why": "x"}},
    ("POST", f"{SENDER}/review"): lambda w: {"data": {"act": "return", "reason": "x", f"pick-{w['waits']}": "0"}},
    ("POST", f"{SENDER}/review/undo"): lambda w: {"data": {"batch": w["batch"]}},
    ("POST", f"{API}/review"): lambda w: {
        "json": {"act": "return", "reason": "x", "entries": [{"id": w["waits"], "version": 0}]}
    },
    ("POST", f"{API}/review/{{batch:str}}/undo"): nothing,
}
"""What a clerk's forms send besides what their addresses say."""
MARKS = ("POST", "/api/marks")
JUDGE: dict[tuple[str, str], Form] = {
    ("POST", f"{EVENT}/signals/{{signal:str}}/answers"): lambda w: {"json": {"words": "x"}},
    ("DELETE", f"{EVENT}/corrections/{{correction:str}}"): nothing,
    ("POST", "/tablet/{slug:str}/{code:str}/corrections/{correction:str}/drop"): nothing,
    ("POST", "/api/evidence/{photo:str}"): lambda w: {
        "params": {"event": w["event"], "entry": w["work"], "aspect": "B1.02", "device": "T-1", "made_at": AT.isoformat()},
        "files": {"data": ("p.jpg", b"x", "image/jpeg")},
    },
    ("POST", "/api/signals"): lambda w: {"json": {"signals": [{**signed(w), "kind": "equipment"}]}},
    ("POST", "/api/remarks"): lambda w: {"json": {"remarks": [{**signed(w), "aspect": "A1.01", "note": "x"}]}},
    ("POST", "/api/hall/seen"): lambda w: {"json": {"nudges": [w["nudge"]]}},
    ("POST", "/api/marks"): lambda w: {"json": [{**signed(w), "aspect": "A1.01", "value": 500, "counter": 1}]},
    ("POST", "/api/signatures"): lambda w: {
        "json": [{**signed(w), "role": "judge", "counter": 1, "drawing": [[[1, 2], [3, 4]]], "marks": [["A1.01", NEW, 500, 1]]}]
    },
}  # fmt: skip
"""What a judge's tablet sends besides what its addresses say."""
ITEM_BY_ITEM = frozenset(
    ("POST", f"/api/{what}") for what in ("signals", "remarks", "hall/seen", "marks", "signatures")
)
"""Whose answer is 200 and tells of each thing sent whether it was taken."""
NO_ID = frozenset(
    {("POST", f"{SENDER}{what}") for what in ("/forms", "/photos", "/entry/new", "/applications/links", "/confirmation.pdf")}
    | {("POST", SENT), ("POST", "/api/tablet/pin"), *(("POST", f"/api/{what}/carried") for what in ("marks", "signatures"))}
    | {way for way, who in ALLOWED.items() if who in (EVERYBODY, SIGNED_IN)}
)  # fmt: skip
"""What says nothing but whose desk it is, what another tablet has sealed, and what everybody with an account may ask: their own
password, a step (test_pipeline), the search (below)."""


def signed(w: World) -> dict[str, Any]:
    """What a tablet says of all that it sends."""
    return {"id": NEW, "event": w["event"], "entry": w["work"], "device": "T-1", "made_at": AT.isoformat()}


@dataclass
class Desk:
    """A delegation in its competition: its clerk, and the ids of all that it has."""

    small: Small
    visitor: Visitor
    ids: dict[str, Any]


async def competition(slug: str) -> Small:
    """Published in M01, where appeals are written; open in M02, where a delegation's own clerk reviews first."""
    small = await founded(slug)
    steps: dict[Any, Any] = {Competition.review_steps: json.dumps(["delegation", "organiser"])}
    await Competition.update(steps).where(Competition.slug == slug)
    await brought(small, "published")
    await add_welding(small, "M02")
    await pipeline.take(
        pipeline.Step(await small.competition(), await small.event("M02"), small.staff, AT), "registration"
    )
    return small


async def desk(site: Site, small: Small, place: int) -> Desk:
    """The n-th delegation with one of everything: entries, a form, a photo, a paper, a link, who applied by it, an appeal."""
    now, of, open_event = datetime.now(UTC), await small.competition(), await small.event("M02")
    delegation = next(one for one in await delegations_of(of) if one["name"] == DELEGATIONS[place])
    clerk, _ = await add_clerk(of, str(delegation["id"]), "填报人", small.staff, AT)
    actor = Actor(clerk, "填报人", delegations=frozenset({delegation["id"]}))
    member = await Member.select(Member.entry, Member.person).where(Member.entry.delegation == delegation["id"]).first()
    kind = await add_kind(of, None, f"证明{place}", "", False, small.staff, AT)
    await attach(of, delegation, member["person"], kind, Proof(), SEALER, actor, AT)
    portrait = Portrait("x.jpg", b"\xff\xd8 of nobody", 1, 1)
    await take_photos(of, delegation["id"], [portrait], SEALER, actor, AT, person=member["person"])
    for who in ("冄候", "冄审"):
        one = somebody(place, f"19{60 + place + 10 * (who == '冄审')}0101", event="", name=f"{who}{NTH[place]}")
        read = read_entry(open_event, typed(one, event="M02"))
        await enter_one(of, delegation, Sent(read, packed(read)), SEALER, actor, AT)
    waits, passed = [
        row for row in await entries_in(of["id"]) if row["delegation"] == delegation["id"] and row["code"] == "M02"
    ]
    batch = await decide(of, "approve", [Seen(passed["id"], passed["version"])], "", actor, AT)
    given = typed(somebody(place, f"198{place}0101", event="", name=f"冄申{NTH[place]}"), event="M02")
    read = read_entry(open_event, given)
    intake = await stage(of, delegation, f"冄密{place}.xlsx", b"x", packed(read), 1, SEALER, actor, now)
    link = await open_link(of, delegation, open_event, now + timedelta(days=1), SEALER, actor, now)
    door = {**await link_of(delegation["id"], link, SEALER), "competition": of, "delegation": delegation}
    await apply(door, open_event, read, given, True, f"192.0.2.{place}", SEALER, now)
    (applied,) = await applications_of(delegation["id"], SEALER)
    await attach_to_application(applied["id"], kind, Proof(), SEALER, now)
    await keep_photo(applied["id"], portrait, SEALER)
    appeal = await write(of, delegation, member["entry"], f"冄服{place}", Proof(), SEALER, actor, AT)
    ids = {
        "slug": small.slug, "delegation": delegation["id"], "person": member["person"], "entry": member["entry"], "kind": kind,
        "waits": waits["id"], "batch": batch, "intake": intake, "link": link, "application": applied["id"], "number": appeal,
    }  # fmt: skip
    return Desk(small, await site.visitor(clerk), {name: str(id) for name, id in ids.items()})


def filled(path: str, ids: World) -> str:
    """An address with these ids in its gaps."""
    return re.sub(r"\{(\w+):str\}", lambda gap: str(ids[gap[1]]), path)


async def told(visitor: Visitor, way: tuple[str, str], ids: World, sent: Mapping[str, Any]) -> tuple[int, str]:
    """What is answered: the status, and the text with each id made alike."""
    accept = {} if way[1].startswith("/api/") else {"accept": "text/html"}
    answer = await visitor.request(way[0], filled(way[1], ids), headers=accept, **sent)
    text = answer.text.replace(filled(way[1], ids), "·")
    for id in ids.values():
        text = text.replace(id, "·") if len(id) > 5 else text
    return answer.status_code, text


async def rows_in(dsn: str) -> dict[str, str]:
    """Every table with a hash of what is in it, but for when a key was last used."""
    connection = await asyncpg.connect(dsn)
    try:
        names = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'api_key'"
        )
        query = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{}\" t"
        return {row["tablename"]: await connection.fetchval(query.format(row["tablename"])) for row in names}
    finally:
        await connection.close()


@pytest.fixture(scope="module")
async def desks(site: Site) -> tuple[Desk, Desk, Desk]:
    """A delegation, its neighbour in the same competition, and one of another competition."""
    here, there = await competition("here"), await competition("there")
    beside = await desk(site, here, 1)  # whose appeal is the first in both competitions
    return await desk(site, here, 0), beside, await desk(site, there, 2)


async def panel(small: Small, code: str, chief: UUID) -> World:
    """One of everything that a panel has."""
    event, photo, signal, ids = await small.event(code), str(ULID()), str(ULID()), [uuid4() for _ in range(3)]
    here = {"event": event["id"], "entry": small.codes[0], "aspect": "B1.02", "device": "T-1", "made_at": AT, "at": AT}
    kept = {"sealed": SEALER.seal_bytes(b"jpeg", f"evidence:{photo}"), "sha256": sha256(b"jpeg").digest(), "sent": b""}
    await insert_rows(Evidence, [{**here, **kept, "id": photo, "judge": chief, "width": 1, "height": 1}])
    await insert_rows(Signal, [{**here, "id": signal, "kind": "other", "words": f"冄密{code}", "account": chief}])
    said = {"kind": "words", "words": f"冄密{code}", "role": "chief", "account": chief, "seen": None}
    await insert_rows(Nudge, [{**said, "id": ids[0], "event": event["id"], "judge": chief, "at": AT}])
    correction = StatusCorrection(
        id=ids[1], event=event["id"], occasion=ids[2], entry=small.codes[0], before="competed", after="absent",
        reason=f"冄密{code}", state="proposed", proposed=chief, at=AT,
    )  # fmt: skip
    await StatusCorrection.insert(correction)
    facts = {
        "slug": small.slug,
        "code": code,
        "event": event["id"],
        "work": small.codes[0],
        "signal": signal,
        "photo": photo,
    }
    return {**{name: str(id) for name, id in facts.items()}, "nudge": str(ids[0]), "correction": str(ids[1])}


async def probed(
    visitor: Visitor, who: str, forms: Mapping[tuple[str, str], Form], own: World, others: Sequence[World]
) -> tuple[list[object], dict[tuple[str, str], tuple[int, str]]]:
    """What somebody is told who names others in place of their own: whatever is not the one refusal; and the answers about nobody."""
    ways = {way for way, allowed in ALLOWED.items() if who in allowed} - NO_ID
    asks = {way for way in ways if set(gaps(way)) - set(PLACES) or (way[0] != "GET" and "code" not in gaps(way))}
    assert {way for way in asks if way[0] != "GET"} == set(forms)
    wrong, nobodys = list[object](), {}
    for way in sorted(asks):
        worlds = [{**ids, **{name: own[name] for name in PLACES if name in own}} for ids in (NOBODYS, *others)]
        answers = [await told(visitor, way, ids, forms.get(way, nothing)(ids)) for ids in worlds]
        nobodys[way] = answers[0]
        if len(set(answers)) > 1 or answers[0][0] not in ((200,) if way in ITEM_BY_ITEM else (403, 404)):
            wrong.append((way, answers))
    doors = [way for way in sorted(ways) if {"delegation", "code"} & set(gaps(way))]
    for ids in ({**NOBODYS, "slug": own["slug"]}, *others, *({**ids, "slug": own["slug"]} for ids in others)):
        closed = [way for way in doors if any(ids[name] != own[name] for name in gaps(way) if name in PLACES)]
        answers = {way: await told(visitor, way, ids, {}) for way in closed}
        wrong += [one for one in answers.items() if one[1][0] not in (403, 404) or SECRET in one[1][1]]
    return wrong, nobodys


async def test_a_clerk_who_edits_an_address_or_a_form_finds_nothing_of_anybody_else(
    site: Site, desks: tuple[Desk, Desk, Desk]
) -> None:
    """Every route that takes an id, asked with the ids of the neighbour, of another competition, of nothing: each time the same
    404 without a word of the object, and nothing in the database is changed. The desks themselves are closed.
    """
    own, *others = desks
    await found_nothing(site, own.visitor, ("clerk", CLERK), own.ids, [one.ids for one in others])


async def test_a_judge_who_edits_an_address_or_what_is_sent_finds_nothing_of_another_panel(
    site: Site, desks: tuple[Desk, Desk, Desk]
) -> None:
    """The same of events, sheets, marks, signatures, problems, nudges, corrections and photos of another panel, for a chief judge;
    and for a key that is bound to the event.
    """
    here, there = desks[0].small, desks[2].small
    other = await account("别组裁判长")
    await seat(await here.event("M02"), other, True, here.staff, AT)
    own = await panel(here, "M01", here.judges[0])
    others = [await panel(here, "M02", other), await panel(there, "M01", there.judges[0])]
    new = NewKey("CMM", frozenset({"marks"}), datetime.now(UTC) + timedelta(days=1), {"M01": frozenset({"A1.01"})})
    key, wrong = await make_key(await here.competition(), new, here.staff, datetime.now(UTC)), []
    machine = await site.visitor()
    machine.headers["authorization"] = f"Bearer {key}"
    before = await rows_in(site.dsn)
    for ids in others:
        marks = [await told(machine, MARKS, one, JUDGE[MARKS](one)) for one in (NOBODYS, ids)]
        sheets = await machine.get(filled(f"{EVENT}/sheets", ids))
        wrong += [marks] * (marks[0] != marks[1]) + [sheets.text] * (sheets.json()["code"] != "access.key")
    assert wrong == [] and await rows_in(site.dsn) == before
    await found_nothing(site, await site.visitor(here.judges[0]), ("chief", JUDGE), own, others)


async def found_nothing(
    site: Site,
    visitor: Visitor,
    asks: tuple[str, Mapping[tuple[str, str], Form]],
    own: World,
    others: Sequence[World],
) -> None:
    """Nothing of others is told or changed; the search knows no name; with one's own ids one gets further, or this would prove nothing."""
    before = await rows_in(site.dsn)
    wrong, nobodys = await probed(visitor, *asks, own, others)
    for name in (row_of(1).name, row_of(2).name):
        pages = [(q, (await visitor.get("/office/find", params={"q": q})).text) for q in (name, "无此人")]
        known, unknown = [text.replace(quote(q), q).replace(q, "·") for q, text in pages]
        wrong += [name] * (known != unknown)
    after = await rows_in(site.dsn)
    assert wrong == [] and {name for name in after if after[name] != before[name]} == set()
    for way in sorted(nobodys, key=ends):
        answer = await told(visitor, way, own, asks[1].get(way, nothing)(own))
        wrong += [(way, answer)] * (answer[0] in (403, 404) or answer == nobodys[way])
    assert wrong == []


def gaps(way: tuple[str, str]) -> list[str]:
    """The names of the gaps of an address."""
    return re.findall(r"\{(\w+):", way[1])


def ends(way: tuple[str, str]) -> tuple[int, tuple[str, str]]:
    """What takes an object away comes last."""
    taking = ("undo", "withdraw", "drop", "close", "decline", "discard")
    act = way[1].rpartition("/")[2]
    return taking.index(act) + 1 if act in taking else 0, way
