"""Answers about delegations, entries and their review."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from server.wire.core import Problem


class DelegationShown(msgspec.Struct, frozen=True):
    """A delegation; `flag` is the public address of its flag or emblem, "" for none, and changes with the picture."""

    id: UUID
    name: str
    name_en: str
    flag: str


class Added(msgspec.Struct, frozen=True):
    """The names that were added; those that were there before are not among them."""

    added: list[str]


class QuotaSet(msgspec.Struct, frozen=True):
    """How many places a delegation has in an event (its code)."""

    delegation: UUID
    event: str
    places: int


class EntryReviewed(msgspec.Struct, frozen=True):
    """An entry and where it stands in the review; `step` counts the steps from 0."""

    number: str
    state: str
    reason: str
    id: UUID
    version: int
    team: str
    code: str
    event_name: str
    division: str
    delegation_name: str
    names: str | None
    units: str | None
    step: int


class Review(msgspec.Struct, frozen=True):
    """The steps of the review in their order, and the entries of this page."""

    steps: list[str]
    entries: list[EntryReviewed]


class Decided(msgspec.Struct, frozen=True):
    """The batch under which a decision can be taken back."""

    batch: UUID


class TakenBack(msgspec.Struct, frozen=True):
    """How many entries are again as they were."""

    entries: int


class Mended(msgspec.Struct, frozen=True):
    """What was mended in a cell on the way in."""

    row: int
    column: str
    before: str
    after: str


class FormEntered(msgspec.Struct, frozen=True):
    """What went in with a delegation's workbook."""

    delegation: str
    persons: int
    entries: int
    unchanged: bool
    mended: list[Mended]


class EntryChecked(msgspec.Struct, frozen=True):
    """What stands against an entry, what somebody has to look at, and what would happen to each person."""

    problems: list[Problem]
    doubts: list[Problem]
    does: list[str]


class EntryTaken(msgspec.Struct, frozen=True):
    """How many entries were added, changed, left as they were, withdrawn."""

    added: int
    changed: int
    unchanged: int
    withdrawn: int


class FormTaken(EntryTaken, frozen=True):
    """The same for a workbook, with the rows that stayed out."""

    left_out: int


class FormPreview(msgspec.Struct, frozen=True):
    """What taking a workbook in would do; `seen` names this preview when it is accepted.

    `rows` say for each person what it does, changes, problems and doubts; `gone` are entries that it lacks; `columns` what
    each heading means, and `unread` the headings that mean nothing yet.
    """

    id: UUID
    state: str
    seen: str
    delegation: str
    unchanged: bool
    problems: list[Problem]
    rows: list[dict[str, Any]]
    gone: list[dict[str, Any]]
    mended: list[dict[str, Any]]
    unread: list[dict[str, Any]]
    columns: dict[str, str]


class Undone(msgspec.Struct, frozen=True):
    """That something was taken back."""

    undone: bool
