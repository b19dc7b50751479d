"""Who has arrived. The list that a door works from, and the check-ins that come back from it, perhaps hours later.

A device without a connection goes on working from its list; what it did comes in later, each check-in under an id that
the device made. The first one that comes in for somebody stands; whatever comes after is told when that was and whose.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import CheckIn, Person, Photo, Place
from server.errors import Refusal, missing
from server.ledger import hold, record
from server.registration.badges import COMPETITOR, JUDGE, WHERE, mark_of, members_with_badges, panels_with_badges
from server.sealing import Sealer

MOST = 200
TAIL = 4
"""Characters of a document that staff may type to find somebody."""
NEWEST = "SELECT DISTINCT ON (person) id, person FROM photo WHERE competition = {} ORDER BY person, at DESC"
STANDING = """SELECT c.id, coalesce(c.member, c.judge) AS who, c.at, a.name FROM check_in c JOIN account a ON a.id = c.account
WHERE c.competition = {} AND c.taken_back IS NULL"""


class NewCheckIn(msgspec.Struct):
    """A check-in as a device sends it; `token` is what the badge's code says, or the list says of whoever was picked."""

    id: str = msgspec.field(default="")
    token: str = ""
    way: Literal["scanned", "typed"] = "scanned"
    device: str = ""
    made_at: datetime | None = None


class Arrived(msgspec.Struct, omit_defaults=True):
    """What became of one: stored, already (somebody was here before: `at`, `by`), or refused with words."""

    id: str
    status: Literal["stored", "already", "refused"]
    at: str = ""
    by: str = ""
    code: str = ""
    zh: str = ""
    en: str = ""


REFUSED = {
    "stranger": Words("这是另一场竞赛的证。", "This badge belongs to another competition."),
    "unknown": Words(
        "名单里没有这个人，可能已退赛或换人。",
        "Nobody on the list has this badge; they may have withdrawn or been replaced.",
    ),
}


ROLES = {True: Words("裁判长", "Chief judge"), False: Words("裁判员", "Judge")}


async def door_list(competition: Mapping[str, Any], actor: Actor, sealer: Sealer) -> list[dict[str, Any]]:
    """Everybody who is to come: what a door shows and searches. Competitors without the events that this person judges; then
    whoever sits on a panel, with `role` in both languages.
    """
    members = await _members(competition, actor, sealer)
    people = list({row["person"] for row in members})
    documents = Person.select(Person.id, Person.document_sealed)
    tails = {
        row["id"]: sealer.open(bytes(row["document_sealed"]), f"document:{row['id']}")[-TAIL:]
        for row in (await documents.where(Person.id.is_in(people)) if people else ())
    }
    photos = {row["person"]: str(row["id"]) for row in await Photo.raw(NEWEST, competition["id"])}
    places = Place.select(Place.entry, Place.shift).where(Place.event.competition == competition["id"])
    shifts = {row["entry"]: row["shift"] for row in await places}
    return [
        {
            **{name: row[name] for name in ("token", "number", "name", "team", "unit", "code", "division")},
            "event": [row["event_name"], row["event_name_en"] or row["event_name"]],
            "delegation": [row["delegation_name"], row["delegation_name_en"] or row["delegation_name"]],
            "tail": tails[row["person"]],
            "photo": photos.get(row["person"], ""),
            "shift": shifts.get(row["entry"], 0),
        }
        for row in members
    ] + [
        {
            "token": row["token"],
            "number": ", ".join(row["seats"]),
            "name": row["name"],
            **dict.fromkeys(("team", "unit", "code", "division", "tail", "photo"), ""),
            "event": ["", ""],
            "delegation": ["", ""],
            "shift": 0,
            "role": [ROLES[row["chief"]].zh, ROLES[row["chief"]].en],
        }
        for row in await panels_with_badges(competition["id"], sealer)
    ]


async def arrivals(competition: Mapping[str, Any], actor: Actor, sealer: Sealer) -> list[dict[str, str]]:
    """Who is here: token, when, and by whom they were checked in."""
    tokens = {row["id"]: row["token"] for row in await _expected(competition, actor, sealer)}
    return [
        {"token": tokens[row["who"]], "at": row["at"].isoformat(), "by": row["name"]}
        for row in await CheckIn.raw(STANDING, competition["id"])
        if row["who"] in tokens
    ]


async def take_arrivals(
    competition: Mapping[str, Any], sent: Sequence[NewCheckIn], sealer: Sealer, actor: Actor, at: datetime
) -> list[Arrived]:
    """Keep check-ins, each once; one answer for each, in their order. Raises Refusal `check-in.how-many`."""
    if not 1 <= len(sent) <= MOST:
        words = Words(f"一次发送 1 到 {MOST} 条报到。", f"Send 1 to {MOST} check-ins at a time.")
        raise Refusal("check-in.how-many", words, status=422)
    assert actor.account
    async with DB.transaction():
        await hold(competition["id"])
        expected = {row["token"]: row for row in await _expected(competition, actor, sealer)}
        standing = {row["who"]: row for row in await CheckIn.raw(STANDING, competition["id"])}
        known = {
            row["id"] for row in await CheckIn.select(CheckIn.id).where(CheckIn.id.is_in([one.id for one in sent]))
        }
        answers, rows = [], []
        for one in sent:
            who = expected.get(one.token)
            if who is None or not one.id or len(one.id) > 40 or len(one.device) > 40:
                answers.append(_refused(one, competition["id"], sealer))
                continue
            there = standing.get(who["id"])
            if there is None and one.id not in known:
                happened = min(one.made_at, at) if one.made_at and one.made_at.tzinfo else at
                there = {"id": one.id, "who": who["id"], "at": happened, "name": actor.name}
                standing[who["id"]] = there
                known.add(one.id)
                rows.append(
                    CheckIn(
                        id=one.id,
                        competition=competition["id"],
                        **{who["kind"]: who["id"]},
                        account=actor.account,
                        way=one.way,
                        device=one.device,
                        at=happened,
                        stored_at=at,
                    )
                )
            answers.append(_answer(one, there))
        if rows:
            await CheckIn.insert(*rows)
            for kind in ("member", "judge"):
                data = {row.id: str(row[kind]) for row in rows if row[kind]}
                if data:
                    await record(competition["id"], f"{kind}s.checked-in", actor, at, data={"check_ins": data})
    return answers


async def take_back(competition: Mapping[str, Any], token: str, sealer: Sealer, actor: Actor, at: datetime) -> None:
    """It was not this person. Raises Refusal `missing` when they are not checked in."""
    async with DB.transaction():
        await hold(competition["id"])
        who = next((row for row in await _expected(competition, actor, sealer) if row["token"] == token), None)
        rows = await _undone(competition["id"], who, at) if who else []
        if not who or not rows:
            raise missing(Words("这条报到记录", "check-in"))
        data = {"check_ins": {row["id"]: str(who["id"]) for row in rows}}
        await record(competition["id"], f"{who['kind']}s.check-in-taken-back", actor, at, data=data)


async def _undone(competition: UUID, who: Mapping[str, Any], at: datetime) -> list[dict[str, Any]]:
    column = CheckIn.member if who["kind"] == "member" else CheckIn.judge
    where = (CheckIn.competition == competition) & (column == who["id"]) & CheckIn.taken_back.is_null()
    return list(await CheckIn.update({CheckIn.taken_back: at}).where(where).returning(CheckIn.id))


async def nobody_arrived(members: Sequence[UUID]) -> None:
    """Whoever was seen at the door is not taken out of the list as if they had never been on it.

    Raises Refusal `check-in.arrived`.
    """
    if not members:
        return
    query = CheckIn.select(CheckIn.member.person.name.as_alias("name")).where(CheckIn.member.is_in(list(members)))
    if names := sorted({row["name"] for row in await query}):
        raise Refusal(
            "check-in.arrived",
            Words(
                f"已办理过报到，不能从名单里删去：{'、'.join(names)}。",
                f"Checked in already, and not to be taken off the list: {', '.join(names)}.",
            ),
            Words("请改为退赛或换人。", "Have them withdraw or be replaced instead."),
        )


async def photos_by_id(competition: UUID, ids: Collection[UUID], sealer: Sealer) -> dict[UUID, bytes]:
    """The JPEGs of these photos of a competition."""
    if not ids:
        return {}
    where = (Photo.competition == competition) & Photo.id.is_in(list(ids))
    rows = await Photo.select(Photo.id, Photo.sealed).where(where)
    return {row["id"]: sealer.open_bytes(bytes(row["sealed"]), f"photo:{row['id']}") for row in rows}


async def _expected(competition: Mapping[str, Any], actor: Actor, sealer: Sealer) -> list[dict[str, Any]]:
    """Everybody who may be checked in by this person: `id`, `token` and `kind`, the column that they stand in."""
    members, judges = await _members(competition, actor, sealer), await panels_with_badges(competition["id"], sealer)
    return [
        {"id": row["id"], "token": row["token"], "kind": kind}
        for kind, rows in (("member", members), ("judge", judges))
        for row in rows
    ]


async def _members(competition: Mapping[str, Any], actor: Actor, sealer: Sealer) -> list[dict[str, Any]]:
    """Without the events that this person judges: they see no name of them before the decoding."""
    return [row for row in await members_with_badges(competition["id"], sealer) if row["event"] not in actor.seats]


def _answer(one: NewCheckIn, there: Mapping[str, Any] | None) -> Arrived:
    """A check-in that was taken back stays taken back, also when it is sent again."""
    if there is None or there["id"] == one.id:
        return Arrived(one.id, "stored", there["at"].isoformat() if there else "", there["name"] if there else "")
    return Arrived(one.id, "already", there["at"].isoformat(), there["name"])


def _refused(one: NewCheckIn, competition: UUID, sealer: Sealer) -> Arrived:
    ours = one.token[len(COMPETITOR) :][:WHERE] == mark_of(competition, sealer)
    kind = one.token[: len(COMPETITOR)]
    why = "stranger" if kind in (COMPETITOR, JUDGE) and not ours else "unknown"
    return Arrived(one.id, "refused", code=f"check-in.{why}", zh=REFUSED[why].zh, en=REFUSED[why].en)
