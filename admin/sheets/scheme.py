"""Reads a marking scheme in the pattern that WorldSkills uses: criteria with totals above, one long table below.

In the table a row with an id opens a sub-criterion, a row with a type (M or J) is an aspect of it, and the four rows
after a judged aspect describe the work that earns 0, 1, 2 and 3. The pattern has no modules, so that all of it is
practice, and no aspect ids: they are counted within the sub-criterion (A1.01). Judged aspects are recorded by every
judge, measured ones once. What the criteria claim must be what their aspects add up to.
English may stand beside it: a column of English names, which names whatever stands in its row, and one each for what is
said besides and what is required; a name beside each criterion's; a line with the skill's.
"""

import re
from collections.abc import Mapping, Sequence

from admin.sheets.cells import FULL_WIDTH
from admin.sheets.grid import Grid, grids
from admin.sheets.scheme_lines import SchemeReading, close_aspect, hundredths, read_line, shown
from admin.sheets.wording import problem
from scoring.marks import Criterion, Module, Scheme, SubCriterion, in_marks, scheme_problems
from scoring.verdict import Place, Problems

COLUMNS = {
    "id": r"subcriteri(on|a)id|子(标准|项)编号",
    "name": r"subcriteri(on|a)name.*|子(标准|项)名称",
    "day": r"dayofmarking|评分日",
    "kind": r"aspecttype.*|评分(点)?类型",
    "aspect": r"aspectdescription|评分点(描述)?",
    "score": r"judg(e?ment)?score|评判(等级|分)",
    "extra": r"extraaspectdescription.*|补充说明|等级描述",
    "requirement": r"requirement.*|要求",
    "section": r"wssssection|(wsss)?标准章节",
    "maximum": r"maxmark|满分",
}
ENGLISH = {
    "sub_en": r"subcriteri(on|a)name(in)?english|子(标准|项)英文名(称)?|子(标准|项)名称英文",
    "english": r"(name|aspect|aspectdescription)?(in)?english|englishname|(评分[点项])?(的)?英文(名|名称|描述)?|评分点(描述)?英文",
    "extra_en": r"extraaspectdescription.*english|(补充说明|等级描述)英文|英文(补充说明|等级描述)",
    "requirement_en": r"requirement.*english|要求英文|英文要求",
}
NEEDED = {
    "id": "Sub Criterion ID",
    "kind": "Aspect Type (M/J)",
    "aspect": "Aspect - Description",
    "maximum": "Max Mark",
}
CRITERIA = {
    "criterion": ("criterion", "标准"),
    "description": ("description", "标准名称", "名称"),
    "total": ("total", "总分", "合计"),
}
NAME_ENGLISH = r"(description|name)?(in)?english|englishname|(标准)?(名称)?英文(名|名称)?"
SKILL = r"skill(name)?|赛项(名称)?"
SKILL_ENGLISH = r"skill(name)?(in)?english|赛项(英文名(称)?|名称英文)"
PRACTICE = Module("practice", "实操 Practice", 100)


def read_scheme(data: bytes, filename: str) -> Scheme:
    """The scheme in a workbook; raises Problems with everything that is wrong with it."""
    sheets = [grid for grid in grids(data) if grid.visible]
    reading = next((found for grid in sheets if (found := find_table(grid))), None)
    if reading is None:
        raise Problems((problem("scheme.no-table", Place(sheet=sheets[0].name)),))
    for name, heading in NEEDED.items():
        if name not in reading.columns:
            reading.wrong("column-missing", reading.header, heading=heading)
    if not reading.problems:
        for row in range(reading.header + 1, len(reading.grid.rows)):
            read_line(reading, row)
        close_aspect(reading)
    name = skill_name(reading, SKILL) or filename.rpartition(".")[0] or filename
    scheme = Scheme(name, (PRACTICE,), criteria(reading), skill_name(reading, SKILL_ENGLISH))
    problems = sorted(reading.problems, key=lambda found: found.place.row) or scheme_problems(scheme)
    if problems:
        raise Problems(tuple(problems))
    return scheme


def find_table(grid: Grid) -> SchemeReading | None:
    """The row that holds the headings of the long table, with the columns that are known."""
    for number, row in enumerate(grid.rows):
        headings = [plain(shown(cell)) for cell in row]
        english = columns_that(ENGLISH, headings)
        rest = ["" if column in english.values() else heading for column, heading in enumerate(headings)]
        columns = columns_that(COLUMNS, rest)
        if len(columns) >= len(NEEDED):
            return SchemeReading(grid, number, columns | english)
    return None


def columns_that(patterns: Mapping[str, str], headings: Sequence[str]) -> dict[str, int]:
    """By pattern the first column whose heading fits it."""
    return {
        name: column
        for name, pattern in patterns.items()
        for column, heading in reversed(list(enumerate(headings)))
        if re.fullmatch(pattern, heading)
    }


def plain(heading: str) -> str:
    """A heading without case, spaces and signs."""
    return re.sub(r"[\W_]+", "", heading).casefold()


def criteria(reading: SchemeReading) -> tuple[Criterion, ...]:
    """The criteria listed above the table, each with its sub-criteria and the total that it claims."""
    claimed = claims(reading)
    for sub in reading.subs:
        if sub.id[:1] not in claimed and re.fullmatch(r"[A-Z]\d+", sub.id):
            reading.wrong("criterion-unknown", sub.row, reading.columns["id"], value=sub.id)
        if not sub.aspects:
            reading.wrong("sub-criterion-empty", sub.row, reading.columns["id"], value=sub.id)
    found = []
    for letter, (name, english, total, row, column) in claimed.items():
        subs = tuple(
            SubCriterion(sub.id, sub.name, tuple(sub.aspects), sub.name_en)
            for sub in reading.subs
            if sub.id.startswith(letter)
        )
        criterion = Criterion(letter, name, total, PRACTICE.id, subs, english)
        adds_up = sum(aspect.maximum for aspect in criterion.aspects)
        doubtful = total <= 0 or any(aspect.maximum <= 0 for aspect in criterion.aspects)
        if not criterion.aspects:
            reading.wrong("criterion-empty", row, column, value=letter)
        elif adds_up != total and not doubtful:
            sums = {"claimed": in_marks(total), "found": in_marks(adds_up)}
            reading.wrong("criterion-total", row, column, value=letter, **sums)
        found.append(criterion)
    return tuple(found)


def claims(reading: SchemeReading) -> dict[str, tuple[str, str, int, int, int]]:
    """The list of criteria: by letter the name, the English one, the total in hundredths, and where the total stands."""
    rows = [[shown(cell) for cell in row] for row in reading.grid.rows[: reading.header]]
    heading = next((number for number, row in enumerate(rows) if is_list_heading(row)), None)
    if heading is None:
        reading.wrong("no-criteria", reading.header)
        return {}
    letter_at, name_at, total_at = (columns_of(rows[heading])[name] for name in ("criterion", "description", "total"))
    english_at = next((at for at, text in enumerate(rows[heading]) if re.fullmatch(NAME_ENGLISH, plain(text))), None)
    found: dict[str, tuple[str, str, int, int, int]] = {}
    for number in range(heading + 1, reading.header):
        row = rows[number]
        letter = row[letter_at].translate(FULL_WIDTH).upper()
        if not any(row):
            continue
        total = hundredths(row[total_at])
        if not re.fullmatch("[A-Z]", letter):
            reading.wrong("criterion-id", number, letter_at, value=row[letter_at])
        elif letter in found:
            reading.wrong("criterion-twice", number, letter_at, value=letter)
        else:
            if total is None or total <= 0:
                reading.wrong("maximum", number, total_at, value=row[total_at])
            english = "" if english_at is None else row[english_at]
            found[letter] = (row[name_at], english, total or 0, number, total_at)
    return found


def is_list_heading(row: list[str]) -> bool:
    """Whether a row is the heading of the list of criteria."""
    return len(columns_of(row)) == len(CRITERIA)


def columns_of(row: list[str]) -> dict[str, int]:
    """Where the list of criteria has its letter, its name and its total."""
    headings = [plain(text) for text in row]
    return {name: headings.index(word) for name, words in CRITERIA.items() for word in words if word in headings}


def skill_name(reading: SchemeReading, line: str) -> str:
    """What stands beside a heading like “Skill name” above the table; "" where it does not stand there."""
    for row in reading.grid.rows[: reading.header]:
        filled = [shown(cell) for cell in row if shown(cell)]
        for heading, name in zip(filled[::2], filled[1::2], strict=False):
            if re.fullmatch(line, plain(heading)):
                return name
    return ""
