"""The form around the table: who sends it, where the people begin and end, what the total claims.

Below the people come a total, notes on how to fill in the form, names of those who filled it in. The first such row
ends the table. A person who stands below it is not dropped silently: that is a problem.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from admin.sheets.grid import Grid
from admin.sheets.headings import Table
from admin.sheets.wording import problem
from scoring.verdict import Place, Problem

TOTALS = "合计|总计|共计|总人数|人数合计"
NOTES = "填表说明|填报说明|填表要求|填报要求|说明|备注|注|填表人|填报人|审核人|负责人|制表人"
END = re.compile(rf"({TOTALS}|{NOTES})([：:（(、.．\s\d].*)?", re.DOTALL)
SUBTOTAL = re.compile(r"小计.*", re.DOTALL)
TOTAL = re.compile(rf"({TOTALS}).*", re.DOTALL)
PEOPLE = re.compile(r"(\d{1,5})\s*[人名位]")
SAMPLE = ("张三（示例）", "110101200001010000")
"""Name and number in the sample row of Podium's own template: the row is nobody, and its number is nobody's."""
TITLE = re.compile(r"([\u4e00-\u9fff·]{2,20}?)代表[队团]")
BEFORE_DELEGATION = re.compile(r".*(大赛|竞赛|比赛|选拔赛|年度?|届)")
LABELLED = re.compile(r"\s*(?:代表[队团]|填报单位|报名单位|参赛单位|单位名称)[^：:]*[：:]\s*(\S.*?)\s*")
OFFICE = re.compile(r"(人力资源和社会保障[局厅]|人社[局厅]|总工会|教育[局厅]|代表[队团]).*")
IN_FILENAME = re.compile(r"([\u4e00-\u9fff]{2,20}(?:市|区|县|州|盟|省|集团|公司|学院|学校|大学))")


def people(grid: Grid, table: Table) -> Iterator[int]:
    """The numbers of the rows that enter somebody, counted from 0, down to the end of the table."""
    for number in range(table.first, end_of(grid, table)):
        if is_person(grid, table, number):
            yield number


def merged_down(grid: Grid, table: Table) -> Grid:
    """The sheet with every cell that is merged over several people repeated for each of them, as the form shows it."""
    spans = [(top, left, bottom) for (top, left), (bottom, _) in grid.merged if bottom > top >= table.first]
    if not spans:
        return grid
    rows = [list(row) for row in grid.rows]
    for top, left, bottom in spans:
        for row in rows[top + 1 : bottom + 1]:
            row[left] = rows[top][left]
    return replace(grid, rows=rows)


def end_of(grid: Grid, table: Table) -> int:
    """The row that ends the table: the first total or note, or the end of the sheet."""
    for number in range(table.first, len(grid.rows)):
        if END.fullmatch(first_text(grid.rows[number])):
            return number
    return len(grid.rows)


def is_person(grid: Grid, table: Table, number: int) -> bool:
    """Whether a row holds more than a running number, is no subtotal, and is not the template's sample."""
    row = grid.rows[number]
    if all(blank(row, heading.column) for heading in table.read.values()) or SUBTOTAL.fullmatch(first_text(row)):
        return False
    return tuple(text_at(row, table, field) for field in ("name", "document_number")) != SAMPLE


def below_end(grid: Grid, table: Table) -> Iterator[Problem]:
    """People who stand below the total or the notes."""
    for number in range(end_of(grid, table) + 1, len(grid.rows)):
        row = grid.rows[number]
        if text_at(row, table, "name") and text_at(row, table, "document_number"):
            yield problem("registration.after-total", Place(grid.name, number + 1))


def total_problems(grid: Grid, table: Table, found: int) -> Iterator[Problem]:
    """Whether the total, when it states a number of people, states the right one."""
    end = end_of(grid, table)
    if end == len(grid.rows) or not TOTAL.fullmatch(first_text(grid.rows[end])):
        return
    claims = [PEOPLE.search(cell) for cell in grid.rows[end] if isinstance(cell, str)]
    claimed = next((int(claim.group(1)) for claim in claims if claim), None)
    if claimed is not None and claimed != found:
        yield problem("registration.total-differs", Place(grid.name, end + 1), claimed=claimed, found=found)


def delegation_of(read: Sequence[tuple[Grid, Table]], filename: str) -> str:
    """Who sends the workbook: from the title, the line 填报单位, or at last the file's name; nothing when none says."""
    above = [cell for grid, table in read for row in grid.rows[: table.header] for cell in row if isinstance(cell, str)]
    for cell in above:
        title = TITLE.search(BEFORE_DELEGATION.sub("", "".join(cell.split())))
        if title:
            return title.group(1)
    for cell in above:
        labelled = LABELLED.fullmatch(cell)
        if labelled:
            return OFFICE.sub("", labelled.group(1)) or labelled.group(1)
    named = IN_FILENAME.search(filename)
    return named.group(1) if named else ""


def first_text(row: Sequence[object]) -> str:
    """The first cell of a row that holds anything, if it is text."""
    cell = next((cell for cell in row if cell != "" and cell is not None), "")
    return cell.strip() if isinstance(cell, str) else ""


def text_at(row: Sequence[object], table: Table, field: str) -> str:
    """What a row holds in the column of a field, as text."""
    heading = table.column(field)
    return str(row[heading.column]).strip() if heading and heading.column < len(row) else ""


def blank(row: Sequence[object], column: int) -> bool:
    """Whether a cell shows nothing."""
    cell = row[column] if column < len(row) else ""
    return cell is None or (isinstance(cell, str) and not cell.strip())
