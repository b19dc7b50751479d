"""Characters that no face draws: who waits for them, and giving one, for the whole installation.

What was given stands in the database; the faces with it are made from there, into a folder that is never changed, and the
link that the presses follow is moved when it is whole. A character that stands on a certificate is not given again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
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

    Raises Refusal: `character.drawn` where a face has it, `character.used` where a certificate bears it as it was given
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
        if await GivenCharacter.exists().where(GivenCharacter.character == char):
            if await Certificate.exists().where(Certificate.content.like(f"%{char}%")):
                words = Words("已有证书用了这个字形，不能再换。", "A certificate bears this outline, so that it stays.")
                raise Refusal("character.used", words)
            await GivenCharacter.delete().where(GivenCharacter.character == char)
        await GivenCharacter.insert(row)
        said = {"character": f"U+{ord(char):04X}", "how": how, "source": str(row.source)}
        await record(competition["id"], "character.given", actor, at, data=said)
    await laid_out(data, presses)


async def laid_out(data: Path, presses: Executor) -> None:
    """Make the faces with everything that was given, where they are not made yet, and have the presses use them."""
    place = data / ".fonts"  # made again from the database, and therefore in no backup
    os.environ[fonts.FONTS] = str(place)  # which every press inherits
    outlines = {row["character"]: row["outline"] for row in await given()}
    name = hashlib.sha256(json.dumps(outlines).encode()).hexdigest()[:20] if outlines else ""
    link = place / fonts.CURRENT
    if not name:
        link.unlink(missing_ok=True)
        return
    if not (place / name).is_dir():
        kai = await asyncio.get_running_loop().run_in_executor(presses, in_a_press, "face_with", outlines)
        await asyncio.to_thread(_keep, place, name, kai)
    draft = place / f"{fonts.CURRENT}-{uuid4()}"
    draft.symlink_to(name)
    draft.replace(link)


def _keep(place: Path, name: str, kai: bytes) -> None:
    draft = place / f"{name}-{uuid4()}"
    draft.mkdir(parents=True)
    for file in fonts.VENDORED.glob("*.ttf"):
        if file.name != characters.KAI:
            (draft / file.name).symlink_to(file)
    (draft / characters.KAI).write_bytes(kai)
    try:
        draft.rename(place / name)
    except OSError:  # another program was faster with the same
        if not (place / name).is_dir():
            raise
