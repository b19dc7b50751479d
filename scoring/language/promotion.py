"""What a policy may say about promotion and titles.

A rule is read as one sentence: in this *scope*, whoever is *selected* and passes the *gates* gets this *effect*, in
this *mode*. Rules are tried in their order and the first that selects somebody decides. What a text does not say is
written down as silent, so that a person decides and nobody has to remember that it was not said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoring.ladder import LEVELS
from scoring.language.table import Table
from scoring.rounding import MODES
from scoring.verdict import NO_WORDS, Words

MODES_OF_EFFECT = ("automatic", "approval", "application")
"""takes effect at once · needs approval (核准) · may be applied for (可申报)"""
PARTS = ("theory", "practice", "total")
KINDS_OF_EVENT = ("demonstration", "exhibition", "selection")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a rule holds; an empty tuple leaves that side open."""

    tiers: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldBand:
    """The ranks selected when the field has `size` from … to entries; no ranks: the text is silent for that size."""

    size: tuple[int, int]
    ranks: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Selector:
    """Whom a rule means; what is None or empty does not restrict, and everything given must hold together.

    `ranks` maps team sizes to bands, with 0 for any size; `percent` is a band of the field, over … to.
    """

    ranks: Mapping[int, tuple[int, int]] | None = None
    awards: tuple[str, ...] = ()
    percent: tuple[Fraction, Fraction] | None = None
    by_field: tuple[FieldBand, ...] = ()
    squad: str = ""
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Gates:
    """Conditions for those who were selected; failing one means "unchanged", with the gate as the reason."""

    entries: int = 0
    teams: int = 0
    passed: tuple[str, ...] = ()
    papers_at_least: str = ""
    national_standard: bool = False
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens: `kind` is set, step, standard, none or silent.

    `holders` overrides it for people who hold a level already; its values are a level, "unchanged" or "silent".
    Holders of the target or of more who are not named there: `otherwise`. Who holds no level at all: `without`, which
    is the target itself when a level is set, and silent when levels are stepped up.
    """

    kind: str
    level: str = ""
    steps: int = 0
    cap: str = "senior-technician"
    holders: Mapping[str, str] | None = None
    without: str = "silent"
    otherwise: str = "silent"
    words: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class PromotionRule:
    """One sentence of the text, in the words of this house, with the citation that it rests on."""

    id: str
    clause: Words
    source: str
    scopes: tuple[Scope, ...]
    select: Selector
    gates: Gates
    effect: Effect
    mode: str


@dataclass(frozen=True, slots=True)
class TitleRule:
    """An honorary title; `again` says whether a holder may be given it a second time."""

    id: str
    name: Words
    source: str
    scopes: tuple[Scope, ...]
    select: Selector
    gates: Gates
    mode: str
    again: bool


@dataclass(frozen=True, slots=True)
class Promotion:
    """`rounding` turns a percentage of the field into a number of ranks; `per_year` 0 means no limit;
    `nobody` names the kinds of event that promote nobody at all."""

    rules: tuple[PromotionRule, ...]
    rounding: str
    per_year: int
    nobody: tuple[str, ...]
    source: str


def read_promotion(table: Table, sources: tuple[str, ...]) -> Promotion:
    """[promotion] and [[promotion.rule]]"""
    rules = tuple(_rule(rule, sources) for rule in table.tables("rule"))
    percentages = any(rule.select.percent for rule in rules)
    promotion = Promotion(
        rules=rules,
        rounding=table.choice("rounding", MODES) if percentages or table.has("rounding") else "",
        per_year=table.whole("per_year", 0),
        nobody=table.texts("nobody", KINDS_OF_EVENT),
        source=table.choice("source", sources),
    )
    table.close()
    return promotion


def read_title(table: Table, sources: tuple[str, ...]) -> TitleRule:
    """[[titles]]"""
    rule = TitleRule(
        id=table.text("id"),
        name=table.words("name"),
        source=table.choice("source", sources),
        scopes=tuple(_scope(scope) for scope in table.tables("scope")),
        select=_select(table.table("select")),
        gates=_gates(table.table("gates", required=False)),
        mode=table.choice("mode", MODES_OF_EFFECT),
        again=table.flag("again", False),
    )
    table.close()
    return rule


def _rule(table: Table, sources: tuple[str, ...]) -> PromotionRule:
    rule = PromotionRule(
        id=table.text("id"),
        clause=table.words("clause"),
        source=table.choice("source", sources),
        scopes=tuple(_scope(scope) for scope in table.tables("scope")),
        select=_select(table.table("select")),
        gates=_gates(table.table("gates", required=False)),
        effect=_effect(table.table("effect")),
        mode=table.choice("mode", MODES_OF_EFFECT),
    )
    table.close()
    return rule


def _scope(table: Table) -> Scope:
    scope = Scope(
        tiers=table.texts("tiers", default=()),
        classes=table.texts("classes", default=()),
        groups=table.texts("groups", default=()),
        stages=table.texts("stages", default=()),
        identities=table.texts("identities", ("worker", "teacher", "student", "other"), default=()),
    )
    table.close()
    return scope


def _select(table: Table) -> Selector:
    selector = Selector(
        ranks=_ranks(table) if table.has("ranks") else None,
        awards=table.texts("awards", default=()),
        percent=_percent(table) if table.has("percent") else None,
        by_field=tuple(_field_band(band) for band in table.tables("by_field")),
        squad=table.text("squad", ""),
        everyone=table.flag("everyone", False),
    )
    if selector == Selector():
        table.refuse(
            "selects-nobody",
            "",
            Words("没有说明选中谁", "does not say who is selected"),
            Words("填写 ranks、awards、percent、by_field、squad 或 everyone", "give ranks, awards, percent …"),
        )
    table.close()
    return selector


def _ranks(table: Table) -> Mapping[int, tuple[int, int]]:
    """`ranks = [1, 5]` for teams of any size, or `ranks = { 1 = [1, 5], 2 = [1, 3] }` by size."""
    if isinstance(table.raw.get("ranks"), list):
        return {0: table.band("ranks")}
    sizes = table.table("ranks")
    bands: dict[int, tuple[int, int]] = {}
    for size in sizes.names():
        if size.isascii() and size.isdigit() and int(size) > 0:
            bands[int(size)] = sizes.band(size)
        else:
            sizes.refuse(
                "team-size",
                size,
                Words(f"队伍人数应为正整数，不是 {size}", f"a team size is a whole number, not {size}"),
                Words("写成 1 = [1, 5]", "write 1 = [1, 5]"),
            )
    return bands


def _percent(table: Table) -> tuple[Fraction, Fraction]:
    value = table.raw.get("percent")
    table.asked.add("percent")
    numbers = [Fraction(item) for item in value if isinstance(item, int | Fraction)] if isinstance(value, list) else []
    if len(numbers) == 2 and 0 <= numbers[0] < numbers[1] <= 100:
        return numbers[0], numbers[1]
    table.refuse(
        "wrong-value",
        "percent",
        Words("percent 应为 [超过, 至]，在 0 与 100 之间", "percent must be [over, to] between 0 and 100"),
        Words("例如前 20% 写成 [0, 20]", "the first 20 % are [0, 20]"),
    )
    return Fraction(0), Fraction(100)


def _field_band(table: Table) -> FieldBand:
    band = FieldBand(table.band("size"), table.band("ranks") if table.has("ranks") else None)
    table.close()
    return band


def _gates(table: Table) -> Gates:
    gates = Gates(
        entries=table.whole("entries", 0),
        teams=table.whole("teams", 0),
        passed=table.texts("passed", PARTS, default=()),
        papers_at_least=table.choice("papers_at_least", LEVELS, ""),
        national_standard=table.flag("national_standard", False),
        recognised=table.flag("recognised", False),
    )
    table.close()
    return gates


def _effect(table: Table) -> Effect:
    kind = table.choice("kind", ("set", "step", "standard", "none", "silent"))
    holders = table.table("holders", required=False)
    answers = (*LEVELS, "unchanged", "silent")
    level = table.choice("level", LEVELS) if kind == "set" else ""
    effect = Effect(
        kind=kind,
        level=level,
        steps=table.whole("steps", least=1) if kind == "step" else table.whole("steps", 0) if kind == "standard" else 0,
        cap=table.choice("cap", LEVELS, "senior-technician"),
        holders={level: holders.choice(level, answers) for level in LEVELS if holders.has(level)},
        without=table.choice("without", answers, level or "silent"),
        otherwise=table.choice("otherwise", ("silent", "unchanged"), "silent"),
        words=table.words("words", optional=kind != "silent"),
    )
    holders.close()
    table.close()
    return effect
