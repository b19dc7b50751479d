"""Sheets of paper: the list in every state a sheet can have, and one sheet before, between and after two typings."""

from typing import Any

Values = dict[str, Any]


def paper_samples(rail: Values, base: Values) -> dict[str, tuple[str, Values]]:
    """The list, empty and full; a sheet to type, with wrong cells, with differences, closed and left unstored."""
    shared = {
        **base,
        "desk": {**rail, "here": "corridor"},
        "competition": {"name": "河北省职业技能大赛（示例）", "url": "/office/hebei"},
        "event": {"code": "M01", "name": "焊接技术", "open": True},
        "action": "/office/hebei/events/M01/paper",
    }
    states = ["done", "owed", "typed", "differs", "agreed", "typed"]
    labels = ["panel", "J1", "J2", "J3", "J4", "J5"]
    rows = [
        {
            "entry": f"W-{n:02}",
            "sheets": [_one(label, states[(n + place) % 6], n % 2 == 0) for place, label in enumerate(labels)],
        }
        for n in range(1, 9)
    ]
    listed = {
        **shared,
        "said": "",
        "asked": "",
        "labels": labels,
        "rows": rows,
        "print": "/office/hebei/events/M01/paper/sheets.pdf",
    }
    sheet = {
        "entry": "W-01",
        "label": "J2",
        "judge": "卢建平",
        "state": "owed",
        "url": "/x",
        "by": [],
        "mine": False,
        "closed": False,
    }
    cells = [
        _cell("A1.01", "坡口角度"),
        _cell("A1.02", "对口间隙与错边量，两侧各测三点取最大值"),
        _cell("C1.01", "焊缝外观", judged=True, maximum="3", round=2),
    ]
    groups = [{"name": "A1 装配", "cells": cells[:2]}, {"name": "C1 外观", "cells": cells[2:]}]
    one = {
        **shared,
        "sheet": sheet,
        "groups": groups,
        "differs": 0,
        "look": "",
        "problem": None,
        "signers": [_signer("J2", "卢建平", True)],
    }
    wrong = {**cells[0], "value": "9", "wrong": "9.00 不在 0–2.50 内"}
    other = {**cells[1], "value": "2", "mine": "2.00", "theirs": "2.50", "differs": True}
    compared = {**sheet, "state": "differs", "by": ["周敏"], "mine": True}
    return {
        "paper": ("office/paper.html", {**listed, "said": "typed"}),
        "paper-none": ("office/paper.html", {**listed, "rows": [], "labels": []}),
        "paper-sheet": ("office/paper_sheet.html", {**one, "sheet": {**sheet, "state": "typed", "by": ["周敏"]}}),
        "paper-wrong": (
            "office/paper_sheet.html",
            {**one, "groups": [{"name": "A1 装配", "cells": [wrong, cells[1]]}], "problem": {"what": "有几格没有填好。", "mend": ""}},
        ),
        "paper-differs": ("office/paper_sheet.html", {**one, "sheet": compared, "differs": 0, "signers": [*(_signer(f"J{n}", name, n < 3) for n, name in enumerate(("刘洋", "卢建平", "李梅"), 1)), {**_signer("", "", True), "differs": True}], "groups": [{"name": "A1 装配", "cells": [cells[0], other]}]}),
        "paper-closed": ("office/paper_sheet.html", {**one, "sheet": {**compared, "by": ["周敏", "王芳"], "mine": False, "closed": True}}),
        "paper-agreed": ("office/paper_sheet.html", {**one, "sheet": {**compared, "state": "agreed"}}),
    }  # fmt: skip


def _one(label: str, state: str, mine: bool) -> Values:
    by = {"typed": "周敏", "differs": "周敏、王芳", "agreed": "周敏、王芳"}.get(state, "")
    return {"label": label, "state": state, "owed": 12, "mine": mine, "by": by, "url": "/x"}


def _signer(label: str, name: str, ticked: bool) -> Values:
    return {"id": label or "contestant", "label": label, "name": name, "ticked": ticked, "differs": False}


def _cell(id: str, name: str, **more: Any) -> Values:
    usual = {
        "judged": False,
        "maximum": "2.50",
        "round": 1,
        "value": "",
        "wrong": "",
        "mine": "",
        "theirs": "",
        "differs": False,
    }
    return {"id": id, "name": name, **usual, **more}
