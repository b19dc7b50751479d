"""Whether the bands of a policy fit together: no rank in two of them, none forgotten between two of them.

Only rules of one scope are compared, and only by what is counted (ranks by team size, percentages of the field). A
gap that the text itself leaves must be written down as a rule with a silent effect, so that it is seen to be one.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from scoring.language.lines import Path
from scoring.language.promotion import PromotionRule, TitleRule
from scoring.language.selecting import Scope, Selector
from scoring.language.table import Notes
from scoring.verdict import Words

Band = tuple[Fraction, Fraction, Path]
"""Over … to, and where it is written: ranks 6–20 are over 5 to 20, so that ranks and percentages fit together alike."""


def check_bands(notes: Notes, rules: Sequence[PromotionRule]) -> None:
    """Notes overlaps and holes between the promotion rules of the same scope."""
    alike: dict[tuple[Scope, ...], list[tuple[Path, Selector]]] = {}
    for index, rule in enumerate(rules):
        alike.setdefault(rule.scopes, []).append((("promotion", "rule", index, "select"), rule.select))
    for group in alike.values():
        by_rank = [(path, select.ranks) for path, select in group if select.ranks]
        for size in sorted({size for _, ranks in by_rank for size in ranks}):
            _check(notes, [_whole(ranks[size], path) for path, ranks in by_rank if size in ranks])
        _check(notes, [(*select.percent, path) for path, select in group if select.percent])


def check_field_bands(notes: Notes, title: TitleRule, path: Path) -> None:
    """Notes overlaps and holes between the field sizes of a title's scale."""
    bands = enumerate(title.select.by_field)
    _check(notes, [_whole(band.size, (*path, "select", "by_field", index)) for index, band in bands], start=None)


def _whole(ranks: tuple[int, int], path: Path) -> Band:
    return Fraction(ranks[0] - 1), Fraction(ranks[1]), path


def _check(notes: Notes, bands: Iterable[Band], start: Fraction | None = Fraction(0)) -> None:
    end = start
    for over, to, path in sorted(bands, key=lambda band: band[:2]):
        if end is not None and over < end:
            words = Words(
                f"名次段重叠：{over} 至 {end} 属于两条规则", f"bands overlap: {over} to {end} is in two rules"
            )
            notes.add("bands-overlap", path, words, Words("每个名次只归一条规则", "put every rank into one rule only"))
        elif end is not None and over > end:
            words = Words(f"名次段有空缺：{end} 至 {over}", f"bands leave a hole: {end} to {over}")
            mend = Words("补上，或写一条 silent 规则", "fill it, or write a rule whose effect is silent")
            notes.add("bands-hole", path, words, mend)
        end = max(to, end or to)
