"""How judges and aspects of sealed events behave: for the office and for trainers, never to change a result.

What is computed, and by which formula, stands in `scoring.judging`. It takes a tenth of a second for an event of ten
entries and a hundred aspects, so that it is kept, with what it was computed from: the head of the mark ledger, the
scheme, the policy and the floor. As soon as one of these has changed, the event is measured anew. Before the seal there
is nothing: nobody watches a judge's leniency while marks can still follow it. Work codes are all that is known here.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.marks import Mark, Scheme
from server.competitions.flow import policy_of, scheme_of
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.tables import AspectStatistic, Event, JudgeStatistic, MeasuredEvent
from server.marks.floor import facts_of_entries
from server.marks.flow import current_marks, current_rows, panel_of
from server.results.computing import Question, Statistics, computed

MEASURED = ("sealed", "reviewed", "published", "final", "certified")
"""States in which marks are complete and change by correction only."""
BASIS = """encode(h.hash, 'hex') || ':' || e.scheme_fingerprint || ':' || e.policy_fingerprint || ':'
    || (SELECT coalesce(max(f.sequence), 0) FROM floor_status f WHERE f.event = e.id)"""
STALE = f"""SELECT e.id, {BASIS} AS basis FROM event e JOIN mark_head h ON h.id = e.id LEFT JOIN measured_event m ON m.id = e.id
WHERE e.competition = {{}} AND e.state = ANY({{}}) AND m.basis IS DISTINCT FROM {BASIS} ORDER BY e.code"""


async def stale_in(competition: UUID) -> list[dict[str, Any]]:
    """The sealed events of a competition that were not measured since their marks, scheme, policy or floor changed."""
    return [dict(row) for row in await Event.raw(STALE, competition, list(MEASURED))]


async def measure(event: Mapping[str, Any], basis: str, processes: Executor, at: datetime) -> None:
    """Measure one event and keep what was found in place of what was known before."""
    scheme, panel = scheme_of(event), await panel_of(event["id"])
    assert scheme is not None  # no event is marked without a scheme: see pipeline
    marks = current_marks(await current_rows(event["id"]), panel, scheme)
    entries = await facts_of_entries(event["id"])
    question = Question(event["scheme"], policy_of(event).id, event["policy_text"], panel.names, entries, marks)
    found = await asyncio.get_running_loop().run_in_executor(processes, computed, question)
    await keep(
        event["id"], basis, scheme, {label: account for account, label in panel.labels.items()}, marks, found, at
    )


async def keep(
    event: UUID,
    basis: str,
    scheme: Scheme,
    accounts: Mapping[str, UUID],
    marks: Sequence[Mark],
    found: Statistics,
    at: datetime,
) -> None:
    """Store the statistics of an event whole. Two programs may measure at once; the later one's are the same."""
    of = {one.judge: one for one in found.judges}
    given, pieces = Counter(mark.judge for mark in marks), {(mark.judge, mark.entry) for mark in marks}
    worked = Counter(judge for judge, _ in pieces)
    judges = [
        {
            "id": uuid4(), "event": event, "account": account, "seat": int(label[1:]), "entries": worked[label],
            "marks": given[label], "compared": of[label].marks if label in of else 0,
            **{name: getattr(of[label], name) if label in of else None for name in ("severity", "deviation", "consistency")},
        }
        for label, account in accounts.items()
    ]  # fmt: skip
    places = {aspect.id: place for place, aspect in enumerate(scheme.aspects)}
    aspects = [
        {
            "id": uuid4(), "event": event, "aspect": one.aspect, "place": places[one.aspect], "name": scheme.aspect(one.aspect).name,
            "name_en": scheme.aspect(one.aspect).name_en,
            "kind": scheme.aspect(one.aspect).kind, "maximum": scheme.aspect(one.aspect).maximum,
            "difficulty": one.difficulty, "discrimination": one.discrimination,
        }
        for one in found.aspects
    ]  # fmt: skip
    async with DB.transaction():
        await Event.select(Event.id).where(Event.id == event).lock_rows().first()
        await JudgeStatistic.delete().where(JudgeStatistic.event == event)
        await AspectStatistic.delete().where(AspectStatistic.event == event)
        await MeasuredEvent.delete().where(MeasuredEvent.id == event)
        await insert_rows(JudgeStatistic, judges)
        await insert_rows(AspectStatistic, aspects)
        await insert_rows(MeasuredEvent, [{"id": event, "basis": basis, "agreement": found.agreement, "at": at}])
