"""Whether the bands of a policy fit together: no rank in two of them, none forgotten between two of them.

Only rules of one scope are compared, and only by what is counted (ranks by team size, percentages of the field). A
gap that the text itself leaves must be written down as a rule with a silent effect, so that it is seen to be one.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from scoring.language.promotion import PromotionRule, Scope, TitleRule
from scoring.language.table import Table
from scoring.verdict import Words

Band = tuple[Fraction, Fraction]
"""Over … to: ranks 6–20 are the band over 5 to 20, so that ranks and percentages fit together in the same way."""


def check_bands(table: Table, rules: Sequence[PromotionRule]) -> None:
    """Notes overlaps and holes between the promotion rules of the same scope."""
    alike: dict[tuple[Scope, ...], list[PromotionRule]] = {}
    for rule in rules:
        alike.setdefault(rule.scopes, []).append(rule)
    for group in alike.values():
        by_rank = [rule.select.ranks for rule in group if rule.select.ranks]
        for size in sorted({size for ranks in by_rank for size in ranks}):
            _check(table, [_ranks(*ranks[size]) for ranks in by_rank if size in ranks])
        _check(table, [rule.select.percent for rule in group if rule.select.percent])


def check_field_bands(table: Table, title: TitleRule) -> None:
    """Notes overlaps and holes between the field sizes of a title's scale."""
    _check(table, [_ranks(*band.size) for band in title.select.by_field], start=None)


def _ranks(first: int, last: int) -> Band:
    return Fraction(first - 1), Fraction(last)


def _check(table: Table, bands: Iterable[Band], start: Fraction | None = Fraction(0)) -> None:
    end = start
    for over, to in sorted(bands):
        if end is not None and over < end:
            table.refuse(
                "bands-overlap",
                "rule",
                Words(f"名次段重叠：{over} 至 {end} 属于两条规则", f"bands overlap: {over} to {end} is in two rules"),
                Words("每个名次只归一条规则", "put every rank into one rule only"),
            )
        elif end is not None and over > end:
            table.refuse(
                "bands-hole",
                "rule",
                Words(f"名次段有空缺：{end} 至 {over}", f"bands leave a hole: {end} to {over}"),
                Words("补上，或写一条 silent 规则", "fill it, or write a rule whose effect is silent"),
            )
        end = max(to, end or to)
