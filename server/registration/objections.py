"""What stands against somebody who wants to enter, in words: they are in already, elsewhere, or not who the form says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.verdict import Problem
from server.registration.form import Row, problem


def name_differs(row: Row) -> Problem:
    """The document is known under another name."""
    return problem(
        "registration.name-differs",
        row,
        "姓名",
        "这个证件号码以前登记的是另一个姓名",
        "This document was registered under another name before",
        "请核对姓名与号码；确已改名的请联系主办方",
        "Check both; if the name was changed, tell the organiser",
    )


def id_twice(row: Row, earlier: Row) -> Problem:
    """The document stands in an earlier row."""
    return problem(
        "registration.id-twice",
        row,
        "身份证号",
        f"这个证件号码在第 {earlier.row} 行已经有了",
        f"Row {earlier.row} has this document already",
        "请核对号码，或删去重复的一行",
        "Check the number, or take one of the rows out",
    )


def entered(row: Row, other: Mapping[str, Any]) -> Problem:
    """The person has entered this competition already."""
    return problem(
        "registration.entered",
        row,
        "身份证号",
        f"此人已由{other['delegation']}报名“{other['event']}”，每人限报一项",
        f'{other["delegation"]} has entered this person for "{other["event"]}"; one event each',
        "请删去其中一项",
        "Take one of them out",
    )


def entered_by_others(row: Row) -> Problem:
    """The same for somebody who may not be told by whom."""
    return problem(
        "registration.entered",
        row,
        "身份证号",
        "此人已由别的代表队报名本次竞赛，每人限报一项",
        "Another delegation has entered this person here already; one event each",
        "请与本人核对；有争议的请联系主办方",
        "Ask the person; ask the organiser if you disagree",
    )


def still_in(row: Row, event: str) -> Problem:
    """Another entry of the person stays in."""
    return problem(
        "registration.still-in",
        row,
        "赛项名称",
        f"此人在本队已报名“{event}”，那一份不在这张表里，还留着",
        f'This delegation has entered the person for "{event}", which is not in this form and stays',
        "改报或换队的，请选“撤下表里没有的报名”",
        "If they change event or team, choose to withdraw what is not in the form",
    )


def at_the_same_time(row: Row, other: Mapping[str, Any] | None) -> Problem:
    """The person takes part in another competition on the same days; which one only for those who may know."""
    what = f"“{other['competition']}”（{other['delegation']}，{other['event']}）" if other else "另一项竞赛"
    said = f'"{other["competition"]}" ({other["delegation"]}, {other["event"]})' if other else "another competition"
    return problem(
        "registration.elsewhere",
        row,
        "身份证号",
        f"此人同一时间已报名{what}",
        f"At the same time this person takes part in {said}",
        "确认此人能来的写明理由，或换人",
        "Give a reason if they can come, or send somebody else",
    )


def same_name(row: Row, earlier: Row) -> Problem:
    """Two people who may be one."""
    return problem(
        "registration.same-name",
        row,
        "姓名",
        f"与第 {earlier.row} 行同名同单位，证件不同",
        f"The same name and unit as in row {earlier.row}, with another document",
        "确是两个人的写明理由；否则删去一行",
        "Give a reason if they are two people; otherwise take one row out",
    )


def rejected(row: Row) -> Problem:
    """The entry was rejected in its review: it is not changed any more."""
    return problem(
        "registration.rejected",
        row,
        "姓名",
        "这份报名审核不予通过，不能再改",
        "This entry was rejected in the review and cannot be changed",
        "请按原样保留或撤下；有异议的请联系主办方",
        "Leave it as it is or withdraw it; ask the organiser if you disagree",
    )
