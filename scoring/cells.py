"""Sorts marks into sheets before anything is computed, and refuses those that do not fit.

A *sheet* holds the marks of one entry as a grid: a row for each aspect, in the order of the scheme, and in it a column
for each judge of the panel. What counts is a judge's mark of their last round. Marks that are out of range, come twice
or contradict each other are all listed at once, in an order and in words that do not depend on the order they came in.
"""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from scoring.marks import ALL, Aspect, Mark, Owed, Scheme, check_mark, facts_of, in_marks
from scoring.verdict import No, Place, Problem, Problems, Words

Sheet = list[int | None]
"""Hundredths, row by row; None where nothing was given."""
RECUSED = -1
"""Stands in the columns of a recused judge while marks are sorted in, so that none can be written there."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of an event. `rows` says where the row of an aspect begins; `rounds` holds, by entry and place in its
    sheet, the rounds of marks that are not of the first."""

    judges: tuple[str, ...]
    rows: Mapping[str, int]
    of: Mapping[str, Sheet]
    rounds: Mapping[tuple[str, int], int]

    def row(self, entry: str, aspect: str) -> Sheet:
        """What every judge gave for one aspect of one entry."""
        begin = self.rows[aspect]
        return self.of[entry][begin : begin + len(self.judges)]

    def rounds_of(self, entry: str, aspect: str) -> dict[str, int]:
        """The judges whose mark for it is of a later round than the first, and that round."""
        begin = self.rows[aspect]
        places = {judge: self.rounds.get((entry, begin + column), 1) for column, judge in enumerate(self.judges)}
        return {judge: turn for judge, turn in places.items() if turn > 1}


def collected(scheme: Scheme, panel: Collection[str], entries: Collection[str], marks: Iterable[Mark]) -> Sheets:
    """Sorts the marks into sheets; marks that do not fit, come twice or contradict each other are all refused."""
    sheets, problems = _sorted_in(scheme, panel, entries, marks)
    problems += _recorded_once(scheme, sheets)
    if problems:
        raise Problems(tuple(sorted(problems, key=lambda problem: (problem.code, problem.place.key, problem.words.en))))
    return sheets


def owed(scheme: Scheme, panel: Collection[str], entries: Collection[str], marks: Iterable[Mark]) -> tuple[Owed, ...]:
    """What is missing, in the order of entries, aspects and judges.

    Nobody owes marks for an entry that was absent, withdrew or was disqualified; one that did not finish owes nothing
    either, and what it has no mark for counts as zero. A mark that does not fit pays for nothing.
    """
    return missing(scheme, entries, _sorted_in(scheme, panel, entries, marks)[0])


def missing(scheme: Scheme, entries: Collection[str], sheets: Sheets) -> tuple[Owed, ...]:
    """The same for marks that are sorted already."""
    found: list[Owed] = []
    width = len(sheets.judges)
    for entry, sheet in sheets.of.items():
        facts = facts_of(entries, entry)
        if facts.status != "competed" or None not in sheet:
            continue
        for aspect in scheme.aspects_of(facts.modules):
            begin = sheets.rows[aspect.id]
            row = sheet[begin : begin + width]
            if None not in row:
                continue
            if aspect.recorded == ALL:
                lacking = [judge for judge, value in zip(sheets.judges, row, strict=True) if value is None]
                found += [Owed(entry, aspect.id, judge) for judge in lacking if judge not in facts.recused]
            elif row.count(None) == width:
                found.append(Owed(entry, aspect.id, ""))
    return tuple(found)


def owed_problems(waiting: tuple[Owed, ...]) -> tuple[Problem, ...]:
    """One problem for each entry, so that a list of a thousand marks stays readable."""
    by_entry: dict[str, list[Owed]] = {}
    for one in waiting:
        by_entry.setdefault(one.entry, []).append(one)
    return tuple(
        Problem(
            "results.marks-owed",
            Place(key=entry),
            Words(
                f"{entry} 还缺 {len(rows)} 个分数，例如 {rows[0].aspect} {rows[0].judge}".rstrip(),
                f"{entry} still lacks {len(rows)} marks, for example {rows[0].aspect} {rows[0].judge}".rstrip(),
            ),
            Words("补齐分数，或登记缺席、弃权", "give the marks, or record that the entry was absent or withdrew"),
        )
        for entry, rows in by_entry.items()
    )


def _sorted_in(
    scheme: Scheme, panel: Collection[str], entries: Collection[str], marks: Iterable[Mark]
) -> tuple[Sheets, list[Problem]]:
    """The sheets, and what is wrong with marks that are not in them.

    The loop is the whole cost of a large event: it writes down what is plainly right and puts everything else aside.
    """
    judges = tuple(sorted(set(panel)))
    columns = {judge: column for column, judge in enumerate(judges)}
    rows = {aspect.id: (number * len(judges), _fitting(aspect)) for number, aspect in enumerate(scheme.aspects)}
    of: dict[str, Sheet] = {entry: [None] * (len(rows) * len(judges)) for entry in sorted(entries)}
    _recuse(entries, of, columns, RECUSED)
    odd: list[Mark] = []
    for mark in marks:
        try:
            sheet = of[mark.entry]
            row, fitting = rows[mark.aspect]
            place = row + columns[mark.judge]
        except KeyError:
            odd.append(mark)
            continue
        if mark.round == 1 and sheet[place] is None and mark.value in fitting:
            sheet[place] = mark.value
        else:
            odd.append(mark)
    _recuse(entries, of, columns, None)
    rounds: dict[tuple[str, int], int] = {}
    sheets = Sheets(judges, {aspect: row for aspect, (row, _) in rows.items()}, of, rounds)
    return sheets, _put_in(odd, scheme, columns, entries, sheets, rounds) if odd else []


def _recuse(entries: Collection[str], of: dict[str, Sheet], columns: Mapping[str, int], sign: int | None) -> None:
    """Writes `sign` into every column of a judge who may not mark an entry."""
    for entry, sheet in of.items():
        for judge in facts_of(entries, entry).recused:
            if judge in columns:
                sheet[columns[judge] :: len(columns)] = [sign] * (len(sheet) // len(columns))


def _fitting(aspect: Aspect) -> Container[int]:
    """The values that a mark for this aspect may have."""
    if aspect.steps:
        return frozenset(step for step in aspect.steps if step <= aspect.top)
    return range(aspect.top + 1)


def _put_in(
    odd: Iterable[Mark],
    scheme: Scheme,
    columns: Mapping[str, int],
    entries: Collection[str],
    sheets: Sheets,
    rounds: dict[tuple[str, int], int],
) -> list[Problem]:
    """Marks of later rounds go in over the earlier ones; the rest does not fit, or was given twice."""
    problems: list[Problem] = []
    again: dict[tuple[str, int], list[Mark]] = {}
    for mark in odd:
        verdict = check_mark(scheme, columns, entries, mark)
        if isinstance(verdict, No):
            problems.append(_mark_problem(verdict, mark))
        else:
            again.setdefault((mark.entry, sheets.rows[mark.aspect] + columns[mark.judge]), []).append(mark)
    for (entry, place), group in again.items():
        first = sheets.of[entry][place]
        values: dict[int, list[int]] = {} if first is None else {1: [first]}
        for mark in group:
            values.setdefault(mark.round, []).append(mark.value)
        last = max(values)
        problems += [_twice(group[0], turn, same) for turn, same in values.items() if len(same) > 1]
        sheets.of[entry][place] = min(values[last])
        if last > 1:
            rounds[entry, place] = last
    return problems


def _recorded_once(scheme: Scheme, sheets: Sheets) -> Iterator[Problem]:
    """Where the panel records one mark together, only the last round stays; two different marks in it are a problem."""
    width = len(sheets.judges)
    for aspect in (aspect for aspect in scheme.aspects if aspect.recorded != ALL):
        begin = sheets.rows[aspect.id]
        for entry, sheet in sheets.of.items():
            row = sheet[begin : begin + width]
            if row.count(None) > width - 2:
                continue
            turns = [
                0 if value is None else sheets.rounds.get((entry, place), 1) for place, value in enumerate(row, begin)
            ]
            last = max(turns)
            final = [value if turn == last else None for turn, value in zip(turns, row, strict=True)]
            sheet[begin : begin + width] = final
            values = {judge: value for judge, value in zip(sheets.judges, final, strict=True) if value is not None}
            if len(set(values.values())) > 1:
                judge, value = max(values.items())
                yield _two_records(Mark(judge, entry, aspect.id, value, last), list(values.values()))


def _mark_problem(verdict: No, mark: Mark) -> Problem:
    where = Place(key=f"{mark.entry}/{mark.aspect}/{mark.judge}/{mark.round}")
    words = Words(
        f"{mark.entry} {mark.aspect} {mark.judge} {in_marks(mark.value)}：{verdict.reason.zh}",
        f"{mark.entry} {mark.aspect} {mark.judge} {in_marks(mark.value)}: {verdict.reason.en}",
    )
    return Problem(verdict.rule, where, words, Words("核对这一条打分", "check this mark"))


def _twice(mark: Mark, turn: int, values: list[int]) -> Problem:
    listed = ", ".join(in_marks(value) for value in sorted(values))
    reason = Words(
        f"同一裁判第 {turn} 轮打了 {len(values)} 次分（{listed}）",
        f"the same judge marked this {len(values)} times in round {turn} ({listed})",
    )
    return _mark_problem(No("mark.twice", reason), Mark(mark.judge, mark.entry, mark.aspect, min(values), turn))


def _two_records(mark: Mark, values: list[int]) -> Problem:
    listed = ", ".join(in_marks(value) for value in values)
    reason = Words(
        f"同一项由几名裁判记录且不一致（{listed}）", f"several judges recorded different marks for it ({listed})"
    )
    return _mark_problem(No("mark.two-records", reason), mark)
