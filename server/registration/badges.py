"""What badges say, and the opaque word in their code. What a competitor's opens besides the door: `badge_codes`.

A *token* is computed from the installation's key and never stored: `PB`, six signs that say which competition it is,
twenty that say who. Without the key nobody makes one or reads one; with it the same badge printed twice is the same.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from server.database.tables import Member, Seat
from server.registration.naming import entry_id
from server.sealing import Sealer

COMPETITOR, JUDGE = "PB", "PJ"
WHERE, WHO = 6, 20
AWAY = ("rejected", "withdrawn", "waiting")
"""States in which an entry does not come to the competition."""
MEMBERS = """SELECT m.id, m.person, m.unit, e.id AS entry, e.number, e.team, p.name, v.id AS event, v.code,
    v.name AS event_name, v.name_en AS event_name_en, v.division, d.id AS delegation, d.name AS delegation_name,
    d.name_en AS delegation_name_en
FROM member m JOIN entry e ON e.id = m.entry JOIN person p ON p.id = m.person JOIN event v ON v.id = m.event
    JOIN delegation d ON d.id = e.delegation
WHERE v.competition = {} AND e.state <> ALL({})"""
ORDER = " ORDER BY v.code, e.number, m.position"


async def members_with_badges(
    competition: UUID, sealer: Sealer, event: UUID | None = None, delegation: UUID | None = None
) -> list[dict[str, Any]]:
    """Everybody who gets a badge, by event and number, with their `token`; of one event or one delegation, if named."""
    query, values = MEMBERS, [competition, list(AWAY)]
    for column, id in (("v.id", event), ("d.id", delegation)):
        if id is not None:
            query, values = f"{query} AND {column} = {{}}", [*values, id]
    rows = await Member.raw(query + ORDER, *values)
    return [
        {**row, "number": entry_id(row, row["number"]), "token": token(COMPETITOR, competition, row["id"], sealer)}
        for row in rows
    ]


async def panels_with_badges(competition: UUID, sealer: Sealer) -> list[dict[str, Any]]:
    """Everybody on a panel of a competition, once: `id` of the account, `name`, `chief` somewhere, `seats` of them, `token`."""
    columns = Seat.select(
        Seat.account, Seat.number, Seat.chief, Seat.account.name.as_alias("name"), Seat.event.code.as_alias("code")
    )
    rows = await columns.where(Seat.event.competition == competition).order_by(Seat.event.code).order_by(Seat.number)
    people: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        one = people.setdefault(
            row["account"], {"id": row["account"], "name": row["name"], "chief": False, "seats": []}
        )
        one["chief"] = one["chief"] or row["chief"]
        one["seats"].append(f"{row['code']} · J{row['number']}")
    return [{**one, "token": token(JUDGE, competition, one["id"], sealer)} for one in people.values()]


async def judges_with_badges(event: Mapping[str, Any], sealer: Sealer) -> list[dict[str, Any]]:
    """The panel of an event by seat: `name`, `number`, `chief`, `token`."""
    query = Seat.select(Seat.id, Seat.number, Seat.chief, Seat.account, Seat.account.name.as_alias("name"))
    rows = await query.where(Seat.event == event["id"]).order_by(Seat.number)
    return [{**row, "token": token(JUDGE, event["competition"], row["account"], sealer)} for row in rows]


def token(kind: str, competition: UUID, who: UUID, sealer: Sealer) -> str:
    """The word in the code of a badge, in signs that a code packs tightly: `PB` + competition + person in it."""
    return kind + mark_of(competition, sealer) + signs(sealer.index("badge", str(competition), str(who)), WHO)


def mark_of(competition: UUID, sealer: Sealer) -> str:
    """The six signs that all badges of a competition share: they tell a stranger's badge from an unknown one."""
    return signs(sealer.index("badge-competition", str(competition)), WHERE)


def signs(secret: bytes, count: int) -> str:
    """The beginning of a secret in signs that a code packs tightly and nobody misreads: letters and 2 to 7."""
    return base64.b32encode(secret).decode()[:count]
