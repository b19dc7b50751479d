"""Gives a delegation its own workbook back, with every problem cell coloured and commented.

Their layout stays as it is. A problem is red, a doubt orange, a mending yellow; a problem of a whole row sits on the row's first cell,
one of the whole sheet on its first cell. A last sheet lists them all, for those who print. A formula where text belongs
becomes text, so that it does not act when somebody opens the file.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from admin.sheets.cells import Mended
from admin.sheets.guard import admit
from admin.sheets.table import BODY, HEADING, NOTE, TITLE, Look, filled, make_text, saved, sheet_title
from admin.sheets.text import is_text, text_grid
from scoring.verdict import Place, Problem

RED, ORANGE, YELLOW = "FFC7CE", "FFD8A8", "FFEB9C"
AUTHOR = "匠台 Podium"
LIST_TITLE = "问题 Problems"
HEADINGS = ("工作表\nSheet", "行\nRow", "列\nColumn", "问题\nProblem", "改法\nMend")
WIDTHS = (18, 8, 22, 60, 70)
MOST_COMMENTS = 2000
"""Beyond this many commented cells programs become slow to open the file; the list at the end still has them all."""


def returned(
    data: bytes, problems: Sequence[Problem], mended: Sequence[Mended] = (), doubts: Sequence[Problem] = ()
) -> bytes:
    """Their workbook with the marks. Raises Problems when the file itself cannot be parsed."""
    book = book_of_text(data) if is_text(data) else load_workbook(BytesIO(admitted(data)))
    notes: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    colours = {cell_key(problem.place): ORANGE for problem in doubts} | {cell_key(one.place): RED for one in problems}
    for problem in (*problems, *doubts):
        notes[cell_key(problem.place)].append(
            f"{problem.words.zh}\n→ {problem.mend.zh}\n{problem.words.en}\n→ {problem.mend.en}"
        )
    for one in mended:
        notes[cell_key(one.place)].append(f"{one.words.zh}：{one.after}\n{one.words.en}: {one.after}")
    for key in list(notes)[:MOST_COMMENTS]:
        cell = cell_at(book, key)
        if cell is not None:
            mark(cell, notes[key], colours.get(key, YELLOW))
    add_list(book, (*problems, *doubts))
    return saved(book)


def admitted(data: bytes) -> bytes:
    """The workbook as it came, pictures and all, once it was found fit to be parsed."""
    admit(data)
    return data


def book_of_text(data: bytes) -> Workbook:
    """A workbook of the cells of a text file."""
    grid, book = text_grid(data), Workbook()
    book.active.title = grid.name
    for number, row in enumerate(grid.rows, start=1):
        for column, value in enumerate(row, start=1):
            if value != "":
                make_text(book.active.cell(number, column), f"{value:.15g}" if isinstance(value, float) else str(value))
    return book


def cell_key(place: Place) -> tuple[str, int, str]:
    """The cell that stands for a place: the first of its row, or of its sheet, when it names no cell."""
    return place.sheet, place.row or 1, place.column or "A"


def cell_at(book: Workbook, key: tuple[str, int, str]) -> Cell | None:
    """That cell; of merged cells the one that holds their value; None when the sheet is not in the file."""
    name, row, column = key
    sheet = book[name] if name in book.sheetnames else book.worksheets[0] if not name else None
    if sheet is None:
        return None
    cell = sheet[f"{column}{row}"]
    if isinstance(cell, MergedCell):
        home = next(span for span in sheet.merged_cells.ranges if cell.coordinate in span)
        cell = sheet.cell(home.min_row, home.min_col)
    return cell


def mark(cell: Cell, notes: Iterable[str], colour: str) -> None:
    """Colours a cell and says why; a comment that was there before stays, and a formula becomes its own text."""
    texts = list(notes)
    if cell.comment:
        texts.append(cell.comment.text)
    comment = Comment("\n\n".join(texts), AUTHOR)
    lines = sum(len(line) // 34 + 1 for text in texts for line in text.split("\n"))
    comment.width, comment.height = 380, min(40 + 18 * lines, 420)
    cell.comment = comment
    cell.fill = filled(colour)
    if cell.data_type == "f":
        make_text(cell, str(cell.value))


def add_list(book: Workbook, problems: Sequence[Problem]) -> None:
    """A sheet with all problems, one per row, in reading order."""
    title = next(name for name in numbered(LIST_TITLE) if name not in book.sheetnames)
    sheet = book.create_sheet(sheet_title(title))
    put(sheet, 1, ("匠台 Podium",), TITLE)
    zh = f"共 {len(problems)} 处。改好后整份再传，已经录入的行不会重复。"
    en = f"{len(problems)} in all. Mend them and send the whole form again: rows that are in already stay as they are."
    put(sheet, 2, (f"{zh} {en}",), NOTE)
    put(sheet, 3, HEADINGS, HEADING)
    for row, problem in enumerate(problems, start=4):
        place = problem.place
        column = f"{place.column} {place.key}".strip()
        words = (f"{problem.words.zh}\n{problem.words.en}", f"{problem.mend.zh}\n{problem.mend.en}")
        put(sheet, row, (place.sheet, str(place.row or ""), column, *words), BODY)
    for letter, width in zip("ABCDE", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A4"


def numbered(title: str) -> Iterable[str]:
    """A title, and then the title with numbers, for a workbook that was returned before."""
    yield title
    yield from (f"{title} {number}" for number in range(2, 1000))


def put(sheet: Worksheet, row: int, values: Sequence[str], look: Look) -> None:
    """One row of text in one look; long text wraps."""
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        make_text(cell, value)
        look.put_on(cell)
        if "\n" in value:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
