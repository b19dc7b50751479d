"""Persons, each once however many competitions they enter: known by the blind index of their document, or added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from scoring.identity import birth_date
from server.database.bulk import insert_rows
from server.database.tables import Person
from server.registration.form import Line, Row, line_of
from server.sealing import Sealer

People = Mapping[Line, Mapping[str, Any]]
"""The person of each row: id and name, and whatever else is kept of them."""

KNOWN = """SELECT id, name, sex, birth_date, ethnicity, education, phone_sealed, document_index FROM person
WHERE document_index = ANY({})"""


def index_of(row: Row, sealer: Sealer) -> bytes:
    """Under what the person of a row is known."""
    return sealer.index("document", row.document_kind, row.document_number)


def identified(row: Row) -> bool:
    """Whether the row names a document; one that cannot be real was refused by the reader, and is nobody's."""
    return bool(row.document_kind and row.document_number)


async def known(indexes: Iterable[bytes], keep: bool = False) -> dict[bytes, Mapping[str, Any]]:
    """The persons under these indexes; with `keep` nobody takes them out before the transaction ends."""
    asked = list(dict.fromkeys(indexes))
    found = await Person.raw(KNOWN + (" FOR KEY SHARE" if keep else ""), asked) if asked else []
    return {bytes(row["document_index"]): row for row in found}


async def persons(rows: Sequence[Row], indexes: Mapping[Line, bytes], sealer: Sealer) -> tuple[People, list[Any]]:
    """The person of each row, and the ids of those who were added. Forms of two competitions that bring the same new
    person at once meet here: one waits, and both have the same person.
    """
    asked = {line_of(row): indexes[line_of(row)] for row in rows}
    there = await known(asked.values(), keep=True)
    new = {asked[line_of(row)]: row for row in reversed(rows) if asked[line_of(row)] not in there}
    fresh = [_person(new[index], index, sealer) for index in sorted(new)]
    if fresh:
        await insert_rows(Person, fresh, unless="document_index")
        there = await known(asked.values(), keep=True)
    ours = {one["id"] for one in fresh}
    added = [person["id"] for person in there.values() if person["id"] in ours]
    return {line: there[index] for line, index in asked.items()}, added


def _person(row: Row, index: bytes, sealer: Sealer) -> dict[str, Any]:
    id = uuid4()
    return {
        "id": id,
        "name": row.name,
        "sex": row.sex,
        "birth_date": born(row),
        "ethnicity": row.ethnicity,
        "education": row.education,
        "phone_sealed": sealer.seal(row.phone, f"phone:{id}"),
        "document_kind": row.document_kind,
        "document_sealed": sealer.seal(row.document_number, f"document:{id}"),
        "document_index": index,
        "document_masked": masked(row.document_number),
        "lookup_index": lookup_index(sealer, row.name, row.document_number),
    }


def phone_of(person: object, sealed: bytes, sealer: Sealer) -> str:
    """A person's telephone number; nothing where none was ever given."""
    return sealer.open(sealed, f"phone:{person}") if sealed else ""


def born(row: Row) -> Any:
    """The birth date of a row: as the form says it, or out of a resident's number."""
    return row.birth or (birth_date(row.document_number) if row.document_kind == "resident-id" else None)


def masked(number: str) -> str:
    """An identity number as pages show it: the first three characters and the last two."""
    return number[:3] + "*" * (len(number) - 5) + number[-2:] if len(number) > 7 else "*" * len(number)


def lookup_index(sealer: Sealer, name: str, number: str) -> bytes:
    """Under what a winner is found: the name and the last six characters of the document."""
    return sealer.index("lookup", name, number[-6:])
