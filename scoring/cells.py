"""Sorts marks into cells before anything is computed, and refuses those that do not fit.

A *cell* is one aspect of one entry, with each judge's mark of their last round. Marks that are out of range, come twice
or contradict each other are all listed at once, in an order that does not depend on the order they came in.
"""

from collections.abc import Collection, Iterable

from scoring.marks import ALL, JUDGED, JUDGED_TOP, STEPS, Mark, Owed, Scheme, check_mark, facts_of, in_marks
from scoring.verdict import No, Place, Problem, Problems, Words

Given = dict[str, Mark]
Cells = dict[str, dict[str, Given]]
"""Entry → aspect → judge → the mark of the judge's last round."""


def collected(scheme: Scheme, panel: Collection[str], entries: Collection[str], marks: Iterable[Mark]) -> Cells:
    """Sorts the marks into cells; marks that do not fit, come twice or contradict each other are all refused."""
    tops = {aspect.id: JUDGED_TOP if aspect.kind == JUDGED else aspect.maximum for aspect in scheme.aspects}
    steps = {aspect.id: STEPS if aspect.kind == JUDGED else aspect.allowed for aspect in scheme.aspects}
    judges = frozenset(panel)
    recused = {(judge, entry) for entry in entries for judge in facts_of(entries, entry).recused}
    cells: Cells = {entry: {} for entry in entries}
    problems: list[Problem] = []
    again: dict[tuple[str, str, str], set[int]] = {}
    for mark in marks:
        top = tops.get(mark.aspect)
        aspects = cells.get(mark.entry)
        if (
            top is None
            or aspects is None
            or mark.judge not in judges
            or mark.round < 1
            or not 0 <= mark.value <= top
            or (steps[mark.aspect] and mark.value not in steps[mark.aspect])
            or (recused and (mark.judge, mark.entry) in recused)
        ):
            verdict = check_mark(scheme, panel, entries, mark)
            problems += [_mark_problem(verdict, mark)] if isinstance(verdict, No) else []
            continue
        given = aspects.setdefault(mark.aspect, {})
        known = given.get(mark.judge)
        if known is None:
            given[mark.judge] = mark
            continue
        turns = again.setdefault((mark.entry, mark.aspect, mark.judge), {known.round})
        if mark.round in turns:
            problems.append(_mark_problem(_TWICE, mark))
        turns.add(mark.round)
        if mark.round > known.round:
            given[mark.judge] = mark
    problems += _contradictions(scheme, cells)
    if problems:
        raise Problems(tuple(sorted(problems, key=lambda problem: (problem.code, problem.place.key))))
    return cells


_TWICE = No("mark.twice", Words("同一裁判同一轮打了两次分", "the same judge marked this twice in one round"))
_TWO_RECORDS = No(
    "mark.two-records", Words("同一项由两名裁判记录且不一致", "two judges recorded different marks for it")
)


def _contradictions(scheme: Scheme, cells: Cells) -> list[Problem]:
    """An aspect that the panel records once must not stand with two different marks in its last round."""
    problems = []
    for aspect in (aspect for aspect in scheme.aspects if aspect.recorded != ALL):
        for aspects in cells.values():
            given = aspects.get(aspect.id, {})
            last = max((mark.round for mark in given.values()), default=0)
            final = sorted((mark for mark in given.values() if mark.round == last), key=lambda mark: mark.judge)
            if len({mark.value for mark in final}) > 1:
                problems.append(_mark_problem(_TWO_RECORDS, final[-1]))
    return problems


def _mark_problem(verdict: No, mark: Mark) -> Problem:
    where = Place(key=f"{mark.entry}/{mark.aspect}/{mark.judge}/{mark.round}")
    words = Words(
        f"{mark.entry} {mark.aspect} {mark.judge} {in_marks(mark.value)}：{verdict.reason.zh}",
        f"{mark.entry} {mark.aspect} {mark.judge} {in_marks(mark.value)}: {verdict.reason.en}",
    )
    return Problem(verdict.rule, where, words, Words("核对这一条打分", "check this mark"))


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
                f"{entry} 还缺 {len(rows)} 个分数，例如 {rows[0].aspect} {rows[0].judge}",
                f"{entry} still lacks {len(rows)} marks, for example {rows[0].aspect} {rows[0].judge}",
            ),
            Words("补齐分数，或登记缺席、弃权", "give the marks, or record that the entry was absent or withdrew"),
        )
        for entry, rows in by_entry.items()
    )
