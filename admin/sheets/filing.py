"""Writes the filing list of promotions as a workbook, and reads the authority's answers back from it.

A list that is sent out has three columns more: the answer, a remark, and Podium's own key of the line, by which the
answer finds its person whatever else was moved, sorted or coloured in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from admin.sheets.cells import text_cell
from admin.sheets.grid import Grid, grids
from admin.sheets.table import Column, write_table
from admin.sheets.wording import problem
from scoring.verdict import Place, Problem, Problems

COLUMNS = {
    "competition": Column("竞赛名称\nCompetition"),
    "tier": Column("级别/类别\nTier"),
    "event": Column("赛项\nEvent"),
    "occupation": Column("职业（工种）\nOccupation"),
    "occupation_code": Column("职业编码\nCode"),
    "division": Column("组别\nGroup"),
    "name": Column("姓名\nName"),
    "document_kind": Column("证件类型\nDocument"),
    "document_number": Column("证件号码\nDocument number"),
    "unit": Column("单位\nUnit"),
    "identity": Column("身份\nIdentity"),
    "theory": Column("理论成绩\nTheory"),
    "practice": Column("实操成绩\nPractice"),
    "total": Column("总成绩\nTotal", "marks"),
    "rank": Column("名次\nRank", "whole"),
    "field": Column("参赛人（队）数\nField", "whole"),
    "held": Column("原等级\nLevel held"),
    "held_certificate": Column("原证书编号\nIts certificate"),
    "level": Column("晋升等级\nNew level"),
    "clause": Column("依据条款\nClause"),
    "way": Column("方式\nWay"),
    "document": Column("核准文号\nDocument of approval"),
    "certificate": Column("证书编号\nCertificate"),
    "issued": Column("发证日期\nIssued", "date"),
}
ASKED = {
    "answer": Column("核准结果\nAnswer"),
    "remark": Column("核准意见\nRemark"),
    "key": Column("登记号\nKey"),
}
WITHOUT_AN_ANSWER = ("document", "certificate", "issued")
YES = frozenset({"同意", "核准", "通过", "批准", "是", "√", "✓", "yes", "y", "approved", "granted"})
NO = frozenset({"不同意", "不核准", "不予核准", "不通过", "不批准", "未通过", "否", "×", "✗", "no", "n", "refused"})


@dataclass(frozen=True)
class Answer:
    """What an authority says of one promotion."""

    place: Place
    promotion: UUID
    yes: bool
    remark: str


@dataclass(frozen=True)
class AnswerSheet:
    """What a workbook says; its answers may be taken over only when there is no problem. `blank` lines wait on."""

    answers: tuple[Answer, ...]
    blank: int
    problems: tuple[Problem, ...]


def write_filing(title: str, lines: Sequence[Mapping[str, Any]], note: str = "", *, asked: bool) -> bytes:
    """The list; `asked` for one that goes out to be answered."""
    columns = {name: column for name, column in COLUMNS.items() if not (asked and name in WITHOUT_AN_ANSWER)}
    columns |= ASKED if asked else {}
    rows = [[_value(line.get(name), column) for name, column in columns.items()] for line in lines]
    return write_table(title, list(columns.values()), rows, note)


def _value(value: Any, column: Column) -> Any:
    if column.kind == "date":
        return value.date() if value else None
    return "" if value is None else value


def read_answers(data: bytes) -> AnswerSheet:
    """The answers of a list that came back, with every problem in it."""
    try:
        shown = [grid for grid in grids(data) if grid.visible]
    except Problems as refused:
        return AnswerSheet((), 0, refused.problems)
    for grid in shown:
        where = header(grid)
        if where:
            return answered(grid, *where)
    return AnswerSheet((), 0, (problem("filing.no-table", Place(sheet=shown[0].name)),))


def header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """The row of the headings and the columns that matter, by name."""
    spelt = {column.heading.split("\n")[0]: name for name, column in {**COLUMNS, **ASKED}.items()}
    for number, row in enumerate(grid.rows[:40]):
        texts = [str(cell).split("\n")[0].strip() if isinstance(cell, str) else "" for cell in row]
        columns = {spelt[text]: at for at, text in enumerate(texts) if text in spelt}
        if {"key", "answer"} <= columns.keys():
            return number, columns
    return None


def answered(grid: Grid, at: int, columns: Mapping[str, int]) -> AnswerSheet:
    """The lines below the headings."""
    answers: list[Answer] = []
    problems: list[Problem] = []
    blank = 0

    def said(row: Sequence[object], name: str) -> str:
        column = columns.get(name)
        return text_cell(row[column]).text if column is not None and column < len(row) else ""

    for number, row in enumerate(grid.rows[at + 1 :], at + 2):
        place = Place(sheet=grid.name, row=number, key=said(row, "name"))
        key, answer = said(row, "key"), said(row, "answer").casefold()
        if not key and not answer:
            continue
        if not answer:
            blank += 1
        elif answer not in YES | NO:
            problems.append(problem("filing.answer", place, value=answer[:40]))
        elif not (promotion := key_of(key)):
            problems.append(problem("filing.key", place))
        else:
            answers.append(Answer(place, promotion, answer in YES, said(row, "remark")))
    if not answers and not problems:
        problems.append(problem("filing.no-answers", Place(sheet=grid.name)))
    return AnswerSheet(tuple(answers), blank, tuple(problems))


def key_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
