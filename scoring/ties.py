"""How equals are told apart.

A tie is a value, not an accident: entries with equal totals stay equal unless a named *breaker* of the policy tells
them apart. A breaker looks at one entry alone and gives a number, the higher the better, or None when what it needs
was never written down. Because no breaker looks at two entries, adding an entry can never turn two others round.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from scoring.draw import Dice
from scoring.results import Result
from scoring.said import part_of
from scoring.verdict import Place, Problem, Problems, Words

Breaker = Callable[[Result], Fraction | None]

NAMES = {
    "module": Words("模块成绩高者列前", "higher mark in the module"),
    "criterion": Words("评分标准得分高者列前", "higher mark in the criterion"),
    "judged": Words("评价项总分高者列前", "higher sum of judged aspects"),
    "best-aspect": Words("单项最高分高者列前", "higher best single mark"),
    "time": Words("用时短者列前", "shorter time"),
    "younger": Words("年轻者列前", "the younger"),
    "older": Words("年长者列前", "the older"),
    "lot": Words("抽签决定", "by lot"),
    "chief-judge": Words("裁判长裁定", "ruling of the chief judge"),
}
FOR_EVER = 10**9
"""Seconds: longer than any competition."""


def words_for(breaker: str) -> Words:
    """What a breaker says, for people: “模块成绩高者列前（实操）”."""
    name, _, rest = breaker.partition(":")
    words, of = NAMES[name], part_of(rest)
    return Words(f"{words.zh}（{of.zh}）", f"{words.en} ({of.en})") if rest else words


def breaker(name: str, lot: str = "") -> Breaker:
    """The breaker of that name; `lot` is the seed for drawing lots, replayable like every draw."""
    kind, _, rest = name.partition(":")
    kinds: dict[str, Breaker] = {
        "module": lambda result: result.modules.get(rest),
        "criterion": lambda result: result.criteria.get(rest),
        "judged": lambda result: result.judged_total,
        "best-aspect": lambda result: result.best_aspect,
        "time": _shorter,
        "younger": lambda result: Fraction(result.facts.born.toordinal()) if result.facts.born else None,
        "older": lambda result: Fraction(-result.facts.born.toordinal()) if result.facts.born else None,
        "lot": lambda result: _lot(result, lot),
        "chief-judge": lambda result: Fraction(-result.facts.ruling) if result.facts.ruling else None,
    }
    return kinds[kind]


def told_apart(group: Sequence[Result], name: str, lot: str = "") -> list[list[Result]]:
    """The group in its parts, best first; one part when the breaker cannot tell them apart.

    Raises `Problems` (ties.fact-missing) when the fact is known for some of them only: whoever lacks it would win or
    lose by a gap in the records. When nobody has it, the breaker is passed over.
    """
    look = breaker(name, lot)
    parts: dict[Fraction, list[Result]] = {}
    lacking: list[str] = []
    for result in group:
        value = look(result)
        if value is None:
            lacking.append(result.entry)
        else:
            parts.setdefault(value, []).append(result)
    if len(lacking) == len(group):
        return [list(group)]
    if lacking:
        raise Problems((_missing(name, sorted(lacking)),))
    return [parts[value] for value in sorted(parts, reverse=True)]


def _shorter(result: Result) -> Fraction | None:
    """Who did not finish took longer than anybody who did."""
    if result.facts.status == "did-not-finish":
        return Fraction(-FOR_EVER)
    return None if result.facts.seconds is None else Fraction(-result.facts.seconds)


def _lot(result: Result, seed: str) -> Fraction | None:
    """A throw of its own for every entry, so that who else is tied changes nothing; none without a seed."""
    return Fraction(Dice(seed, f"lot {result.entry}").below(2**62)) if seed else None


def _missing(name: str, lacking: list[str]) -> Problem:
    words = words_for(name)
    who = ", ".join(lacking)
    return Problem(
        "ties.fact-missing",
        Place(key=name),
        Words(f"“{words.zh}”所需的数据缺少：{who}", f"what “{words.en}” needs is missing for {who}"),
        Words("补录该数据", "record it"),
    )
