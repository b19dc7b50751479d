"""What a policy may say about ranks: what is compared, how equals are told apart, how ranks are numbered.

A *breaker* has a name: `module:practice`, `criterion:A`, `judged`, `best-aspect`, `time`, `younger`, `older`, `lot`.
The chain is tried from left to right; an equality that is left over is shared, or becomes a task of the chief judge.
"""

from dataclasses import dataclass

from scoring.language.sources import Sources, read_sources
from scoring.language.table import Table
from scoring.verdict import Words

BREAKERS = ("judged", "best-aspect", "time", "younger", "older", "lot")
NAMED = ("module", "criterion")
"""Breakers that are followed by a colon and an id of the scheme."""
STATUSES = ("absent", "withdrawn", "did-not-finish", "disqualified")


@dataclass(frozen=True, slots=True)
class StandingRule:
    """`by` compares the rounded or the exact total; `exhausted` says what happens after the last breaker."""

    by: str
    ties: tuple[str, ...]
    exhausted: str
    numbering: str
    unranked: tuple[str, ...]
    source: str
    sources: Sources


def read_standing(table: Table, sources: tuple[str, ...]) -> StandingRule:
    """[standing]"""
    rule = StandingRule(
        by=table.choice("by", ("rounded", "exact")),
        ties=table.texts("ties"),
        exhausted=table.choice("exhausted", ("shared", "chief-judge")),
        numbering=table.choice("numbering", ("1-2-2-4", "1-2-2-3")),
        unranked=table.texts("unranked", STATUSES),
        source=table.choice("source", sources),
        sources=read_sources(table, sources),
    )
    _check_chain(table, rule.ties)
    table.close()
    return rule


def _check_chain(table: Table, chain: tuple[str, ...]) -> None:
    for index, breaker in enumerate(chain):
        name, _, rest = breaker.partition(":")
        if not (breaker in BREAKERS or (name in NAMED and rest)):
            table.refuse(
                "tie-breaker",
                "ties",
                Words(f"不认识的同分规则 {breaker}", f"unknown tie breaker {breaker}"),
                Words(
                    f"可用：{'、'.join(BREAKERS)}、module:…、criterion:…",
                    f"known: {', '.join(BREAKERS)}, module:…, criterion:…",
                ),
            )
        elif breaker in chain[:index]:
            table.refuse(
                "tie-circle",
                "ties",
                Words(f"同分规则绕回到 {breaker}", f"the tie chain comes back to {breaker}"),
                Words("每一条只写一次", "name every breaker once"),
            )
        elif index and chain[index - 1] == "lot":
            table.refuse(
                "tie-after-lot",
                "ties",
                Words(f"抽签之后的 {breaker} 永远用不到", f"{breaker} stands after the lot and can never decide"),
                Words("把 lot 放在最后", "put lot last"),
            )
