"""The occupations that an organiser added: what the shipped table does not have, found beside it, by this organiser only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec

from scoring.verdict import Words
from server.competitions.checking import OCCUPATION_CODE, invalid
from server.competitions.facts import EDITIONS
from server.competitions.occupations import LIMIT, Listed, search, shipped
from server.database.tables import Occupation
from server.errors import Refusal, missing


class NewOccupation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An occupation as an organiser names it; it may have no code."""

    name: Annotated[str, msgspec.Meta(max_length=200)]
    name_en: Annotated[str, msgspec.Meta(max_length=200)] = ""
    code: str = ""
    edition: int = 2022
    work_types: list[str] = []


async def add_occupation(organiser: UUID, new: NewOccupation) -> UUID:
    """Add an occupation to an organiser's own. Raises Refusal `occupation.invalid` or `occupation.taken`."""
    if not new.name.strip():
        raise invalid("occupation.invalid", "职业还没有名称", "The occupation has no name")
    if new.code and not OCCUPATION_CODE.fullmatch(new.code):
        raise invalid(
            "occupation.invalid", "职业编码写成 6-18-02-04 的样子", "An occupation's code is written like 6-18-02-04"
        )
    if new.edition not in EDITIONS:
        raise invalid("occupation.invalid", "大典只有 1999、2015、2022 三版", "The editions are 1999, 2015 and 2022")
    row = Occupation(id=uuid4(), organiser=organiser, **msgspec.structs.asdict(new))
    added = await Occupation.insert(row).on_conflict(action="DO NOTHING").returning(Occupation.id)
    if not added:
        raise Refusal("occupation.taken", Words(f"“{new.name}”已经在表里。", f'"{new.name}" is in the table already.'))
    return UUID(str(row.id))


async def remove_occupation(organisers: Iterable[UUID], id: str) -> None:
    """Take an occupation out; events that were made with it keep their words. Raises Refusal `not-found`."""
    mine = {str(row["id"]): row["id"] for row in await own_occupations(organisers)}
    if id not in mine:
        raise missing(Words("这个职业", "occupation"))
    await Occupation.delete().where(Occupation.id == mine[id])


async def own_occupations(organisers: Iterable[UUID]) -> list[dict[str, Any]]:
    """The occupations that these organisers added, by name."""
    asked = list(organisers)
    query = Occupation.select().where(Occupation.organiser.is_in(asked)).order_by(Occupation.name)
    return [dict(row) for row in await query.output(load_json=True)] if asked else []


async def found(organisers: Iterable[UUID], text: str, limit: int = LIMIT) -> list[Listed]:
    """The occupations that the text can mean, best first, among the shipped ones and these organisers' own."""
    mine = [
        Listed(row["code"], row["edition"], row["name"], row["name_en"], tuple(row["work_types"]))
        for row in await own_occupations(organisers)
    ]
    return list(search(text, (*mine, *shipped()), limit))
