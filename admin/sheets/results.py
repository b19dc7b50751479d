"""Writes the standings of an event as a workbook, for the ceremony's slides, the press and the files.

What is written has been decided before: this module puts words and numbers into columns and computes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from admin.sheets.table import Column, write_table


@dataclass(frozen=True)
class StandingLine:
    """One entry in the standings. Marks are in hundredths; `modules` in the order of the module names."""

    rank: int
    name: str
    delegation: str
    unit: str
    modules: tuple[int | None, ...]
    total: int
    award: str = ""
    promotion: str = ""
    note: str = ""


def write_standings(event: str, modules: Sequence[str], lines: Sequence[StandingLine], note: str = "") -> bytes:
    """The standings of one event; `note` says which publication or draft this is."""
    columns = [
        Column("名次\nRank", "whole"),
        Column("姓名\nName"),
        Column("代表队\nDelegation"),
        Column("单位\nUnit"),
        *(Column(module, "marks") for module in modules),
        Column("总成绩\nTotal", "marks"),
        Column("奖项\nAward"),
        Column("晋升\nPromotion"),
        Column("备注\nNote"),
    ]
    rows = [
        [one.rank, one.name, one.delegation, one.unit, *one.modules, one.total, one.award, one.promotion, one.note]
        for one in lines
    ]
    return write_table(event, columns, rows, note)
