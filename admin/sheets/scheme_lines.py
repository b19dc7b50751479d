"""The lines of a marking scheme's long table: sub-criteria, aspects, and the scores of judged aspects.

Every line is read even when an earlier one is wrong, so that all mistakes are listed at once and the ids of the aspects
stay those that the scheme will have when it is mended.
"""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from admin.sheets.cells import FULL_WIDTH
from admin.sheets.grid import Grid, column_letters
from admin.sheets.wording import problem
from scoring.marks import ALL, JUDGED, MEASURED, ONE, Aspect
from scoring.verdict import Place, Problem

KINDS = {"M": (MEASURED, ONE), "J": (JUDGED, ALL)}
SCORES = ("0", "1", "2", "3")
MOST = 100_000
"""No mark is this large, in hundredths: a longer number is a slip of the finger."""


@dataclass
class Sub:
    """A sub-criterion while its aspects are collected."""

    id: str
    name: str
    day: int
    row: int
    name_en: str
    aspects: list[Aspect] = field(default_factory=list)


@dataclass
class SchemeReading:
    """The sheet, where its table and columns are, and what was found so far."""

    grid: Grid
    header: int
    columns: dict[str, int]
    problems: list[Problem] = field(default_factory=list)
    subs: list[Sub] = field(default_factory=list)
    judged_row: int = 0

    def text(self, row: int, name: str) -> str:
        """What a row holds in a named column, as text; whole numbers without “.0”."""
        column = self.columns.get(name)
        return shown(self.grid.rows[row][column]) if column is not None else ""

    def wrong(self, code: str, row: int, column: int | None = None, **values: object) -> None:
        """Notes a problem; `row` and `column` count from 0."""
        letters = column_letters(column + 1) if column is not None else ""
        heading = shown(self.grid.rows[self.header][column]) if column is not None else ""
        formula = column is not None and (row, column) in self.grid.formulas and not values.get("value")
        place = Place(self.grid.name, row + 1, letters, heading)
        self.problems.append(problem("scheme.formula" if formula else f"scheme.{code}", place, **values))


def read_line(reading: SchemeReading, row: int) -> None:
    """One line of the long table: a sub-criterion, an aspect, or a score of the judged aspect above it."""
    if reading.text(row, "id"):
        close_aspect(reading)
        open_sub(reading, row)
    if any(reading.text(row, name) for name in ("kind", "aspect", "maximum")):
        close_aspect(reading)
        add_aspect(reading, row)
    elif reading.text(row, "score"):
        add_anchor(reading, row)


def open_sub(reading: SchemeReading, row: int) -> None:
    """A sub-criterion begins; its day holds for all its aspects."""
    written = reading.text(row, "id").translate(FULL_WIDTH).upper()
    if not re.fullmatch(r"[A-Z][1-9]\d?", written):
        reading.wrong("sub-criterion-id", row, reading.columns["id"], value=written)
    elif any(sub.id == written for sub in reading.subs):
        reading.wrong("sub-criterion-twice", row, reading.columns["id"], value=written)
    day = reading.text(row, "day") or "1"
    if not re.fullmatch(r"[1-9]\d?", day):
        reading.wrong("day", row, reading.columns["day"], value=day)
        day = "1"
    english = reading.text(row, "sub_en") or reading.text(row, "english")
    reading.subs.append(Sub(written, reading.text(row, "name"), int(day), row, english))


def add_aspect(reading: SchemeReading, row: int) -> None:
    """An aspect of the sub-criterion above; it is kept even when something in it is wrong, so that ids stay right."""
    if not reading.subs:
        reading.wrong("aspect-outside", row)
        return
    kind = reading.text(row, "kind").translate(FULL_WIDTH).upper()
    if kind not in KINDS:
        reading.wrong("aspect-kind", row, reading.columns["kind"], value=reading.text(row, "kind"))
    if not reading.text(row, "aspect"):
        reading.wrong("aspect-name", row, reading.columns["aspect"])
    maximum = hundredths(reading.text(row, "maximum"))
    if maximum is None or maximum <= 0:
        reading.wrong("maximum", row, reading.columns["maximum"], value=reading.text(row, "maximum"))
    sub = reading.subs[-1]
    means, recorded = KINDS.get(kind, (MEASURED, ONE))
    reading.judged_row = row if means == JUDGED else 0
    sub.aspects.append(
        Aspect(
            id=f"{sub.id}.{len(sub.aspects) + 1:02}",
            kind=means,
            name=reading.text(row, "aspect"),
            maximum=maximum or 0,
            recorded=recorded,
            requirement=reading.text(row, "requirement"),
            description=reading.text(row, "extra"),
            section=reading.text(row, "section"),
            day=sub.day,
            name_en=reading.text(row, "english"),
            requirement_en=reading.text(row, "requirement_en"),
            description_en=reading.text(row, "extra_en"),
        )
    )


def add_anchor(reading: SchemeReading, row: int) -> None:
    """One score of the judged aspect above, with the work that earns it; they come as 0, 1, 2, 3."""
    score = reading.text(row, "score").translate(FULL_WIDTH)
    if not reading.judged_row:
        reading.wrong("score-outside", row, reading.columns["score"])
        return
    aspect = reading.subs[-1].aspects[-1]
    expected = next((one for one in SCORES[len(aspect.anchors) :]), "")
    if score != expected:
        reading.wrong("score", row, reading.columns["score"], value=score, expected=expected or "–")
    elif not reading.text(row, "extra"):
        reading.wrong("score-words", row, reading.columns.get("extra"), value=score)
    if expected:
        anchors = (*aspect.anchors, reading.text(row, "extra"))
        english = (*aspect.anchors_en, reading.text(row, "extra_en") or reading.text(row, "english"))
        reading.subs[-1].aspects[-1] = replace(aspect, anchors=anchors, anchors_en=english)


def close_aspect(reading: SchemeReading) -> None:
    """Before the next aspect: a judged one must have words for every score."""
    if reading.judged_row:
        aspect = reading.subs[-1].aspects[-1]
        if not any(aspect.anchors_en):
            reading.subs[-1].aspects[-1] = replace(aspect, anchors_en=())
        missing = SCORES[len(reading.subs[-1].aspects[-1].anchors) :]
        if missing:
            reading.wrong("scores-missing", reading.judged_row, missing="、".join(missing))
    reading.judged_row = 0


def shown(cell: object) -> str:
    """A cell as text: trimmed, whole numbers without “.0”, other numbers as a person would write them."""
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) else repr(cell)
    return "" if cell is None else str(cell).strip()


def hundredths(text: str) -> int | None:
    """A number of marks as whole hundredths; None when it is no number or needs a third decimal place."""
    try:
        value = Decimal(text.translate(FULL_WIDTH)) * 100
    except InvalidOperation:
        return None
    return int(value) if value.is_finite() and abs(value) < MOST and value == value.to_integral_value() else None
