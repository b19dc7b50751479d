"""Registration's window: to the minute, in the competition's own time zone, and after it only with a supervisor's permission."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from scoring.verdict import Yes
from server.access import Actor
from server.database.tables import Competition, Decision, Delegation, Entry
from server.errors import Refusal
from server.registration.flow import enter
from server.registration.late import late_of, let_late, may_bring, may_enter
from server.registration.sending import add_delegations
from server.registration.window import deadline, window
from tests.server.small import AT, SEALER, Small, form, founded, opened, row_of

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


def test_the_refusal_names_the_moment_as_its_reader_writes_it() -> None:
    """Midnight in Shijiazhuang is said as midnight in Shijiazhuang, in either language."""
    verdict = window(COMPETITION, CLERK, AT)
    assert "2026年10月1日 00:00" in verdict.reason.zh and "1 Oct 2026, 00:00" in verdict.reason.en


def test_the_deadline_is_told_with_what_is_left() -> None:
    """The last second belongs to it; afterwards and without one nothing is told."""
    assert deadline(COMPETITION, datetime(2026, 9, 29, 15, 0, tzinfo=UTC)) == (CLOSES, 90_000)
    assert deadline(COMPETITION, CLOSES) == (CLOSES, 0)
    assert deadline(COMPETITION, datetime(2026, 9, 30, 16, 0, 1, tzinfo=UTC)) is None
    assert deadline({**COMPETITION, "registration_closes": None}, CLOSES) is None


def test_without_a_window_nobody_is_turned_away_and_staff_prepares_at_any_time() -> None:
    """A competition that names no moments has no window; photos and papers the organiser's staff adds also outside of it."""
    never = {**COMPETITION, "registration_opens": None, "registration_closes": None}
    assert isinstance(window(never, CLERK, AT), Yes)
    assert isinstance(window(COMPETITION, Actor(uuid4(), organisers=frozenset({ORGANISER})), AT), Yes)


async def test_a_late_form_enters_nobody_until_a_supervisor_permits_it(database: str) -> None:
    """After the close nobody's form is taken, the staff's no more than the clerk's; with a supervisor's permission it is,
    for that delegation and until that moment; the ledger says who permitted it and why.
    """
    small = await closed_early()
    competition, late = await small.competition(), AT + timedelta(hours=2)
    for actor in (CLERK, small.staff):
        with pytest.raises(Refusal, match=r"registration\.over"):
            await enter(competition, form("唐山市", [row_of(0)]), SEALER, actor, AT)
    assert await Entry.count() == 0 and await Delegation.count() == 2
    ours = await delegation_id("唐山市")
    await let_late(competition, ours, late, "暴雨停运", small.supervisor, AT)
    assert (await enter(competition, form("唐山市", [row_of(0)]), SEALER, small.staff, late)).entries == 1
    said = await Decision.select().where(Decision.kind == "registration.late").first()
    assert (said["reason"], said["actor_name"]) == ("暴雨停运", small.supervisor.name)
    with pytest.raises(Refusal, match=r"registration\.over"):
        await enter(competition, form("廊坊市", [row_of(1)]), SEALER, small.staff, late)
    theirs = await delegation_id("廊坊市")
    assert isinstance(
        await may_bring(competition, ours, CLERK, late), Yes
    )  # who comes late brings photo and papers too
    assert isinstance(await may_bring(competition, theirs, small.staff, AT), Yes)
    assert (await may_bring(competition, theirs, CLERK, AT)).rule == "registration.over"
    verdict = await may_enter(competition, ours, CLERK, late + timedelta(seconds=1))
    assert verdict.rule == "registration.over" and "监督" in verdict.reason.zh


async def test_a_permission_needs_a_reason_a_moment_to_come_and_a_close(database: str) -> None:
    """Without any of them nothing is permitted; the newest permission of a delegation is the one that counts."""
    small = await closed_early()
    competition, ours, later = await small.competition(), await delegation_id("唐山市"), AT + timedelta(days=1)
    refused = (
        (later, " ", "late.reason"),
        (later, "病" * 501, "late.reason"),
        (AT, "病", "late.until"),
        (None, "病", "late.until"),
    )
    for until, reason, code in refused:
        with pytest.raises(Refusal, match=code):
            await let_late(competition, ours, until, reason, small.supervisor, AT)
    with pytest.raises(Refusal, match="not-found"):
        await let_late(competition, uuid4(), later, "病", small.supervisor, AT)
    with pytest.raises(Refusal, match=r"late\.open"):
        await let_late(competition, ours, later, "病", small.supervisor, CLOSES)
    assert await late_of(competition) == {}
    await let_late(competition, ours, later, "病", small.supervisor, AT)
    await let_late(competition, ours, AT + timedelta(minutes=1), "已到齐", small.supervisor, AT)
    assert (await late_of(competition))[ours].until == AT + timedelta(minutes=1)
    assert (await may_enter(competition, ours, CLERK, later)).rule == "registration.over"


async def closed_early() -> Small:
    """A competition whose registration is over, with two delegations."""
    small = await founded()
    await opened(small, "registration")
    await add_delegations(await small.competition(), ["唐山市", "廊坊市"], small.staff, AT)
    await Competition.update({Competition.registration_closes: CLOSES}).where(Competition.slug == small.slug)
    return small


async def delegation_id(name: str) -> UUID:
    """A delegation's id."""
    row = await Delegation.select(Delegation.id).where(Delegation.name == name).first()
    return UUID(str(row["id"]))
