"""What a competition asks of its panels: the rules for judges, and the days on which each event needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from scoring.ladder import LEVELS
from scoring.verdict import Words, days_said
from server.access import Actor
from server.competitions.judges import TITLES, Demand, Rules
from server.database.piccolo_conf import DB
from server.database.tables import PanelDays, PanelRules
from server.errors import Refusal, unchanged
from server.ledger import hold, record

USUAL = Rules(Demand(years=3))
"""技师 or a middle title and three years in the occupation; one judge per unit: what most announcements of competitions ask."""
ONE_PER = ("unit", "delegation", "")


async def rules_of(competition: UUID) -> tuple[Rules, str]:
    """The rules for judges of a competition, and what two judges of one panel must not have in common."""
    row = await PanelRules.select().where(PanelRules.competition == competition).first()
    if not row:
        return USUAL, "unit"
    return Rules(Demand(row["years"], row["level"], row["title"]), most=row["most"]), row["one_per"]


def rules_as_known(rules: Rules, one_per: str) -> str:
    """The rules as a page gives them back, to say what its reader saw."""
    least = rules.least
    return "/".join(map(str, (least.years, least.level, least.title, rules.most or "", one_per)))


async def choose_rules(
    competition: Mapping[str, Any], rules: Rules, one_per: str, actor: Actor, at: datetime, known: str | None = None
) -> None:
    """Choose the rules for judges; `known` is what was there when somebody began to change them.

    Raises Refusal `panel.rules` or `changed.meanwhile`.
    """
    least = rules.least
    named = (least.level in LEVELS or not least.level) and (least.title in TITLES or not least.title)
    numbers = 0 <= least.years <= 50 and (rules.most is None or 1 <= rules.most <= 100)
    if not (named and numbers and one_per in ONE_PER):
        words = Words("年限填 0 到 50，上限填 1 到 100。", "Years are 0 to 50, the largest load 1 to 100.")
        raise Refusal("panel.rules", words, status=422)
    values: dict[str, Any] = {
        "years": least.years,
        "level": least.level,
        "title": least.title,
        "most": rules.most,
        "one_per": one_per,
    }
    async with DB.transaction():
        await hold(competition["id"])
        there = await rules_of(competition["id"])
        unchanged(known, rules_as_known(*there), _told(*there))
        mine = PanelRules.competition == competition["id"]
        changes: dict[Any, Any] = dict(values)
        if not await PanelRules.update(changes).where(mine).returning(PanelRules.id):
            await PanelRules.insert(PanelRules(id=uuid4(), competition=competition["id"], **values))
        await record(competition["id"], "panel.rules", actor, at, data=values)


def _told(rules: Rules, one_per: str) -> Words:
    """The rules in a line, for somebody who had not seen them."""
    least, nothing = rules.least, Words("–", "–")
    level = LEVELS[least.level].name if least.level else nothing
    title = TITLES[least.title] if least.title else nothing
    most = rules.most or "–"
    shared = {"unit": Words("单位", "unit"), "delegation": Words("代表队", "delegation")}.get(one_per, nothing)
    return Words(
        f"从业 {least.years} 年，等级 {level.zh}，职称 {title.zh}，每年最多 {most} 次，不得同{shared.zh}",
        f"{least.years} years, level {level.en}, title {title.en}, {most} panels a year at most, never the same {shared.en}",
    )


def days_between(competition: Mapping[str, Any]) -> list[date]:
    """Every day of a competition."""
    span = (competition["ends"] - competition["starts"]).days
    return [competition["starts"] + timedelta(days=day) for day in range(span + 1)]


async def days_of(competition: Mapping[str, Any]) -> dict[UUID, frozenset[date]]:
    """Event → the days for which its panel is needed, where a person has named them."""
    rows = await PanelDays.select().where(PanelDays.event.competition == competition["id"]).output(load_json=True)
    return {row["event"]: frozenset(date.fromisoformat(day) for day in row["days"]) for row in rows}


def days_as_known(days: Iterable[date]) -> str:
    """The days as a page gives them back, to say what its reader saw."""
    return "/".join(day.isoformat() for day in sorted(days))


async def choose_days(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    days: Sequence[date],
    actor: Actor,
    at: datetime,
    known: str | None = None,
) -> None:
    """Name the days for which an event needs its panel; `known` are those that were named when somebody began to change them.

    Raises Refusal `panel.days` or `changed.meanwhile`.
    """
    if not days or not set(days) <= set(days_between(competition)):
        words = Words("请至少选一个竞赛期间的日子。", "Choose one day of the competition at least.")
        raise Refusal("panel.days", words, status=422)
    named = [day.isoformat() for day in sorted(set(days))]
    async with DB.transaction():
        await hold(competition["id"])
        there = (await days_of(competition)).get(event["id"], frozenset(days_between(competition)))
        unchanged(known, days_as_known(there), days_said(there))
        mine = PanelDays.event == event["id"]
        changes: dict[Any, Any] = {PanelDays.days: named}
        if not await PanelDays.update(changes).where(mine).returning(PanelDays.id):
            await PanelDays.insert(PanelDays(id=uuid4(), event=event["id"], days=named))
        await record(competition["id"], "panel.days", actor, at, event=event["id"], data={"days": named})
