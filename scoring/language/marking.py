"""What a policy may say about marks, and about how many marks become one number.

[marking]      the spread between judges, what to do when a mark is missing
[aggregation]  which named function joins the judges, how modules join, how members join to a team
[rounding]     where a number loses its tail
"""

from dataclasses import dataclass

from scoring.language.sources import Sources, read_sources
from scoring.language.table import Table
from scoring.rounding import MODES, PLACES
from scoring.verdict import Words

JOINS = ("mean", "median", "drop", "best", "sum")
"""mean and median of all · drop the highest and lowest n, mean of the rest · mean of the best k · sum."""
MISSING = ("wait", "replace", "average")
"""wait: no result without it · replace: the median of the other judges stands in · average: over those who marked."""


@dataclass(frozen=True, slots=True)
class Marking:
    """`spread` is the widest allowed distance of judged scores in hundredths (100 = one score)."""

    spread: int
    missing: str
    source: str


@dataclass(frozen=True, slots=True)
class Join:
    """How the marks that several judges gave for one aspect become one; the numbers serve `drop` and `best`."""

    use: str
    high: int = 0
    low: int = 0
    best: int = 0


@dataclass(frozen=True, slots=True)
class TimeRule:
    """Hundredths for every full `per` seconds below the `par` time (bonus) or above it (penalty), up to `cap`."""

    par: int
    per: int
    bonus: int
    penalty: int
    cap: int


@dataclass(frozen=True, slots=True)
class Aggregation:
    """`normalise` evens out severe and lenient judges before they are joined.

    `team`: "together" marks a team as one entry; "sum" and "mean" join what its members reached, each member from the
    team's `shared_modules` and from modules of their own.
    """

    judged: Join
    measured: Join
    normalise: str
    modules: str
    team: str
    shared_modules: tuple[str, ...]
    time: TimeRule | None
    source: str
    sources: Sources


@dataclass(frozen=True, slots=True)
class Step:
    """Rounding at one stage: to multiples of `step` hundredths, in the direction of `mode`."""

    step: int
    mode: str


@dataclass(frozen=True, slots=True)
class Rounding:
    """None means that the exact fraction goes on; a total is always rounded, because people read it."""

    aspect: Step | None
    module: Step | None
    total: Step
    source: str
    sources: Sources


def read_marking(table: Table, sources: tuple[str, ...]) -> Marking:
    """[marking]"""
    marking = Marking(
        table.whole("spread", least=1),
        table.choice("missing", MISSING),
        table.choice("source", sources),
    )
    table.close()
    return marking


def read_aggregation(table: Table, sources: tuple[str, ...]) -> Aggregation:
    """[aggregation]"""
    aggregation = Aggregation(
        judged=_join(table.table("judged")),
        measured=_join(table.table("measured")),
        normalise=table.choice("normalise", ("none", "z-score", "mad"), "none"),
        modules=table.choice("modules", ("weighted", "sum")),
        team=table.choice("team", ("together", "sum", "mean"), "together"),
        shared_modules=table.texts("shared_modules", default=()),
        time=_time(table.table("time", required=False)),
        source=table.choice("source", sources),
        sources=read_sources(table, sources),
    )
    table.close()
    return aggregation


def read_rounding(table: Table, sources: tuple[str, ...]) -> Rounding:
    """[rounding]"""
    rounding = Rounding(
        aspect=_step(table.table("aspect", required=False)),
        module=_step(table.table("module", required=False)),
        total=_step(table.table("total")) or Step(1, "half_up"),
        source=table.choice("source", sources),
        sources=read_sources(table, sources),
    )
    table.close()
    return rounding


def _join(table: Table) -> Join:
    use = table.choice("use", JOINS)
    join = Join(
        use,
        high=table.whole("high", 0) if use == "drop" else 0,
        low=table.whole("low", 0) if use == "drop" else 0,
        best=table.whole("best", least=1) if use == "best" else 0,
    )
    if use == "drop" and join.high + join.low == 0:
        table.refuse(
            "drops-nothing",
            "use",
            Words("drop 没有说明去掉几个", "drop does not say how many"),
            Words("填写 high 和 low", "give high and low"),
        )
    table.close()
    return join


def _time(table: Table) -> TimeRule | None:
    if not table.present:
        return None
    rule = TimeRule(
        par=table.whole("par"),
        per=table.whole("per", least=1),
        bonus=table.whole("bonus", 0),
        penalty=table.whole("penalty", 0),
        cap=table.whole("cap"),
    )
    table.close()
    return rule


def _step(table: Table) -> Step | None:
    if not table.present:
        return None
    places = table.whole("places")
    step = Step(PLACES.get(places, 1), table.choice("mode", MODES))
    if places not in PLACES:
        table.refuse(
            "places",
            "places",
            Words(f"小数位数 {places} 不可用", f"{places} decimal places are not possible"),
            Words("填写 0、1 或 2", "give 0, 1 or 2"),
        )
    table.close()
    return step
