"""Who goes into a draw, written so that everybody may read it: entries by their numbers, units by letters, employers by numbers.

The list is published before the draw and is what the draw is repeated from; letters go by the first entry of a unit, so
that nobody can choose them. Firms that declared themselves related get a common letter of their own. An employer (单位) gets a
number where several entries share it; one that stands alone keeps nobody apart and is not told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from scoring.blind_draw import ALGORITHM, BEFORE
from scoring.seating import BlindEntry
from scoring.verdict import Words
from server.competitions.recusals import plain
from server.database.tables import Entry, Member
from server.errors import Refusal
from server.registration.naming import entry_id

BETWEEN = re.compile(r"[、，,；;\t]+")


async def pool_of(event: Mapping[str, Any], related: str = "") -> list[dict[str, str]]:
    """The approved entries of an event as [{"id", "unit", "related", "employers"}], by their numbers.

    `related` has a line for each group of firms. Raises Refusal `draw.related-unknown` for a name that nobody entered
    under, `draw.related-alone` for a group of one.
    """
    query = Entry.select(Entry.id, Entry.number, Entry.delegation.name.as_alias("delegation"))
    approved = (Entry.event == event["id"]) & (Entry.state == "approved")
    entries = await query.where(approved).order_by(Entry.number)
    firms = await _firms(event["id"])
    numbers = _numbered([firms.get(row["id"], set()) for row in entries])
    letters = lettered(row["delegation"] for row in entries)
    groups = _groups(
        related, {row["delegation"] for row in entries} | {firm for each in firms.values() for firm in each}
    )
    return [
        {
            "id": entry_id(event, row["number"]),
            "unit": letters[row["delegation"]],
            "related": _group_of(groups, {row["delegation"], *firms.get(row["id"], ())}),
            "employers": " ".join(
                sorted({numbers[one] for firm in firms.get(row["id"], ()) if (one := plain(firm)) in numbers}, key=int)
            ),
        }
        for row in entries
    ]


def blind_entries(entries: Iterable[Mapping[str, str]]) -> list[BlindEntry]:
    """The published list as the rules want it."""
    return [
        BlindEntry(one["id"], one["unit"], one.get("related", ""), frozenset(one.get("employers", "").split()))
        for one in entries
    ]


def algorithm_of(entries: Sequence[Mapping[str, str]]) -> str:
    """How an announced list is drawn: as it was promised. Lists without employers were announced before those counted."""
    return ALGORITHM if all("employers" in one for one in entries) else BEFORE


def lettered(names: Iterable[str]) -> dict[str, str]:
    """A, B … Z, AA, AB … for each name, in the order in which they first come."""
    return {name: _letters(place) for place, name in enumerate(dict.fromkeys(names))}


def _numbered(firms: Sequence[set[str]]) -> dict[str, str]:
    """1, 2 … for each employer of several entries, in the order in which they first come; within an entry by name."""
    shared = Counter(one for each in firms for one in {plain(firm) for firm in each} if one)
    found = dict.fromkeys(one for each in firms for one in sorted({plain(firm) for firm in each}) if shared[one] > 1)
    return {one: str(place) for place, one in enumerate(found, start=1)}


def _letters(place: int) -> str:
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


async def _firms(event: UUID) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for row in await Member.select(Member.entry, Member.unit).where(Member.event == event):
        found.setdefault(row["entry"], set()).add(row["unit"])
    return found


def _groups(text: str, known: set[str]) -> list[set[str]]:
    """Declared groups; two that share a firm are one."""
    groups: list[set[str]] = []
    for line in text.splitlines():
        names = {name.strip() for name in BETWEEN.split(line) if name.strip()}
        if not names:
            continue
        if unknown := sorted(names - known):
            raise _unknown(unknown)
        if len(names) == 1:
            raise _alone(names.pop())
        touching = [group for group in groups if group & names]
        groups = [*(group for group in groups if group not in touching), names.union(*touching)]
    return groups


def _group_of(groups: Sequence[set[str]], names: set[str]) -> str:
    return next((f"R{place}" for place, group in enumerate(groups, start=1) if group & names), "")


def _unknown(names: Sequence[str]) -> Refusal:
    return Refusal(
        "draw.related-unknown",
        Words(f"没有人以这些单位报名：{'、'.join(names)}。", f"Nobody entered under: {', '.join(names)}."),
        Words(
            "请按报名表上的写法填写单位或代表队。", "Write units or delegations as the registration forms have them."
        ),
        status=422,
    )


def _alone(name: str) -> Refusal:
    return Refusal(
        "draw.related-alone",
        Words(f"“{name}”一行只有一个单位。", f'There is only one firm on the line "{name}".'),
        Words(
            "一行写一组互相关联的单位，用顿号隔开。", "One line for each group of related firms, with commas between."
        ),
        status=422,
    )
