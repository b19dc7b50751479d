"""Whether bands fit together: nothing in two of them, nothing forgotten between two of them.

A gap that the text itself leaves must be written down as silent, so that it is seen to be one.
"""

from collections.abc import Iterable
from fractions import Fraction

from scoring.language.lines import Path
from scoring.language.table import Notes
from scoring.verdict import Words

Band = tuple[Fraction, Fraction, Path]
"""Over … to, and where it is written: ranks 6–20 are over 5 to 20, so that ranks and percentages fit together alike."""


def whole(ranks: tuple[int, int], path: Path) -> Band:
    """The band of whole numbers from … to, both included."""
    return Fraction(ranks[0] - 1), Fraction(ranks[1]), path


def fit(notes: Notes, bands: Iterable[Band], start: Fraction | None = Fraction(0)) -> None:
    """Notes every overlap and hole; from `start`, or from wherever the first band begins."""
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
