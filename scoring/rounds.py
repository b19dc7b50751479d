"""Rounds of judged scores: each judge scores alone; too far apart, all of them talk and score again.

A cell (entry, aspect) begins in round 1. When everybody who marks it has given a score of the last round and the scores
are further apart than the policy's `marking.spread`, the next round is open for all of them. It is over when all have
given a score of it, whether they moved or not. Every round stays in the ledger; a result takes each judge's last score.

A score is *late* when the next round was open for its judge before it came: a tablet that was offline may send one
while the panel talks. It stays on record and does not change what the panel talks about; what counts is the score that the
judge gives in the open round.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from scoring.marks import ALL, JUDGED, Mark, Scheme, facts_of, latest


@dataclass(frozen=True, slots=True)
class Round:
    """A cell that is being scored again: the number of the round, and the judges who have not scored in it yet.

    `scores` are the last scores of those judges; a new score stays hidden until all judges have given theirs.
    """

    entry: str
    aspect: str
    number: int
    waiting: tuple[str, ...]
    scores: tuple[tuple[str, int], ...]


def open_rounds(
    scheme: Scheme, panel: Collection[str], marks: Iterable[Mark], spread: int, entries: Collection[str] = ()
) -> tuple[Round, ...]:
    """Every cell that is being scored again, by entry and aspect; a first round is no round of these.

    `spread` is in hundredths. `entries` may map work codes to `Facts`; a judge who is recused from one owes it no score.
    """
    found = []
    for (entry, aspect), given in sorted(latest(marks).items()):
        if aspect not in scheme.by_id or scheme.aspect(aspect).kind != JUDGED or scheme.aspect(aspect).recorded != ALL:
            continue
        facts = facts_of(entries, entry)
        if facts.status != "competed":
            continue
        markers = [judge for judge in sorted(panel) if judge not in facts.recused]
        if any(judge not in given for judge in markers):
            continue
        last = max(given[judge].round for judge in markers)
        waiting = [judge for judge in markers if given[judge].round < last]
        if not waiting:
            values = [given[judge].value for judge in markers]
            if max(values) - min(values) <= spread:
                continue
            last, waiting = last + 1, markers
        scores = tuple((judge, given[judge].value) for judge in waiting)
        found.append(Round(entry, aspect, last, tuple(waiting), scores))
    return tuple(found)


def in_time(
    scheme: Scheme, panel: Collection[str], history: Iterable[Mark], spread: int, entries: Collection[str] = ()
) -> list[Mark]:
    """Each judge's last score of every cell, without late ones. `history` has every score in the order of storing."""
    given: dict[tuple[str, str], dict[str, Mark]] = {}
    for mark in history:
        cell = given.setdefault((mark.entry, mark.aspect), {})
        opened = open_rounds(scheme, panel, cell.values(), spread, entries) if mark.judge in cell else ()
        if not any(mark.judge in one.waiting and mark.round < one.number for one in opened):
            cell[mark.judge] = mark
    return [mark for cell in given.values() for mark in cell.values()]
