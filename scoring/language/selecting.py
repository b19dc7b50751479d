"""What a policy may say about whom a rule means: its scope, its selector, its gates.

A *scope* is where a rule holds, a *selector* whom it means there, and a *gate* turns away somebody whom it does mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoring.ladder import LEVELS
from scoring.language.bands import fit, whole
from scoring.language.references import Names
from scoring.language.table import Table
from scoring.verdict import Words

COUNTS = ("entries", "teams", "persons")
"""How a field is counted; persons are entries times the people in each."""
IDENTITIES = ("worker", "teacher", "student", "other")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a rule holds; an empty tuple leaves that side open. The final is meant unless stages are named."""

    tiers: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    stages: tuple[str, ...] = ("final",)
    identities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldBand:
    """The ranks selected when the field has `size` from … to; no ranks: the text is silent for that size."""

    size: tuple[int, int]
    ranks: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Selector:
    """Whom a rule means; what is None or empty does not restrict, and everything given must hold together.

    `ranks` maps team sizes to bands, with 0 for any size; `percent` is a band of the field, over … to.
    `count` says what the sizes of `by_field` count.
    """

    ranks: Mapping[int, tuple[int, int]] | None = None
    awards: tuple[str, ...] = ()
    percent: tuple[Fraction, Fraction] | None = None
    by_field: tuple[FieldBand, ...] = ()
    squad: str = ""
    everyone: bool = False
    count: str = "entries"


@dataclass(frozen=True, slots=True)
class Gates:
    """Conditions for those who were selected; failing one means "unchanged", with the gate as the reason."""

    entries: int = 0
    teams: int = 0
    persons: int = 0
    identities: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    papers_at_least: str = ""
    national_standard: bool = False
    recognised: bool = False


def read_scopes(table: Table) -> tuple[Scope, ...]:
    """The scopes of a rule; none at all covers every final."""
    return tuple(_scope(scope) for scope in table.tables("scope")) or (Scope(),)


def _scope(table: Table) -> Scope:
    scope = Scope(
        tiers=table.some("tiers"),
        classes=table.some("classes"),
        groups=table.some("groups"),
        stages=table.some("stages") or Scope().stages,
        identities=table.some("identities", IDENTITIES),
    )
    table.close()
    return scope


def read_selector(rule: Table, names: Names) -> Selector:
    """The `select` of a rule."""
    table = rule.table("select")
    selector = Selector(
        ranks=_ranks(table) if table.has("ranks") else None,
        awards=table.some("awards"),
        percent=_percent(table) if table.has("percent") else None,
        by_field=tuple(_field_band(band) for band in table.tables("by_field")),
        squad=table.text("squad", ""),
        everyone=table.flag("everyone", False),
        count=table.choice("count", COUNTS, "entries"),
    )
    if selector == Selector():
        table.refuse(
            "selects-nobody",
            "",
            Words("没有说明选中谁", "does not say who is selected"),
            Words("填写 ranks、awards、percent、by_field、squad 或 everyone", "give ranks, awards, percent …"),
        )
    if table.has("count") and not table.has("by_field"):
        words = Words("没有 by_field 时 count 不起作用", "count means nothing without by_field")
        table.refuse("key-not-read", "count", words, Words("删去，或写明 by_field", "delete it, or give by_field"))
    names.check_awards(table, "awards", selector.awards)
    if not table.notes.problems:
        sizes = enumerate(selector.by_field)
        fit(table.notes, [whole(band.size, (*table.path, "by_field", index)) for index, band in sizes], start=None)
    table.close()
    return selector


def _ranks(table: Table) -> Mapping[int, tuple[int, int]]:
    """`ranks = [1, 5]` for teams of any size, or `ranks = { 1 = [1, 5], 2 = [1, 3] }` by size."""
    if isinstance(table.raw.get("ranks"), list):
        return {0: table.band("ranks")}
    sizes = table.table("ranks")
    if table.raw.get("ranks") == {}:
        words = Words("ranks 没有写名次", "ranks names no ranks")
        table.refuse(
            "no-ranks", "ranks", words, Words("写成 [1, 5] 或 { 1 = [1, 5] }", "write [1, 5] or { 1 = [1, 5] }")
        )
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
    if isinstance(value, list) and len(value) == 2 and all(type(item) in (int, Fraction) for item in value):
        over, to = (Fraction(item) for item in value)
        if 0 <= over < to <= 100:
            return over, to
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


def read_gates(rule: Table, names: Names) -> Gates:
    """The `gates` of a rule, which may be left out."""
    table = rule.table("gates", required=False)
    gates = Gates(
        entries=table.whole("entries", 0),
        teams=table.whole("teams", 0),
        persons=table.whole("persons", 0),
        identities=table.some("identities", IDENTITIES),
        passed=table.some("passed"),
        papers_at_least=table.choice("papers_at_least", LEVELS, ""),
        national_standard=table.flag("national_standard", False),
        recognised=table.flag("recognised", False),
    )
    names.check_parts(table, "passed", gates.passed)
    table.close()
    return gates
