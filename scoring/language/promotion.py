"""What a policy may say about promotion and titles.

A rule is read as one sentence: in this *scope*, whoever is *selected* and passes the *gates* gets this *effect*, in
this *mode*. Rules are tried in their order and the first that selects somebody decides. What a text does not say is
written down as silent, so that a person decides and nobody has to remember that it was not said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.ladder import LEVELS
from scoring.language.bands import fit, whole
from scoring.language.lines import Path
from scoring.language.references import Names
from scoring.language.selecting import Gates, Scope, Selector, read_gates, read_scopes, read_selector
from scoring.language.sources import Sources, read_sources
from scoring.language.table import Notes, Table
from scoring.rounding import MODES
from scoring.verdict import NO_WORDS, Words

MODES_OF_EFFECT = ("automatic", "approval", "application")
"""takes effect at once · needs approval (核准) · may be applied for (可申报)"""
READS = {
    "set": ("level", "holders", "without", "otherwise", "words"),
    "step": ("steps", "cap", "beyond", "holders", "without", "otherwise", "words"),
    "standard": ("steps", "cap", "holders", "otherwise", "words"),
    "none": (),
    "silent": ("words",),
}
"""The kinds of effect, and the keys that each of them reads besides `kind`."""
KINDS_OF_EVENT = ("demonstration", "exhibition", "selection")


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens: `kind` is set, step, standard, none or silent.

    `set` puts everybody on `level`, wherever they stood; `step` moves up by `steps` but not beyond `cap`; `standard`
    is the level that the papers were set to and `steps` more, as far as `cap` and the top of the occupation go.
    `holders` overrides it for people who hold a level already; its values are a level, "unchanged" or "silent".
    A step that would go `beyond` the cap goes as far as the "cap", is "unchanged", or "silent". Holders of the target
    (of the cap, for a step) or of more who are not named there: `otherwise`. Who holds no level at all: `without`, which
    is the target itself when a level is set, and silent when levels are stepped up.
    """

    kind: str
    level: str = ""
    steps: int = 0
    cap: str = "senior-technician"
    beyond: str = "silent"
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
class Selection:
    """Whom a title goes to in one scope; `silent`: the text does not say whether it goes to them.

    `words` are shown where the text is silent: about all of them, or about a size of team or field.
    """

    scopes: tuple[Scope, ...]
    select: Selector
    gates: Gates
    silent: bool
    words: Words


@dataclass(frozen=True, slots=True)
class TitleRule:
    """An honorary title; `again` says whether a holder may be given it a second time.

    One title may be won in several ways (first five of class 1, first three of class 2): the first of its `selections`
    that means somebody decides.
    """

    id: str
    name: Words
    source: str
    selections: tuple[Selection, ...]
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
    sources: Sources


def read_promotion(table: Table, names: Names, titles: Sequence[TitleRule]) -> Promotion:
    """[promotion] and [[promotion.rule]]; its rounding also serves the percentages of the titles."""
    rules = tuple(_rule(rule, names) for rule in table.tables("rule"))
    table.distinct("rule", [rule.id for rule in rules], "rule-twice", Words("晋升规则", "promotion rule"))
    selectors = [rule.select for rule in rules]
    selectors += [selection.select for title in titles for selection in title.selections]
    percentages = any(select.percent for select in selectors)
    promotion = Promotion(
        rules=rules,
        rounding=table.choice("rounding", MODES) if percentages or table.has("rounding") else "",
        per_year=table.whole("per_year", 0),
        nobody=table.texts("nobody", KINDS_OF_EVENT),
        source=table.choice("source", names.sources),
        sources=read_sources(table, names.sources),
    )
    table.close()
    return promotion


def read_titles(policy: Table, names: Names) -> tuple[TitleRule, ...]:
    """[[titles]], all of which may be left out."""
    titles = tuple(_title(title, names) for title in policy.tables("titles"))
    policy.distinct("titles", [title.id for title in titles], "title-twice", Words("称号", "title"))
    return titles


def _title(table: Table, names: Names) -> TitleRule:
    """[[titles]]: `scope`, `select`, `gates`, `silent` and `words` of its own, or several of them as `selections`."""
    rule = TitleRule(
        id=table.text("id"),
        name=table.words("name"),
        source=table.choice("source", names.sources),
        selections=_selections(table, names),
        mode=table.choice("mode", MODES_OF_EFFECT),
        again=table.flag("again", False),
    )
    table.close()
    return rule


def _selections(table: Table, names: Names) -> tuple[Selection, ...]:
    if not table.has("selections"):
        return (_selection(table, names),)
    several = table.tables("selections")
    selections = tuple(_selection(one, names) for one in several)
    for one in several:
        one.close()
    if not selections:
        words = Words("selections 是空的，没有选中任何人", "selections is empty and selects nobody")
        table.refuse("selects-nobody", "selections", words, Words("写明选中谁", "say who is selected"))
    return selections


def _selection(table: Table, names: Names) -> Selection:
    silent = table.flag("silent", False)
    words = table.words("words", optional=not silent)
    return Selection(read_scopes(table), read_selector(table, names), read_gates(table, names), silent, words)


def check_bands(notes: Notes, rules: Sequence[PromotionRule]) -> None:
    """Notes overlaps and holes between the promotion rules of the same scope, by what is counted: ranks or percent."""
    alike: dict[tuple[Scope, ...], list[tuple[Path, Selector]]] = {}
    for index, rule in enumerate(rules):
        alike.setdefault(rule.scopes, []).append((("promotion", "rule", index, "select"), rule.select))
    for group in alike.values():
        by_rank = [(path, select.ranks) for path, select in group if select.ranks]
        for size in sorted({size for _, ranks in by_rank for size in ranks}):
            fit(notes, [whole(ranks[size], path) for path, ranks in by_rank if size in ranks])
        fit(notes, [(*select.percent, path) for path, select in group if select.percent])


def _rule(table: Table, names: Names) -> PromotionRule:
    rule = PromotionRule(
        id=table.text("id"),
        clause=table.words("clause"),
        source=table.choice("source", names.sources),
        scopes=read_scopes(table),
        select=read_selector(table, names),
        gates=read_gates(table, names),
        effect=_effect(table.table("effect")),
        mode=table.choice("mode", MODES_OF_EFFECT),
    )
    table.close()
    return rule


def _effect(table: Table) -> Effect:
    kind = table.choice("kind", READS)
    table.only("kind", kind, READS)
    holders = table.table("holders", required=False)
    answers = (*LEVELS, "unchanged", "silent")
    level = table.choice("level", LEVELS) if kind == "set" else ""
    otherwise = table.choice("otherwise", ("silent", "unchanged"), "silent")
    effect = Effect(
        kind=kind,
        level=level,
        steps=table.whole("steps", least=1) if kind == "step" else table.whole("steps", 0),
        cap=table.choice("cap", LEVELS, "senior-technician"),
        beyond=table.choice("beyond", ("silent", "unchanged", "cap"), otherwise),
        holders={level: holders.choice(level, answers) for level in LEVELS if holders.has(level)},
        without=table.choice("without", answers, level or "silent"),
        otherwise=otherwise,
        words=table.words("words", optional=kind != "silent"),
    )
    holders.close()
    table.close()
    return effect
