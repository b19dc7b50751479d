"""Planning certificates for a province asks the database a handful of times, however many events there are."""

from __future__ import annotations

from typing import Any

import pytest

from server.database.piccolo_conf import DB
from server.database.tables import Event
from tests.server.issuing.test_kinds import FILED, agreed, plan
from tests.server.small import Small


@pytest.fixture
def small(certified: Small) -> Small:
    """One event whose results are final and whose awards are issued."""
    return certified


MORE_EVENTS = """INSERT INTO event SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'code', 'N' || n))).*
    FROM event e, generate_series({}::int, {}::int) n WHERE e.code = 'M01'"""
THEIR_RESULTS = """INSERT INTO snapshot SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'event', e.id))).*
    FROM snapshot s JOIN event of ON of.id = s.event AND of.code = 'M01', event e
    WHERE e.code LIKE 'N%' AND NOT EXISTS (SELECT 1 FROM snapshot WHERE event = e.id)"""


@pytest.mark.parametrize("kind", ["participation", "award", "level"])
async def test_a_plan_asks_as_often_for_twenty_events_as_for_two(
    small: Small, kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of a province, with more than a hundred events, waits for a handful of answers and not for hundreds."""
    await agreed(small, FILED)
    asked: list[str] = []
    run = DB._run_in_pool

    async def counted(query: str, *more: Any, **named: Any) -> Any:
        asked.append(query)
        return await run(query, *more, **named)

    monkeypatch.setattr(DB, "_run_in_pool", counted)
    counts, people = [], []
    for first, last in ((2, 2), (3, 20)):
        await Event.raw(MORE_EVENTS, first, last)
        await Event.raw(THEIR_RESULTS)
        asked.clear()
        made = await plan(small, kind)
        counts.append(len(asked))
        people.append(len(made.recipients) + len(made.barred))
    assert counts[0] == counts[1] > 0
    assert people[1] >= 10 * people[0] and (people[0] or kind == "award")  # awards were issued behind the last door
