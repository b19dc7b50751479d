"""How the effects of an upheld appeal are shown: lines with a before and an after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.ladder import LEVELS
from scoring.scheme import names_of
from scoring.verdict import Words
from server.appeals.effects import Effects
from server.competitions.flow import scheme_of
from server.issuing.saying import distinction
from server.issuing.superseding import Change
from server.marks.floor import STATUSES
from server.web.page import spoken

OUTCOMES = {"unchanged": Words("不晋升", "no promotion"), "silent": Words("规则未规定，待裁定", "the rules are silent")}
KINDS = {
    "replaced": Words("换发", "replaced"),
    "revoked": Words("作废", "revoked"),
    "issued": Words("新发", "issued"),
}


def effects_shown(effects: Effects | None, event: Mapping[str, Any], labels: Mapping[Any, str], lang: str) -> Any:
    """Everything that would change, in the page's language; None where nothing is proposed. `labels` are judge → J1 …"""
    if effects is None:
        return None
    scheme = scheme_of(event)
    assert scheme is not None  # no event is marked without a scheme
    return {
        "seen": effects.seen,
        "corrections": [
            {
                "id": str(one["id"]),
                "aspect": f"{one['aspect']} {spoken(names_of(scheme.aspect(one['aspect'])), lang)}",
                "judge": labels.get(one["judge"], ""),
                **{name: scheme.aspect(one["aspect"]).written(one[name]) for name in ("before", "after")},
                "why": one["reason"],
                "by": one["proposed_by"],
            }
            for one in effects.corrections
        ],
        "statuses": [
            {
                "id": str(one["id"]),
                "before": spoken(STATUSES[one["before"]], lang),
                "after": spoken(STATUSES[one["after"]], lang),
                "why": one["reason"],
                "by": one["proposed_by"],
            }
            for one in effects.statuses
        ],
        "standings": [
            {
                "names": one.names,
                "delegation": one.delegation,
                **standing_shown(one.before, one.after, lang),
            }
            for one in effects.standings
        ],
        "promotions": [
            {"name": one.name, "before": _level(*one.before, lang), "after": _level(*one.after, lang)}
            for one in effects.promotions
        ],
        "certificates": [_certificate(one, lang) for one in effects.certificates],
    }


def standing_shown(before: Mapping[str, Any], after: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Rank, total and award of one line, each before and after."""
    return {
        "rank": (_place(before, lang), _place(after, lang)),
        "total": (before["total"], after["total"]),
        "award": (_award(before, lang), _award(after, lang)),
    }


def _place(row: Mapping[str, Any], lang: str) -> str:
    """The rank, or why there is none."""
    return str(row["rank"]) if row["rank"] else spoken(STATUSES.get(row["status"], Words("", "")), lang)


def _award(row: Mapping[str, Any], lang: str) -> str:
    return str(row["award"][lang]) if row["award"] else ""


def _level(outcome: str, level: str, lang: str) -> str:
    return spoken(LEVELS[level].name if level else OUTCOMES.get(outcome, Words("", "")), lang)


def _certificate(one: Change, lang: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "number": one.number,
        "kind": one.kind,
        "said": spoken(KINDS[one.kind], lang),
        "before": distinction(one.before, lang) if one.before else "",
        "after": distinction(one.after, lang) if one.after else "",
    }
