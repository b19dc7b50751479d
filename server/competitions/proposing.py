"""Proposals of panels as rows: asked for, computed in a process of their own, kept until a person takes them over.

The solver works for seconds and brings numeric libraries along, so that the program that answers requests never loads
it: `computed` does, where it is called.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.access import Actor
from server.competitions.judges import Event, Held, Judge, Rules
from server.database.piccolo_conf import DB
from server.database.tables import Proposal
from server.errors import missing
from server.ledger import hold

SECONDS = 20
"""How long the solver may look for the best."""
PATIENCE = timedelta(seconds=90)
"""After so long a proposal that never came back is given up."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a proposal is computed from; `ids` gives every judge of the pool by the name that the words use."""

    judges: tuple[Judge, ...]
    events: tuple[Event, ...]
    held: tuple[Held, ...]
    rules: Rules
    ids: Mapping[str, str]


def computed(question: Question, seconds: float = SECONDS) -> dict[str, Any]:
    """The proposal as data that a row can hold."""
    panels = importlib.import_module("server.competitions.panels")
    proposal = panels.propose(question.judges, question.events, question.held, question.rules, seconds)
    asked = {one.id for one in question.events}
    return {
        "ids": dict(question.ids),
        "panels": {panel.event: [seat.judge for seat in panel.seats] for panel in proposal.panels},
        "short": [
            {"event": one.event, "lacking": one.lacking, **_said(one.verdict.reason)}
            for one in proposal.short
            if one.event in asked
        ],
        "loads": dict(proposal.loads),
        "unproven": _said(proposal.best.reason),
    }


def _said(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


async def begin(competition: UUID, actor: Actor, at: datetime) -> UUID | None:
    """A proposal that is being computed from now on; None while one is, for that one is waited for."""
    async with DB.transaction():
        await hold(competition)
        there = await newest(competition, at)
        if there and there["state"] == "computing":
            return None
        row = Proposal(
            id=uuid4(), competition=competition, state="computing", asked_by=actor.name, asked=at, done=None, content={}
        )
        await Proposal.insert(row)
    return UUID(str(row.id))


async def finish(proposal: UUID, content: Mapping[str, Any] | None, at: datetime) -> None:
    """Keep what was computed; None when nothing came of it."""
    changes: dict[Any, Any] = {Proposal.done: at, Proposal.state: "ready" if content else "failed"}
    await Proposal.update({**changes, Proposal.content: dict(content or {})}).where(Proposal.id == proposal)


async def newest(competition: UUID, at: datetime) -> dict[str, Any] | None:
    """The proposal that was asked for last, if there is one."""
    query = Proposal.select().where(Proposal.competition == competition)
    row = await query.order_by(Proposal.asked, ascending=False).output(load_json=True).first()
    return _seen(row, at) if row else None


async def proposal_of(competition: UUID, proposal: UUID, at: datetime) -> dict[str, Any]:
    """One proposal of a competition. Raises Refusal `not-found`."""
    where = (Proposal.competition == competition) & (Proposal.id == proposal)
    row = await Proposal.select().where(where).output(load_json=True).first()
    if not row:
        raise missing(Words("这份方案", "proposal"))
    return _seen(row, at)


def _seen(row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A row as it is to be read: what is not back in time will not come."""
    late = row["state"] == "computing" and at > row["asked"] + PATIENCE
    return {**row, "state": "failed" if late else row["state"]}
