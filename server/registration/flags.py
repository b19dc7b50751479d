"""Delegations' flags: whose is it, and where everybody sees it.

A flag finds its delegation by the name of its file. It is for everybody to see, so that it is stored open; a new one
takes the place of the old one, and its address changes with it, so that it may be kept for ever wherever it went.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

from scoring.verdict import Place, Problem, Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Delegation, Flag
from server.errors import missing
from server.ledger import hold, record

ENDINGS = ("代表队", "代表团", "市")
"""What people leave out when they name a file."""
SHOWN = """SELECT d.id, d.name, encode(f.sha256, 'hex') AS sha256 FROM delegation d LEFT JOIN flag f ON f.delegation = d.id
WHERE d.competition = {} ORDER BY d.name"""


class Made(Protocol):
    """A flag that was checked and made fit, and the name of the file that it came in."""

    @property
    def name(self) -> str: ...
    @property
    def large(self) -> bytes: ...
    @property
    def small(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """Whose flags were kept, whose were there already, and which files belong to nobody."""

    kept: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


async def take_flags(
    competition: Mapping[str, Any],
    flags: Sequence[Made],
    actor: Actor,
    at: datetime,
    delegation: UUID | None = None,
) -> Taken:
    """Keep flags of a competition's delegations; what nobody is behind is told. With `delegation` they are its own, whatever
    the files are called. Raises Refusal `not-found` when that is not among these delegations.
    """
    taken = Taken()
    async with DB.transaction():
        await hold(competition["id"])
        all_of_them = await Delegation.select().where(Delegation.competition == competition["id"])
        chosen = next((one for one in all_of_them if one["id"] == delegation), None)
        if delegation and not chosen:
            raise NOBODY
        there = {row["name"]: row["sha256"] for row in await Delegation.raw(SHOWN, competition["id"])}
        rows: dict[UUID, Flag] = {}
        for flag in flags:
            owner = chosen or owner_of(flag.name, all_of_them)
            if owner is None:
                taken.problems.append(_nobodys(flag.name))
            elif owner["id"] in rows:
                taken.problems.append(_second(flag.name, owner["name"]))
            elif hashlib.sha256(flag.large).hexdigest() == there[owner["name"]]:
                taken.known.append(owner["name"])
            else:
                taken.kept.append(owner["name"])
                rows[owner["id"]] = _row(owner["id"], flag, at)
        if rows:
            await Flag.delete().where(Flag.delegation.is_in(list(rows)))
            await Flag.insert(*rows.values())
            data = {"flags": {str(id): row.sha256.hex() for id, row in rows.items()}}
            await record(competition["id"], "flags.taken", actor, at, data=data)
    return taken


def _row(delegation: UUID, flag: Made, at: datetime) -> Flag:
    digest = hashlib.sha256(flag.large).digest()
    return Flag(id=uuid4(), delegation=delegation, small=flag.small, large=flag.large, sha256=digest, at=at)


def owner_of(filename: str, delegations: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Whose flag a file of this name is: the delegation's name in either language, whole or without its usual ending."""
    stem = _plain(filename.rpartition(".")[0] or filename)
    whole = [one for one in delegations if stem in (_plain(one["name"]), _plain(one["name_en"]))]
    found = whole or [one for one in delegations if _short(stem) == _short(_plain(one["name"]))]
    return found[0] if stem and len(found) == 1 else None


def _plain(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


def _short(name: str) -> str:
    for ending in ENDINGS:
        name = name.removesuffix(ending) or name
    return name


def _nobodys(filename: str) -> Problem:
    words = Words("没有这个代表队，或者不止一个。", "No delegation is called so, or more than one.")
    mend = Words(
        "文件名写代表队的名称，或先选代表队。", "Name the file as the delegation is called, or choose the delegation."
    )
    return Problem("flag.nobody", Place(sheet=filename), words, mend)


def _second(filename: str, name: str) -> Problem:
    words = Words(f"“{name}”已有一个文件在这一批里。", f"Another file of this upload is {name}'s already.")
    mend = Words("每个代表队只传一张。", "Send one for each delegation.")
    return Problem("flag.second", Place(sheet=filename), words, mend)


async def remove_flag(competition: Mapping[str, Any], delegation: UUID, actor: Actor, at: datetime) -> None:
    """Take a flag away. Raises Refusal `not-found`."""
    async with DB.transaction():
        await hold(competition["id"])
        mine = Delegation.select(Delegation.id).where(Delegation.competition == competition["id"])
        where = (Flag.delegation == delegation) & Flag.delegation.is_in(mine)
        if not await Flag.delete().where(where).returning(Flag.id):
            raise NOBODY
        await record(competition["id"], "flag.removed", actor, at, data={"delegation": str(delegation)})


NOBODY = missing(Words("这个代表队的旗帜或标志", "flag of this delegation"))


async def flags_of(competition: Mapping[str, Any]) -> dict[str, str]:
    """By a delegation's name the address of its flag beside that name, "" where it has none; nothing when no delegation has any."""
    rows = await Delegation.raw(SHOWN, competition["id"])
    home = f"/c/{competition['slug']}/flags"
    found = {row["name"]: f"{home}/{row['id']}-{row['sha256'][:12]}.png" if row["sha256"] else "" for row in rows}
    return found if any(found.values()) else {}


async def public_flags(competition: Mapping[str, Any], base_url: str) -> dict[str, str]:
    """By a delegation's name the whole address of its flag, for programs elsewhere; of those alone that have one."""
    return {name: f"{base_url}{path}" for name, path in (await flags_of(competition)).items() if path}


def with_flags(rows: Sequence[Mapping[str, Any]], flags: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows with a `delegation`, and the address of its flag as `flag`: "" where it has none and others have, None where nobody has."""
    return [{**row, "flag": flags.get(row["delegation"], "" if flags else None)} for row in rows]


async def flag_pictures(competition: UUID) -> dict[str, tuple[bytes, bytes]]:
    """By a delegation's name its flag: the JPEG for the hall and the PNG beside a name."""
    query = Flag.select(Flag.delegation.name.as_alias("name"), Flag.large, Flag.small)
    rows = await query.where(Flag.delegation.competition == competition)
    return {row["name"]: (bytes(row["large"]), bytes(row["small"])) for row in rows}


async def flag_named(competition: UUID, delegation: UUID) -> Mapping[str, Any]:
    """One flag with `small` and `sha256`. Raises Refusal `not-found`."""
    where = (Flag.delegation == delegation) & (Flag.delegation.competition == competition)
    row = await Flag.select(Flag.small, Flag.sha256).where(where).first()
    if row is None:
        raise NOBODY
    return dict(row)
