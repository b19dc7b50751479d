"""Competitors' badges as one file: what stands on each card, and how a file of thousands is made a piece at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar.datastructures import State

from admin.desk import edition
from admin.paper_pages import pressed
from admin.registering import named
from certificates.badge import Badge
from server.binding import Told
from server.database.tables import Photo
from server.issuing.pressing import in_a_press
from server.registration.arriving import NEWEST
from server.registration.badge_codes import coded, hand_out
from server.registration.badges import members_with_badges
from server.registration.photos import photos_of
from server.results.pages import name_of

AT_A_TIME = 40
"""Cards that a press sets before it answers: ten sheets, some two seconds of a processor and 170 MB."""


@dataclass(frozen=True)
class Cards:
    """The cards of a file in their order; `photos` are the ids of people's newest ones."""

    competition: UUID
    over: str
    when: str
    lang: str
    members: Sequence[Mapping[str, Any]]
    photos: Mapping[UUID, str]

    def within(self) -> list[Any]:
        """All that the file shows, so that another name, photo or code is another file."""
        cards = [[*_card(row, b"", self.lang).words, self.photos.get(row["person"], "")] for row in self.members]
        return [self.over, self.when, self.lang, cards]


async def cards_of(state: State, competition: Mapping[str, Any], lang: str, **of: Any) -> Cards:
    """The badges of a competition, or of one event or delegation of it."""
    members = await members_with_badges(competition["id"], state.sealer, **of)
    members = await coded(competition["id"], members, state.settings.base_url, state.sealer)
    photos = {row["person"]: str(row["id"]) for row in await Photo.raw(NEWEST, competition["id"])}
    return Cards(
        competition["id"], name_of(competition, lang), when_and_where(competition, lang), lang, members, photos
    )


async def make_cards(state: State, cards: Cards, file: Path, told: Told) -> None:
    """Write the file, and tell after every piece how many cards there are. Raises Refusal `paper.unprintable`."""
    pieces: list[Path] = []
    try:
        for start in range(0, len(cards.members), AT_A_TIME):
            pdf = await set_cards(state, cards, cards.members[start : start + AT_A_TIME])
            pieces.append(file.with_name(f"{file.stem}-{start}.part"))
            await asyncio.to_thread(pieces[-1].write_bytes, pdf)
            told(min(start + AT_A_TIME, len(cards.members)))
        given = [str(piece) for piece in pieces]
        await asyncio.get_running_loop().run_in_executor(state.presses, in_a_press, "join", str(file), given)
    finally:
        for piece in pieces:
            piece.unlink(missing_ok=True)


async def set_cards(state: State, cards: Cards, members: Sequence[Mapping[str, Any]]) -> bytes:
    """Some of the cards as PDF; whoever is on them is asked for their badge from now on. Raises Refusal `paper.unprintable`."""
    photos = await photos_of(cards.competition, {row["person"] for row in members}, state.sealer)
    badges = [_card(row, photos.get(row["person"], b""), cards.lang) for row in members]
    await hand_out(cards.competition, members, datetime.now(UTC))
    return await pressed(state, "badges", "competitors", cards.over, cards.when, badges, cards.lang)


def when_and_where(competition: Mapping[str, Any], lang: str) -> str:
    """What stands at the foot of every badge."""
    venue = competition["venue_en"] or competition["venue"] if lang == "en" else competition["venue"]
    return " · ".join(text for text in (edition(competition, lang)["when"], venue) if text)


def event_name(event: Mapping[str, Any], lang: str) -> str:
    """An event as a badge names it."""
    name = name_of({**event, "edition": 1}, lang)
    return f"{name} · {event['division']}" if event["division"] and lang == "zh" else name


def _card(row: Mapping[str, Any], photo: bytes, lang: str) -> Badge:
    event = {"name": row["event_name"], "name_en": row["event_name_en"], "division": row["division"]}
    delegation = named({"name": row["delegation_name"], "name_en": row["delegation_name_en"]}, lang)
    whence = " · ".join(dict.fromkeys(text for text in (delegation, row["team"], row["unit"]) if text))
    return Badge(row["name"], row["number"], event_name(event, lang), whence, row["code"], photo)
