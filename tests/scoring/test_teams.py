"""Teams whose members are marked each for themselves."""

import tomllib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from scoring import policy
from scoring.__main__ import run
from scoring.cells import owed
from scoring.eligibility import Applicant, over_quota
from scoring.judging import agreement, aspect_statistics, judge_statistics
from scoring.language.marking import TimeRule
from scoring.marks import Facts, Mark
from scoring.results import results
from scoring.schemes import load_scheme
from scoring.teams import team_results
from scoring.verdict import No, Problems, Silent
from tests.scoring.test_results import HEBEI, PLAIN, full

PAIR = replace(HEBEI, aggregation=replace(HEBEI.aggregation, team="sum", shared_modules=("practice",)))
ENTRIES = {"t": Facts(modules=("practice",)), "p": Facts(modules=("theory",)), "q": Facts(modules=("theory",))}


def test_practice_together_and_theory_alone() -> None:
    """Practice 80 together, theory 90 and 70 alone, 70 : 30: the members reach 83 and 77, the team 160."""
    marks = [mark for mark in full("t", 0, 80) if mark.aspect != "T1.01"]
    marks += [Mark("j1", "p", "T1.01", 9000), Mark("j1", "q", "T1.01", 7000)]
    assert owed(PLAIN, ["j1"], ENTRIES, marks) == ()
    found = team_results(PLAIN, PAIR, results(PLAIN, PAIR, ["j1"], ENTRIES, marks), {"t": ["p", "q"]})
    assert [(person.entry, person.total) for person in found.members] == [("p", 8300), ("q", 7700)]
    assert found.results["t"].total == 16000
    assert found.results["t"].modules == {"theory": 8000, "practice": 8000}
    mean = replace(PAIR, aggregation=replace(PAIR.aggregation, team="mean"))
    assert (
        team_results(PLAIN, mean, results(PLAIN, mean, ["j1"], ENTRIES, marks), {"t": ["p", "q"]}).results["t"].total
        == 8000
    )


def test_time_absence_and_sums_of_teams() -> None:
    """A team's bonus for time is added to the team; an absent member brings nothing; plain sums have no weights."""
    marks = [mark for mark in full("t", 0, 80) if mark.aspect != "T1.01"]
    marks += [Mark("j1", "p", "T1.01", 9000), Mark("j1", "q", "T1.01", 7000)]
    timed = replace(PAIR, aggregation=replace(PAIR.aggregation, time=TimeRule(3600, 60, 50, 0, 500)))
    entries = {**ENTRIES, "t": replace(ENTRIES["t"], seconds=3000)}
    found = team_results(PLAIN, timed, results(PLAIN, timed, ["j1"], entries, marks), {"t": ["p", "q"]})
    assert found.results["t"].total == 16500
    assert [person.total for person in found.members] == [8300, 7700]
    away = {**ENTRIES, "q": replace(ENTRIES["q"], status="absent")}
    found = team_results(PLAIN, PAIR, results(PLAIN, PAIR, ["j1"], away, marks), {"t": ["p", "q"]})
    assert (found.members["q"].total, found.results["t"].total) == (0, 8300)
    added = replace(PAIR, aggregation=replace(PAIR.aggregation, modules="sum"))
    found = team_results(PLAIN, added, results(PLAIN, added, ["j1"], ENTRIES, marks), {"t": ["p", "q"]})
    assert found.members["p"].total == 9000 + 8000


@pytest.mark.parametrize("members", [{"t": []}, {"t": ["p", "x"]}, {"x": ["p"]}])
def test_a_team_needs_people_with_results(members: dict[str, list[str]]) -> None:
    """A team of nobody, or of somebody who is not there, is refused by its name."""
    entries = {id: Facts(status="absent") for id in "tp"}
    with pytest.raises(Problems) as refused:
        team_results(PLAIN, PAIR, results(PLAIN, PAIR, ["j1"], entries, []), members)
    assert (refused.value.problems[0].code, refused.value.problems[0].place.key) == (
        "results.team",
        next(iter(members)),
    )


def test_quotas_name_the_sender() -> None:
    """Four from one delegation where three are allowed: the delegation is told; another event does not count."""
    text = {"id": "three", "test": "quota", "most": 3, "per": "delegation", "source": "organiser"}
    rule = {**text, "clause": {"zh": "限 3 人", "en": "three"}}
    strict = replace(HEBEI, eligibility=policy.from_data(_with(rule), "p").eligibility)
    crowd = [Applicant(f"p{n}", "welding", delegation="唐山") for n in range(4)]
    others = [Applicant(f"q{n}", "milling", delegation="唐山") for n in range(3)]
    (refused,) = over_quota([*crowd, *others], strict)
    assert refused.rule == "eligibility.three"
    assert "唐山" in refused.reason.zh


def test_quotas_count_the_groups_they_mean_and_guess_no_sender() -> None:
    """Students do not use up the workers' places; who names no delegation is nobody's, and a person looks."""
    rule = """
[[eligibility.rule]]
id = "two"
test = "quota"
most = 2
per = "delegation"
groups = ["workers"]
clause = { zh = "限两名职工", en = "two workers" }
source = "notice"
"""
    rules = policy.parse(run(["new"], bytes)[1] + rule, "new")
    people = [Applicant(f"p{n}", "welding", group="职工组", delegation="唐山") for n in range(2)]
    students = [Applicant(f"s{n}", "welding", group="学生组", delegation="唐山") for n in range(3)]
    assert over_quota([*people, *students], rules) == ()
    (refused,) = over_quota([*people, Applicant("p2", "welding", group="workers", delegation=" 唐山 ")], rules)
    assert isinstance(refused, No) and "唐山 sends 3" in refused.reason.en
    (silent,) = over_quota([*people, *(Applicant(f"n{n}", "welding", group="workers") for n in range(3))], rules)
    assert isinstance(silent, Silent) and "3 of welding name no delegation" in silent.reason.en


def _with(rule: dict[str, object]) -> dict[str, object]:
    text = (Path(policy.__file__).parent / "policies" / "hebei-skills-2025.toml").read_text("utf-8")
    return {**tomllib.loads(text, parse_float=Fraction), "eligibility": {"rule": [rule]}}


def test_how_judges_behave() -> None:
    """A judge who is always five percent lower is severe and consistent; a panel of one mind has W = 1."""
    scheme = load_scheme("theory-practice")
    marks = [m for n, p in enumerate((40, 60, 80)) for m in full(f"e{n}", p, p)]
    marks += [
        replace(m, judge="j2", value=m.value - scheme.aspect(m.aspect).maximum // 20)
        for m in marks
        if m.aspect != "T1.01"
    ]
    found = {line.judge: line for line in judge_statistics(scheme, marks)}
    assert (found["j1"].severity, found["j2"].severity) == (250, -250)
    assert found["j2"].deviation == 250
    assert found["j2"].consistency == 0
    assert agreement(scheme, ["j1", "j2"], marks) == 10000
    assert agreement(scheme, ["j1"], marks) is None
    table = aspect_statistics(scheme, results(scheme, HEBEI, ["j1", "j2"], ["e0", "e1", "e2"], marks))
    assert table[0].difficulty == 6000
    assert table[0].discrimination == 10000


def test_agreement_with_ties_and_disagreement() -> None:
    """Two judges with opposite orders have W = 0; judges who cannot tell anybody apart have no W at all."""
    scheme = load_scheme("theory-practice")
    opposite = [
        Mark(judge, f"e{n}", "A1.01", value * 100)
        for judge, row in {"j1": [1, 2, 3], "j2": [3, 2, 1]}.items()
        for n, value in enumerate(row)
    ]
    flat = [replace(mark, value=100) for mark in opposite]
    assert agreement(scheme, ["j1", "j2"], opposite) == 0
    assert agreement(scheme, ["j1", "j2"], flat) is None
