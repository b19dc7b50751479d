"""Registration's window: to the minute, in the competition's own time zone, and open to staff for what came in on paper."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from scoring.verdict import Yes
from server.access import Actor
from server.database.tables import Competition, Entry
from server.errors import Refusal
from server.registration.flow import enter
from server.registration.window import deadline, window
from tests.server.small import AT, SEALER, form, founded, opened, row_of

OPENS = datetime(2026, 8, 1, 0, 0, tzinfo=UTC)
CLOSES = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
ORGANISER = uuid4()
COMPETITION: dict[str, Any] = {
    "organiser": ORGANISER,
    "time_zone": "Asia/Shanghai",
    "registration_opens": OPENS,
    "registration_closes": CLOSES,
}
CLERK = Actor(uuid4(), "孙会计", delegations=frozenset({uuid4()}))


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        (datetime(2026, 7, 31, 23, 59, 59, tzinfo=UTC), "registration.not-yet"),
        (OPENS, "registration.open"),
        (CLOSES, "registration.open"),
        (datetime(2026, 9, 30, 16, 0, 1, tzinfo=UTC), "registration.over"),
    ],
)
def test_the_window_opens_and_closes_to_the_second(at: datetime, rule: str) -> None:
    """Both moments belong to it; a second before or after is refused."""
    assert window(COMPETITION, CLERK, at).rule == rule


def test_the_refusal_names_the_moment_as_the_organiser_wrote_it() -> None:
    """Midnight in Shijiazhuang is said as midnight in Shijiazhuang."""
    verdict = window(COMPETITION, CLERK, AT)
    assert "2026-10-01 00:00" in verdict.reason.zh and "2026-10-01 00:00" in verdict.reason.en


def test_the_deadline_is_told_in_the_organisers_zone_with_what_is_left() -> None:
    """To the minute, with the zone beside it; the last second belongs to it; afterwards and without one nothing is told."""
    assert deadline(COMPETITION, datetime(2026, 9, 29, 15, 0, tzinfo=UTC)) == ("2026-10-01 00:00 (UTC+08:00)", 90_000)
    assert deadline(COMPETITION, CLOSES) == ("2026-10-01 00:00 (UTC+08:00)", 0)
    assert deadline(COMPETITION, datetime(2026, 9, 30, 16, 0, 1, tzinfo=UTC)) is None
    assert deadline({**COMPETITION, "registration_closes": None}, CLOSES) is None


def test_without_a_window_nobody_is_turned_away_and_staff_never_is() -> None:
    """A competition that names no moments has no window; the organiser's staff type in what came on paper."""
    never = {**COMPETITION, "registration_opens": None, "registration_closes": None}
    assert isinstance(window(never, CLERK, AT), Yes)
    assert isinstance(window(COMPETITION, Actor(uuid4(), organisers=frozenset({ORGANISER})), AT), Yes)


async def test_a_late_form_enters_nobody(database: str) -> None:
    """A clerk's form after the close is refused before anything is stored; the staff's goes in."""
    small = await founded()
    await opened(small, "registration")
    await Competition.update({Competition.registration_closes: CLOSES}).where(Competition.slug == small.slug)
    competition = await small.competition()
    with pytest.raises(Refusal, match=r"registration\.over"):
        await enter(competition, form("唐山市", [row_of(0)]), SEALER, CLERK, AT)
    assert await Entry.count() == 0
    assert (await enter(competition, form("唐山市", [row_of(0)]), SEALER, small.staff, AT)).entries == 1
