"""What a competition knows against the rows of a form, whatever was stored before: its events, their occupations, their teams.

Quotas of delegations (`places.py`) are asked beside these, wherever `competition_problems` is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scoring.verdict import Problem
from server.registration.form import Row, problem, teams_of

Events = Mapping[tuple[str, str], Mapping[str, Any]]
"""The events of a competition by name and group."""


def competition_problems(rows: Sequence[Row], events: Events) -> Iterable[Problem]:
    """Every problem that the competition's events give, row by row, then team by team."""
    names = "、".join(sorted({name for name, _ in events}))
    for row in rows:
        event = events.get((row.event, row.group))
        if event is None:
            if row.event:
                yield _no_event(row, events, names)
        elif occupation_of(row, event)[1] != event["occupation_code"]:
            yield _other_occupation(row, event)
        elif (event["team_size"] > 1) != bool(row.team):
            yield problem(
                "registration.team",
                row,
                "队号",
                "该赛项按队参赛，缺队号" if event["team_size"] > 1 else "该赛项是个人赛，不应有队号",
                "This event is for teams, the team's number is missing"
                if event["team_size"] > 1
                else "This event is for one person, a team's number does not belong here",
                "请补上或删去队号",
                "Add it or take it away",
            )
    yield from _team_sizes(rows, events)


def occupation_of(row: Row, event: Mapping[str, Any]) -> tuple[str, str]:
    """The occupation of a row and its code: what the row says, or the event's own where it says nothing else.

    Many forms have no column for it, and whoever enters an event works in its occupation.
    """
    if not row.occupation_code and row.occupation in ("", event["occupation"], event["work_type"]):
        return event["occupation"], event["occupation_code"]
    return row.occupation, row.occupation_code


def _other_occupation(row: Row, event: Mapping[str, Any]) -> Problem:
    zh = (
        f"职业编码 {row.occupation_code} 不是该赛项的职业"
        if row.occupation_code
        else f"“{row.occupation}”没有写职业编码"
    )
    en = (
        f"Occupation {row.occupation_code} is not the event's"
        if row.occupation_code
        else f'"{row.occupation}" has no occupation code'
    )
    return problem(
        "registration.occupation",
        row,
        "职业编码",
        zh,
        en,
        f"应为{event['occupation']} {event['occupation_code']}"
        if event["occupation_code"]
        else f"该赛项的职业是{event['occupation']}，没有编码：请把编码留空，职业也照此填写",
        f"It is {event['occupation_code']} {event['occupation']}"
        if event["occupation_code"]
        else f"Its occupation is {event['occupation']}, which has no code: leave the code empty and write the occupation so",
    )


def closed_problem(row: Row) -> Problem:
    """An event that takes no entries now."""
    return problem(
        "registration.closed",
        row,
        "赛项名称",
        f"“{row.event}”现在不接受报名",
        f'"{row.event}" does not take entries now',
        "请联系主办方",
        "Ask the organiser",
    )


def _no_event(row: Row, events: Events, names: str) -> Problem:
    groups = "、".join(sorted(group for name, group in events if name == row.event))
    if groups:
        mend = (f"该赛项的组别是：{groups}", f"The groups of this event: {groups}")
    else:
        mend = (f"请从这些赛项里选：{names}", f"Choose one of: {names}")
    return problem(
        "registration.no-event",
        row,
        "组别" if groups else "赛项名称",
        f"本次竞赛没有“{row.event}（{row.group}）”这个赛项",
        f'This competition has no event "{row.event}" ({row.group})',
        *mend,
    )


def _team_sizes(rows: Sequence[Row], events: Events) -> Iterable[Problem]:
    for (event_key, team), members in teams_of(rows).items():
        event = events.get(event_key)
        if event and members[0].team and event["team_size"] > 1 and len(members) != event["team_size"]:
            yield problem(
                "registration.team-size",
                members[0],
                "队号",
                f"{team} 号队有 {len(members)} 人，该赛项每队 {event['team_size']} 人",
                f"Team {team} has {len(members)} members; this event wants {event['team_size']}",
                "请补齐或拆开这一队",
                "Complete the team or divide it",
            )
