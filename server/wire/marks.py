"""Marks on the wire, and what somebody needs to make them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

TURNING = r"\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Signs that turn the direction of writing (Unicode UAX #9): a name with one is read as another."""
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=rf"^[^\x00-\x1f\x7f{TURNING}]*$")]
"""Without control signs: PostgreSQL keeps no NUL, and nobody could read the others."""
Ulid = Annotated[str, msgspec.Meta(pattern="^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]


def told_everywhere(made_at: datetime) -> None:
    """Raises ValueError where a time cannot be told in every time zone."""
    if not 1 < made_at.year < 9999:
        raise ValueError("made_at is out of range")


class NewMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mark as the tablet sends it; `value` in hundredths, a judged score of 2 is 200."""

    id: Ulid
    event: UUID
    entry: Short
    aspect: Short
    value: Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]
    device: Short
    counter: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    made_at: Annotated[datetime, msgspec.Meta(tz=True)]
    round: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1
    replaces: Annotated[str, msgspec.Meta(pattern="^([0-7][0-9A-HJKMNP-TV-Z]{25})?$")] = ""

    def __post_init__(self) -> None:
        """A time is one that can be told in every time zone."""
        told_everywhere(self.made_at)


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one mark. `stored`, `duplicate` and `conflict` are in the ledger; `refused` is not."""

    id: str
    status: str
    code: str = ""
    zh: str = ""
    en: str = ""
    sequence: int = 0
    hash: str = ""
    conflict: bool = False
    """With `duplicate`: the row that is there wears a conflict."""


class Answers(msgspec.Struct):
    """One answer per mark, in the order of the post."""

    answers: list[Answer]


class MarkShown(msgspec.Struct, frozen=True):
    """A current mark; `value` in hundredths."""

    id: str
    entry: str
    aspect: str
    value: int
    round: int
    conflict: bool
    sequence: int


class Sheets(msgspec.Struct, frozen=True):
    """What somebody marks: the scheme, the work codes, their own current marks and the panel's. Nothing names a person."""

    event: UUID
    code: str
    panel: int
    state: str
    seat: str
    scheme: dict[str, Any]
    entries: list[str]
    marks: list[MarkShown]


class FloorShown(msgspec.Struct, frozen=True):
    """What happened to an entry, by its work code."""

    entry: str
    status: str
    reason: str
    at: datetime


class Floor(msgspec.Struct, frozen=True):
    """Every entry that did not simply compete."""

    floor: list[FloorShown]


class StatusSet(msgspec.Struct, frozen=True):
    """An entry's status from now on."""

    entry: str
    status: str


class Shift(msgspec.Struct, frozen=True):
    """Everything that a judge needs to mark without the server."""

    account: UUID
    judge: str
    events: list[dict[str, Any]]
    carry: str
    pin: dict[str, Any]
