"""Characters that no face draws: who waits for them, and giving one, for the whole installation.

What was given stands in the database, from which the faces are made (see `faces`). A character that stands on a certificate,
as it was given before or as an added font draws it, is not given again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from certificates import characters, fonts
from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Certificate, Crew, Event, GivenCharacter, Member, Seat
from server.errors import Refusal
from server.issuing.faces import laid_out
from server.issuing.pressing import in_a_press
from server.ledger import hold, record

How = Literal["font", "picture", "other"]
LARGEST = 40_000_000
MOST_SOURCE = 80


@dataclass(slots=True)
class Wanting:
    """A character that cannot be printed, and who waits for it."""

    char: str
    people: list[str] = field(default_factory=list)

    @property
    def codepoint(self) -> str:
        return f"U+{ord(self.char):04X}"


async def wanting(competition: Mapping[str, Any]) -> list[Wanting]:
    """Every character of a name in a competition that no face draws: competitors, judges, crew, events."""
    id = competition["id"]
    members = await Member.select(Member.person.name.as_alias("name")).where(Member.event.competition == id)
    judges = await Seat.select(Seat.account.name.as_alias("name")).where(Seat.event.competition == id)
    crew = await Crew.select(Crew.name).where(Crew.competition == id)
    events = await Event.select(Event.name).where(Event.competition == id)
    names = [row["name"] for row in (*members, *judges, *crew, *events)]
    return await asyncio.to_thread(_wanting, [*names, competition["name"]])


def _wanting(names: Iterable[str]) -> list[Wanting]:
    have, found = fonts.faces(), dict[str, Wanting]()
    for name in dict.fromkeys(names):
        for char in dict.fromkeys(one.char for one in have.missing("name", name)):
            found.setdefault(char, Wanting(char)).people.append(name)
    return [found[char] for char in sorted(found)]


async def given() -> list[dict[str, Any]]:
    """What was given, in that order."""
    return [dict(row) for row in await GivenCharacter.select().order_by(GivenCharacter.at)]


async def give(
    competition: Mapping[str, Any],
    char: str,
    how: How,
    content: bytes,
    source: str,
    data: Path,
    presses: Executor,
    actor: Actor,
    at: datetime,
) -> None:
    """Give a character an outline, from now on for everybody here.

    Raises Refusal: `character.drawn` where a face has it, `character.used` where a certificate bears it as it was drawn
    before, or `character.…` with the reason of `characters.Unusable`.
    """
    if (
        len(char) != 1
        or not fonts.visible(char)
        or char.isspace()
        or fonts.faces(fonts.VENDORED).stack("name")[0].draws(char)
    ):
        words = Words("这不是一个印不出的字。", "This is no character that cannot be printed.")
        raise Refusal("character.drawn", words, status=422)
    text = source.strip() if how == "other" else char
    try:
        loop = asyncio.get_running_loop()
        outline = await loop.run_in_executor(presses, in_a_press, "outline", how, content, text)
    except characters.Unusable as error:
        why = characters.REASONS[error.rule]
        raise Refusal(f"character.{error.rule}", Words(why.zh, why.en), status=422) from error
    row = GivenCharacter(
        id=uuid4(), character=char, outline=outline, how=how, source=source.strip()[:MOST_SOURCE], by_name=actor.name, at=at
    )  # fmt: skip
    async with DB.transaction():
        await hold(competition["id"])
        if await Certificate.exists().where(Certificate.content.like(f"%{char}%")):
            words = Words("已有证书用了这个字形，不能再换。", "A certificate bears this outline, so that it stays.")
            raise Refusal("character.used", words)
        await GivenCharacter.delete().where(GivenCharacter.character == char)
        await GivenCharacter.insert(row)
        said = {"character": f"U+{ord(char):04X}", "how": how, "source": str(row.source)}
        await record(competition["id"], "character.given", actor, at, data=said)
    await laid_out(data, presses)
