"""What a policy may say about the field and about awards.

[field]           how the field is counted, and what happens when it is too small
[awards]          who may take an award
[[awards.prize]]  one award: by rank, by share of the field, by score, by scale; the first that fits is the one taken
"""

from dataclasses import dataclass
from fractions import Fraction

from scoring.language.selecting import COUNTS
from scoring.language.sources import Sources, read_sources
from scoring.language.table import Table
from scoring.rounding import MODES
from scoring.verdict import Words


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Below `smallest` entries (teams, persons) an event is held as a demonstration: no awards, nothing promoted."""

    count: str
    smallest: int
    clause: Words
    source: str


@dataclass(frozen=True, slots=True)
class Prize:
    """One award. `ranks` from … to; `percent` of the field from the top; 0 in `from_total`, `from_scale`: no limit."""

    id: str
    name: Words
    ranks: tuple[int, int] | None
    percent: Fraction | None
    rounding: str
    from_total: int
    from_scale: int
    source: str
    sources: Sources


@dataclass(frozen=True, slots=True)
class AwardRule:
    """`ineligible`: "pass-over" keeps guests in the ranking without moving anybody else's award, "take-place" lets
    them use up a place. `points_apart` joins everybody to the place of the one in front who is no further away than
    that: in points of the scale, or in hundredths of the total when there is none."""

    ineligible: str
    points_apart: int
    scale: str
    prizes: tuple[Prize, ...]
    source: str
    sources: Sources


def read_field(table: Table, sources: tuple[str, ...]) -> FieldRule:
    """[field]"""
    rule = FieldRule(
        count=table.choice("count", COUNTS),
        smallest=table.whole("smallest"),
        clause=table.words("clause"),
        source=table.choice("source", sources),
    )
    table.close()
    return rule


def read_awards(table: Table, sources: tuple[str, ...]) -> AwardRule:
    """[awards]"""
    rule = AwardRule(
        ineligible=table.choice("ineligible", ("pass-over", "take-place")),
        points_apart=table.whole("points_apart", 0),
        scale=table.choice("scale", ("none", "worldskills-700"), "none"),
        prizes=tuple(_prize(prize, sources) for prize in table.tables("prize")),
        source=table.choice("source", sources),
        sources=read_sources(table, sources),
    )
    table.distinct("prize", [prize.id for prize in rule.prizes], "prize-twice", Words("奖项", "prize"))
    for index, prize in enumerate(rule.prizes):
        if prize.from_scale and rule.scale == "none":
            words = Words(
                "from_scale 需要 awards.scale，这里没有换算", "from_scale needs awards.scale, and there is none"
            )
            mend = Words(
                '填写 scale = "worldskills-700"，或改用 from_total', 'give scale = "worldskills-700", or use from_total'
            )
            table.notes.add("no-scale", (*table.path, "prize", index, "from_scale"), words, mend)
    table.close()
    return rule


def _prize(table: Table, sources: tuple[str, ...]) -> Prize:
    percent = table.percent("percent") if table.has("percent") else None
    prize = Prize(
        id=table.text("id"),
        name=table.words("name"),
        ranks=table.band("ranks") if table.has("ranks") else None,
        percent=percent,
        rounding=table.choice("rounding", MODES) if percent is not None else "",
        from_total=table.whole("from_total", 0),
        from_scale=table.whole("from_scale", 0),
        source=table.choice("source", sources),
        sources=read_sources(table, sources),
    )
    if prize.ranks is None and prize.percent is None and not prize.from_total and not prize.from_scale:
        table.refuse(
            "prize-for-nobody",
            "",
            Words(f"奖项 {prize.id} 没有说明给谁", f"prize {prize.id} does not say who takes it"),
            Words("填写 ranks、percent、from_total 或 from_scale", "give ranks, percent, from_total or from_scale"),
        )
    table.close()
    return prize
