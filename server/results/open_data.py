"""Open data: what a publication prints, as rows that programs read. Nothing of an event without one, nobody's number.

Three sets. *Results* has a row for each line of published standings, *entries* one for each person in them, *delegations*
one for each delegation that stands in them, with the address of the flag that everybody sees beside its name. All else is made
from the newest snapshots that are public, and from nothing else.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from server.results.public import medal_table
from server.wire import DelegationRow, EntryRow, ResultRow

FORMAT = 2
"""Counts the changes of these columns; part of every ETag."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Events = Sequence[Mapping[str, Any]]
Flags = Mapping[str, str]
"""By a delegation's name the whole address of its flag, where it has one."""


def results_in(events: Events, _: Flags) -> Iterator[ResultRow]:
    """A row for each line, by event and as the standings are."""
    for event, snapshot, row in _lines(events):
        award = row["award"] or {"id": "", "zh": "", "en": ""}
        yield ResultRow(
            *_event(event), snapshot["version"], row["rank"], row["code"],
            "、".join(member["name"] for member in row["members"]),
            "、".join(dict.fromkeys(member["unit"] for member in row["members"])),
            row["delegation"], _decimal(row["total"]), row["status"], award["id"], award["zh"], award["en"],
        )  # fmt: skip


def entries_in(events: Events, _: Flags) -> Iterator[EntryRow]:
    """A row for each person."""
    for event, _snapshot, row in _lines(events):
        for member in row["members"]:
            yield EntryRow(*_event(event), row["code"], member["name"], member["unit"], row["delegation"])


def delegations_in(events: Events, flags: Flags) -> Iterator[DelegationRow]:
    """A row for each delegation, most gold first; those without a medal by name."""
    medals = {line["delegation"]: line for line in medal_table(list(map(dict, events)))}
    entries: dict[str, int] = {}
    people: dict[str, int] = {}
    for _, _, row in _lines(events):
        name = row["delegation"]
        entries[name] = entries.get(name, 0) + 1
        people[name] = people.get(name, 0) + len(row["members"])
    for name in (*medals, *sorted(entries.keys() - medals.keys())):
        won = medals.get(name, {"gold": 0, "silver": 0, "bronze": 0})
        medalled = won["gold"], won["silver"], won["bronze"]
        yield DelegationRow(name, entries[name], people[name], *medalled, flags.get(name, ""))


SETS: Mapping[str, tuple[type[msgspec.Struct], Callable[[Events, Flags], Iterator[msgspec.Struct]]]] = {
    "results": (ResultRow, results_in),
    "entries": (EntryRow, entries_in),
    "delegations": (DelegationRow, delegations_in),
}


def tag_of(events: Events, flags: Flags, file: str) -> str:
    """The ETag of a file: another one when a publication is added or replaced, or a flag in it."""
    parts = [f"{event['code']} {event['snapshot']['sha256']}" for event in events if event["snapshot"]]
    return f'"{hashlib.sha256(repr((FORMAT, file, parts, sorted(flags.items()))).encode()).hexdigest()[:32]}"'


def as_csv(kind: type[msgspec.Struct], rows: Iterator[msgspec.Struct]) -> bytes:
    """CSV as RFC 4180 has it, in UTF-8 with the mark that Excel looks for. A text that a spreadsheet would take for a formula
    has an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(kind.__struct_fields__)
    for row in rows:
        writer.writerow(_inert(value) for value in msgspec.structs.astuple(row))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _inert(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _lines(events: Events) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]]:
    for event in events:
        if event["snapshot"]:
            for row in event["snapshot"]["content"]["rows"]:
                yield event, event["snapshot"], row


def _event(event: Mapping[str, Any]) -> tuple[str, str, str]:
    return event["code"], event["name"], event["name_en"]


def _decimal(hundredths: int) -> str:
    sign, size = ("-" if hundredths < 0 else ""), abs(hundredths)
    return f"{sign}{size // 100}.{size % 100:02}"
