"""A list or a report as a workbook: the columns that are shown, the rows that the filters find, in the order of the page."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from decimal import Decimal
from typing import Any

from admin.lists.listing import Column
from admin.lists.loading import told
from admin.sheets.table import Column as Heading
from admin.sheets.table import Value, write_table
from server.issuing.pressing import give_way
from server.web.page import spoken
from server.web.words import written

MOST_HERE = 500
"""Rows that are written in the program itself. A thread that writes more takes turns with the one that answers, and everybody
waits for every turn; so a large workbook has a process of its own, which ends with it. A press would keep the memory."""
NICE = 5
"""A person waits for a workbook, though not a judge: a third of what a process that serves people gets."""
KINDS = {"whole": "whole", "share": "marks", "marks": "marks"}


def write_rows(title: str, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], note: str, lang: str) -> bytes:
    """The workbook. What people typed stays text, also where it begins like a formula. To be called in a thread."""
    headings = [
        Heading(spoken(column.heading, lang) + (" %" if column.kind == "share" else ""), KINDS.get(column.kind, "text"))
        for column in columns
    ]
    lines = [[cell(row[column.id], column, lang) for column in columns] for row in rows]
    if len(lines) <= MOST_HERE:
        return write_table(title, headings, lines, note)
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawned, initializer=give_way, initargs=(NICE,)) as process:
        return process.submit(write_table, title, headings, lines, note).result()


def cell(value: Any, column: Column, lang: str) -> Value:
    """One value as the sheet keeps it."""
    if value is None:
        return None
    if column.kind == "moment":
        moment: datetime = value
        return written(moment, "moment", lang)
    if column.kind in KINDS:
        return int(value) if not isinstance(value, Decimal) or value == int(value) else value
    return str(told(value, column, lang))
