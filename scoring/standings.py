"""Who stands where.

A rank is one more than the number of entries that are strictly better; equals share it and the next rank skips
(1-2-2-4), unless the policy numbers without a gap (1-2-2-3). Entries that the policy leaves unranked (absent …) have
rank 0 and stand at the end. The order of the input changes nothing: equals are listed by their ids.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from scoring.marks import PLAIN, Facts
from scoring.policy import Policy
from scoring.results import Result, Results
from scoring.ties import told_apart
from scoring.verdict import Words


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the table.

    `rank` is what is printed; `ahead` counts the entries that are strictly better, whatever the numbering, and is what
    cut lines and samples look at. `tied` are the others who share this rank for good; `equals` all who had the same
    total before any tie rule; `broken_by` is the breaker that gave this entry its own place among them, empty when none
    was needed or none did.
    """

    rank: int
    entry: str
    total: int
    tied: tuple[str, ...]
    broken_by: str
    equals: tuple[str, ...] = ()
    facts: Facts = PLAIN
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class TieTask:
    """Ranks may not be shared, every tie rule is exhausted: the chief judge has to rule on the order of `entries`."""

    rank: int
    entries: tuple[str, ...]
    words: Words


def standings(
    results: Results, policy: Policy, facts: Mapping[str, Facts] | None = None, lot: str = ""
) -> tuple[Standing, ...]:
    """All entries, best first. `facts` replace those that the results carry; `lot` is the seed for drawing lots."""
    rows = [replace(row, facts=facts[row.entry]) if facts and row.entry in facts else row for row in results]
    ranked = sorted((row for row in rows if not _unranked(row, policy)), key=lambda row: row.entry)
    by_total: dict[int | Fraction, list[Result]] = {}
    for row in ranked:
        by_total.setdefault(_compared(row, policy), []).append(row)
    table: list[Standing] = []
    distinct = 0
    for value in sorted(by_total, reverse=True):
        equals = by_total[value]
        for part, broken_by in _split(equals, _chain(policy), lot):
            distinct += 1
            rank = distinct if policy.standing.numbering == "1-2-2-3" else len(table) + 1
            table += _lines(rank, len(table), part, broken_by, equals)
    return (*table, *_unranked_lines(rows, policy))


def open_ties(table: Sequence[Standing], policy: Policy) -> tuple[TieTask, ...]:
    """What the chief judge has to rule on, where the policy does not let ranks be shared."""
    if policy.standing.exhausted != "chief-judge":
        return ()
    return tuple(
        TieTask(
            rank,
            entries,
            Words(
                f"第 {rank} 名并列：{'、'.join(entries)}，名次不得并列，请裁判长裁定",
                f"rank {rank} is tied ({', '.join(entries)}) and ranks may not be shared: the chief judge has to rule",
            ),
        )
        for rank, entries in _ranks(table)
        if len(entries) > 1
    )


def advancing(table: Sequence[Standing], places: int) -> tuple[str, ...]:
    """Who goes on from a preliminary round: the first `places` entries, and everyone tied with the last of them."""
    return tuple(line.entry for line in table if line.rank and line.ahead < places)


def _ranks(table: Sequence[Standing]) -> list[tuple[int, tuple[str, ...]]]:
    ranked = [line for line in table if line.rank]
    return [
        (rank, tuple(line.entry for line in lines)) for rank, lines in itertools.groupby(ranked, key=lambda x: x.rank)
    ]


def _chain(policy: Policy) -> tuple[str, ...]:
    ruled = ("chief-judge",) if policy.standing.exhausted == "chief-judge" else ()
    return policy.standing.ties + ruled


def _compared(result: Result, policy: Policy) -> int | Fraction:
    return result.total if policy.standing.by == "rounded" else result.exact


def _unranked(result: Result, policy: Policy) -> bool:
    return result.facts.status in policy.standing.unranked


def _split(group: list[Result], chain: tuple[str, ...], lot: str) -> list[tuple[list[Result], str]]:
    """The group in parts that nothing tells apart, best first, each with the breaker that cut it off last."""
    if len(group) == 1 or not chain:
        return [(group, "")]
    parts = told_apart(group, chain[0], lot)
    return [
        (final, later or (chain[0] if len(parts) > 1 else ""))
        for part in parts
        for final, later in _split(part, chain[1:], lot)
    ]


def _lines(rank: int, ahead: int, part: list[Result], broken_by: str, equals: list[Result]) -> list[Standing]:
    ids = [row.entry for row in part]
    everybody = [row.entry for row in equals]
    return [
        Standing(
            rank=rank,
            entry=row.entry,
            total=row.total,
            tied=tuple(id for id in ids if id != row.entry),
            broken_by=broken_by,
            equals=tuple(id for id in everybody if id != row.entry),
            facts=row.facts,
            ahead=ahead,
        )
        for row in part
    ]


def _unranked_lines(rows: list[Result], policy: Policy) -> list[Standing]:
    left = sorted((row for row in rows if _unranked(row, policy)), key=lambda row: row.entry)
    return [Standing(0, row.entry, row.total, (), "", (), row.facts) for row in left]
