"""Writes a marking scheme in the WorldSkills pattern, such that `scheme.read_scheme` gives the same scheme back.

The pattern knows one module, marks of any size, judged aspects that every judge records and measured ones recorded
once. A scheme that says more (several modules, allowed marks, penalties) is refused rather than written without it.
"""

from collections.abc import Iterator
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font

from admin.sheets.scheme_lines import KINDS
from admin.sheets.table import BODY, BORDER, FAMILY, HEADING, INK, PRIMARY_SOFT, TITLE, Look, filled, make_text, saved
from admin.sheets.wording import problem
from scoring.marks import JUDGED, Aspect, Scheme
from scoring.scheme import ENGLISH
from scoring.verdict import Place, Problem, Problems

HEADINGS = (
    "Sub Criterion ID",
    "Sub Criterion Name",
    "Day of Marking",
    "Aspect Type (M/J)",
    "Aspect - Description",
    "Judgement Score",
    "Extra Aspect Description / Judgement Score Description",
    "Requirement (Measurement only)",
    "WSSS Section",
    "Max Mark",
)
IN_ENGLISH = ("Name (English)", "Extra Aspect Description (English)", "Requirement (English)")
WIDTHS = (12, 26, 10, 10, 38, 11, 46, 24, 10, 10, 38, 46, 24)
LETTERS = {kind: letter for letter, (kind, _) in KINDS.items()}
SUB = Look(Font(name=FAMILY, size=10, bold=True, color=INK), filled(PRIMARY_SOFT), BORDER, Alignment(vertical="center"))
WRAPPED = Look(BODY.font, None, BORDER, Alignment(vertical="center", wrap_text=True))

Line = tuple[str | int | Decimal | None, ...]


def write_scheme(scheme: Scheme) -> bytes:
    """The workbook of a scheme; raises Problems for what the pattern cannot say."""
    found = beyond_pattern(scheme)
    if found:
        raise Problems(found)
    book = Workbook()
    sheet = book.active
    sheet.title = "Marking Scheme"
    for row, (line, look) in enumerate(lines(scheme), start=1):
        for column, value in enumerate(line, start=1):
            put(sheet.cell(row, column), value, look)
        if line[: len(HEADINGS)] == HEADINGS:
            sheet.freeze_panes = f"A{row + 1}"
            sheet.row_dimensions[row].height = 34
    for letter, width in zip("ABCDEFGHIJKLM", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    return saved(book)


def lines(scheme: Scheme) -> Iterator[tuple[Line, Look]]:
    """Every row of the sheet with its look, from the skill's name to the last score; English only where there is any."""
    english = IN_ENGLISH if speaks_english(scheme) else ()
    yield ("Skill name", scheme.name), TITLE
    if scheme.name_en:
        yield ("Skill name (English)", scheme.name_en), BODY
    yield ("Criterion", "Description", "Total", *english[:1]), HEADING
    for criterion in scheme.criteria:
        yield (criterion.id, criterion.name, marks(criterion.total), *(criterion.name_en,)[: len(english)]), BODY
    yield (), BODY
    yield (*HEADINGS, *english), HEADING
    for criterion in scheme.criteria:
        for sub in criterion.subcriteria:
            yield (sub.id, sub.name, sub.aspects[0].day, *[None] * 7, *(sub.name_en, "", "")[: len(english)]), SUB
            for aspect in sub.aspects:
                for line in aspect_lines(aspect):
                    yield line[: len(HEADINGS) + len(english)], WRAPPED


def aspect_lines(aspect: Aspect) -> Iterator[Line]:
    """An aspect's row and, for a judged one, a row per score; the English in the last three columns."""
    extra = (aspect.description, aspect.requirement, aspect.section, marks(aspect.maximum))
    english = (aspect.name_en, aspect.description_en, aspect.requirement_en)
    yield (None, None, None, LETTERS[aspect.kind], aspect.name, None, *extra, *english)
    for score, words in enumerate(aspect.anchors):
        said = aspect.anchors_en[score] if aspect.anchors_en else ""
        yield (None, None, None, None, None, score, words, None, None, None, "", said, "")


def speaks_english(scheme: Scheme) -> bool:
    """Whether anything below the skill's name has English beside it."""
    subs = (sub for criterion in scheme.criteria for sub in criterion.subcriteria)
    parts = (*scheme.criteria, *subs, *scheme.aspects)
    return any(getattr(part, name, "") for part in parts for name in ENGLISH)


def put(cell: Cell, value: str | int | Decimal | None, look: Look) -> None:
    """One cell in its look; text stays text."""
    if isinstance(value, str) and value:
        make_text(cell, value)
    elif value is not None and value != "":
        cell.value = value
        cell.number_format = "0.00" if isinstance(value, Decimal) else "0"
    look.put_on(cell)


def marks(hundredths: int) -> Decimal:
    """Marks as a spreadsheet shows them, exactly."""
    return Decimal(hundredths) / 100


def beyond_pattern(scheme: Scheme) -> tuple[Problem, ...]:
    """What of a scheme this pattern cannot hold, each with the aspect or criterion concerned."""
    wrong = []
    if [module.id for module in scheme.modules] != ["practice"]:
        wrong.append(("modules", scheme.name))
    for criterion in scheme.criteria:
        for sub in criterion.subcriteria:
            if not sub.id.startswith(criterion.id) or len({aspect.day for aspect in sub.aspects}) != 1:
                wrong.append(("days or ids", sub.id))
    for aspect in scheme.aspects:
        if aspect.allowed or aspect.penalty or KINDS[LETTERS[aspect.kind]][1] != aspect.recorded:
            wrong.append(("recording", aspect.id))
        if aspect.kind == JUDGED and len(aspect.anchors) != 4:
            wrong.append(("anchors", aspect.id))
    return tuple(problem("scheme.beyond-pattern", Place(key=key), what=what, key=key) for what, key in wrong)
