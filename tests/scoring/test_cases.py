"""Every case under tests/cases/ keeps its promise."""

import re
from datetime import date
from typing import Any

import pytest

from scoring.awards import awards
from scoring.eligibility import eligible, over_quota
from scoring.promotion import Promoted, Unchanged, promote
from scoring.review import conclusion, sample
from scoring.standings import open_ties, standings
from scoring.teams import Scored, delegation_table
from scoring.titles import Title, titles
from scoring.verdict import No, Problems, Silent, Words
from tests.scoring.cases import (
    achievement_of,
    applicant_of,
    applicants_of,
    cases,
    field_of,
    occupation_of,
    policy_of,
    record_of,
    results_of,
)


def readable(rule: str, reason: Words) -> None:
    """A rule that can be cited, and a sentence in both languages."""
    assert re.fullmatch(r"[a-z]+\.[a-z0-9.-]+", rule)
    assert reason.zh.strip() and reason.en.strip()
    assert re.search("[\u4e00-\u9fff]", reason.zh)


@pytest.mark.parametrize("case", cases("promotion"))
def test_promotion(case: dict[str, Any]) -> None:
    """A promotion is exactly what the case says: a level, unchanged by a rule, silent at a clause, or refused input."""
    if "refused" in case:
        with pytest.raises(Problems) as refused:
            promote(record_of(case), achievement_of(case), occupation_of(case), policy_of(case))
        assert [case["refused"]] == [problem.code for problem in refused.value.problems]
        assert case["at"] == refused.value.problems[0].place.key
        return
    decision = promote(record_of(case), achievement_of(case), occupation_of(case), policy_of(case))
    readable(decision.rule, decision.reason)
    if "becomes" in case:
        assert isinstance(decision, Promoted), decision
        assert case["becomes"] == decision.level.id
        assert case.get("mode", decision.mode) == decision.mode
        assert decision.citation
    elif "silent" in case:
        assert isinstance(decision, Silent), decision
        assert case["silent"] == decision.rule
        assert case.get("words", "") in decision.reason.en
    else:
        assert isinstance(decision, Unchanged), decision
        assert case["unchanged"] == decision.rule
        assert case.get("words", "") in decision.reason.en


@pytest.mark.parametrize("case", cases("titles"))
def test_titles(case: dict[str, Any]) -> None:
    """The titles, the silent ones and the withheld ones are exactly those that the case lists."""
    won = titles(record_of(case), achievement_of(case), occupation_of(case), policy_of(case))
    for title in won:
        readable(f"title.{title.id}", title.name) if isinstance(title, Title) else readable(title.rule, title.reason)
    assert case.get("wins", []) == [title.id for title in won if isinstance(title, Title)]
    assert case.get("silent", []) == [title.rule for title in won if isinstance(title, Silent)]
    assert case.get("withheld", []) == [title.rule for title in won if isinstance(title, No)]
    assert all(case.get("words", "") in title.reason.en for title in won if isinstance(title, No | Silent))
    assert all(case.get("mode", title.mode) == title.mode for title in won if isinstance(title, Title))


@pytest.mark.parametrize("case", cases("awards"))
def test_awards(case: dict[str, Any]) -> None:
    """Every award goes to the entries that the case lists for it, and to nobody else."""
    policy = policy_of(case)
    field = field_of({**case, "entries": case.get("entries", len(case["totals"]) - len(case.get("guests", [])))})
    given = awards(standings(results_of(case), policy), policy, field)
    if "none" in case:
        assert isinstance(given.verdict, No)
        assert case["none"] == given.verdict.rule
    assert case.get("places", given.places) == given.places
    for prize in policy.awards.prizes:
        takers = sorted(entry for entry, award in given.of.items() if award and award.id == prize.id)
        assert sorted(case.get(prize.id, [])) == takers, prize.id


@pytest.mark.parametrize("case", cases("standings"))
def test_standings(case: dict[str, Any]) -> None:
    """Order, ranks, what broke a tie, and what the chief judge has to rule on are as the case says."""
    policy = policy_of(case)
    table = standings(results_of(case), policy, lot=case.get("lot", ""))
    assert case["order"].split() == [line.entry for line in table]
    assert case["ranks"] == [line.rank for line in table]
    for entry, breaker in case.get("broken_by", {}).items():
        assert breaker == next(line.broken_by for line in table if line.entry == entry)
    assert case.get("chief_judge", []) == [list(task.entries) for task in open_ties(table, policy)]


@pytest.mark.parametrize("case", cases("eligible"))
def test_eligible(case: dict[str, Any]) -> None:
    """Everything that stands against an applicant is named, and nothing else."""
    found = eligible(applicant_of(case), policy_of(case), case.get("on", date(2025, 6, 1)))
    refused = [verdict.rule for verdict in found.verdicts if isinstance(verdict, No)]
    silent = [verdict.rule for verdict in found.verdicts if isinstance(verdict, Silent)]
    assert case.get("no", []) == refused
    assert case.get("silent", []) == silent
    assert (refused or silent or ["eligible"])[0] == found.verdict.rule


@pytest.mark.parametrize("case", cases("quotas"))
def test_quotas(case: dict[str, Any]) -> None:
    """Every sender with too many people is told, and nobody else."""
    found = over_quota(applicants_of(case), policy_of(case))
    assert case.get("no", []) == [verdict.rule for verdict in found]
    assert all(case.get("words", "") in verdict.reason.zh for verdict in found)


@pytest.mark.parametrize("case", cases("usable"))
def test_usable(case: dict[str, Any]) -> None:
    """A policy decides on this day, or says why it does not."""
    verdict = policy_of(case).usable(case["on"])
    assert case.get("no", "policy.in-force") == verdict.rule


@pytest.mark.parametrize("case", cases("review"))
def test_review(case: dict[str, Any]) -> None:
    """The size of the sample, and what a number of wrong results in it means, are as the case says."""
    policy = policy_of(case)
    assert policy.review
    field = {f"e{number:03}": 100 - number // case.get("level", 1) for number in range(case["ranked"])}
    drawn = sample(standings(results_of({"totals": field}), policy), policy.review, "seed")
    assert case["top"] == len(drawn.top)
    assert case["drawn"] == len(drawn.drawn)
    assert len(set(drawn.entries)) == case["top"] + case["drawn"]
    assert drawn == sample(standings(results_of({"totals": field}), policy), policy.review, "seed")
    verdict = conclusion(policy.review, len(drawn.entries), case["wrong"])
    assert case["everything"] == isinstance(verdict, No)


@pytest.mark.parametrize("case", cases("delegations"))
def test_delegations(case: dict[str, Any]) -> None:
    """Order, ranks and points of the delegations are as the case says."""
    scored = [Scored(name, rank, award) for name, results in case["results"].items() for rank, award in results]
    table = delegation_table(scored, policy_of(case))
    assert case["order"].split() == [line.delegation for line in table]
    assert case["ranks"] == [line.rank for line in table]
    assert case["points"] == [line.points for line in table]
