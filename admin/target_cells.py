"""What a form with targets says: which cells its maker changed, and what is wrong with them."""

from __future__ import annotations

from admin.reports.indicators import TARGETS, YEARS
from admin.reports.targets import Change
from admin.setup_fields import Typed
from admin.sheets.targets import LONGEST_CITY, MOST, heading, typed
from scoring.verdict import Place, Problem, Words
from server.signs import number_in

NO_CITY = (Words("这一行的市名没有写，或超过 60 字。", "This row has no city, or one of more than 60 characters."), Words("市名和代表队的名称一样。", "Call the city as its delegation is called."))  # fmt: skip
CITY_TWICE = (Words("这个市有两行。", "This city has two rows."), Words("请合成一行。", "Make one row of them."))
NO_NUMBER = (Words("“{}”不是目标。", '"{}" is no target.'), Words(f"填 0 到 {MOST:,} 的整数；没有目标的留空。", f"A whole number from 0 to {MOST:,}; empty is no target."))  # fmt: skip
MOST_ROWS = 1000


def read_cells(form: Typed, first: int) -> tuple[list[Change], list[Problem]]:
    """The cells that differ from what their maker saw, and those that are no target or of no city or of one that is there twice."""
    changes: list[Change] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for row in rows_in(form):
        keys = [(year, measure) for year in range(first, first + YEARS) for measure in TARGETS]
        told = {key: form.get(f"target {row} {key[0]} {key[1]}", "") for key in keys}
        city = heading(form.get(f"city {row}", ""))
        if not any(told.values()) and not any(form.get(f"was {row} {year} {measure}") for year, measure in keys):
            continue
        if not city or len(city) > LONGEST_CITY or city in seen:
            problems.append(_wrong(f"{row}", CITY_TWICE if city in seen else NO_CITY))
        seen.add(city)
        for (year, measure), text in told.items():
            number, was = typed(text), typed(form.get(f"was {row} {year} {measure}", ""))
            if number == -1:
                problems.append(_wrong(f"{row} {year} {measure}", NO_NUMBER, text[:20]))
            elif number != was:
                changes.append(Change((city, year, measure), number, was))
    return changes, problems


def _wrong(key: str, words: tuple[Words, Words], value: str = "") -> Problem:
    said, mend = words
    return Problem("targets.invalid", Place(key=key), Words(said.zh.format(value), said.en.format(value)), mend)


def rows_in(form: Typed) -> list[int]:
    """The numbers of the rows that a form carries, in order."""
    found = {number_in(name.removeprefix("city ")) for name in form if name.startswith("city ")}
    return sorted(number for number in found if number is not None)[:MOST_ROWS]
