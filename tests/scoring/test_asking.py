"""What a question swallows nowhere: names that come twice, names of nobody, parts that do not fit together."""

import json
from typing import Any

import pytest

from scoring import policy
from scoring.__main__ import run
from scoring.fitting import misfits, team_misfits
from scoring.marks import Facts
from scoring.schemes import load_scheme
from tests.scoring.test_command_line import EVENT, EXAMPLES

NEW = run(["new"], bytes)[1].replace("2026-01-01", "2025-01-01")
PAIRS: dict[str, Any] = {
    "policy": {"toml": NEW.replace('modules = "weighted"', 'modules = "weighted"\nteam = "sum"')},
    "entries": {"t": {"modules": ["practice"]}, "p": {"modules": ["theory"]}, "q": {"modules": ["theory"]}},
    "marks": [
        *({**mark, "entry": "t"} for mark in EVENT["marks"] if mark["entry"] == "a" and mark["aspect"] != "T1.01"),
        *({"judge": "j1", "entry": id, "aspect": "T1.01", "value": 80} for id in "pq"),
    ],
    "teams": {"t": ["p", "q"]},
}
TWO_TEAMS = {"entries": {**PAIRS["entries"], "u": {}}, "teams": {"t": ["p", "q"], "u": ["p"]}}
SEED = {"commitments": ["red"], "public": "3276.00"}
DRAW = {"entries": [{"id": "1"}, {"id": "2"}], "stations": 2}
ENTRIES = EVENT["entries"]


def base(question: str) -> dict[str, Any]:
    return EVENT if question == "standings" else DRAW if question == "draw" else EXAMPLES[question]


def answered(question: str, changes: dict[str, Any]) -> tuple[int, list[tuple[str, str]]]:
    """The exit code and the problems, each as code and key."""
    code, text = run([question], lambda: json.dumps({**base(question), **changes}).encode())
    return code, [(one["code"], one["where"]["key"]) for one in json.loads(text).get("problems", [])]


def applicants(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"applicants": [{"id": "p1", "event": "welding", **change} for change in changes]}


@pytest.mark.parametrize(
    ("question", "changes", "code", "key"),
    [
        ("standings", {"entries": ["a", "a", "b"]}, "question.twice", "entries"),
        ("standings", {"entries": ["a", ""]}, "question.wrong-value", "entries"),
        ("standings", {"entries": {"": {}}}, "question.wrong-value", "entries"),
        ("standings", {"entries": []}, "question.wrong-value", "entries"),
        ("standings", {"panel": ["j1", "j1"]}, "question.twice", "panel"),
        ("standings", {"panel": [""]}, "question.wrong-value", "panel"),
        ("standings", {"entries": {"a": {"recused": ["j1", "j1"]}}}, "question.twice", "entries.a.recused"),
        ("standings", {**PAIRS, "teams": {"t": ["p", "p", "q"]}}, "question.twice", "teams.t"),
        ("standings", {**PAIRS, "teams": {"t": ["t", "p", "q"]}}, "question.team", "teams.t"),
        ("standings", {**PAIRS, **TWO_TEAMS}, "question.twice", "teams"),
        ("standings", {**PAIRS, "teams": {"t": ["p"]}}, "question.team", "teams"),
        ("standings", {**PAIRS, "teams": None}, "question.missing-key", "teams"),
        ("eligible", applicants({}, {}), "question.twice", "applicants"),
        ("eligible", applicants({"titles": ["x", "x"]}), "question.twice", "applicants.0.titles"),
        ("draw", {**SEED, "entries": [{"id": "1"}, {"id": "1"}]}, "draw.entry-twice", "entries"),
        ("draw", {**SEED, "entries": []}, "question.wrong-value", "entries"),
        ("draw", {}, "question.no-seed", "seed"),
        ("draw", {**SEED, "seed": "s"}, "question.seed-twice", "seed"),
        ("draw", {"seed": "s", "public": "x"}, "question.seed-twice", "seed"),
        ("draw", {"seed": ""}, "question.wrong-value", "seed"),
        ("draw", {"commitments": ["red"]}, "question.missing-key", "public"),
        ("draw", {"public": "x"}, "question.missing-key", "commitments"),
        ("draw", {**SEED, "commitments": []}, "question.wrong-value", "commitments"),
        ("draw", {**SEED, "commitments": [" "]}, "question.wrong-value", "commitments"),
        ("draw", {**SEED, "public": " "}, "question.wrong-value", "public"),
    ],
)
def test_what_comes_twice_or_not_at_all_is_refused(question: str, changes: dict[str, Any], code: str, key: str) -> None:
    """A second line of the same name would take the place of the first; a draw without a seed would be known to all."""
    assert answered(question, changes) == (1, [(code, key)])


@pytest.mark.parametrize(
    ("changes", "code", "key"),
    [
        ({"panel": []}, "fitting.no-panel", "panel"),
        ({"entries": {**ENTRIES, "a": {"recused": ["j9"]}}}, "fitting.recused", "a.recused"),
        ({"entries": {**ENTRIES, "a": {"modules": ["oral"]}}}, "fitting.modules", "a.modules"),
        ({"entries": {**ENTRIES, "a": {"recused": ["j1"]}}}, "fitting.nobody-marks", "a"),
        ({"entries": {**ENTRIES, "a": {"modules": ["practice"]}}}, "fitting.other-module", "a/T1.01/j1/1"),
        ({"policy": {"toml": NEW.replace("module:practice", "module:oral")}}, "fitting.tie", "standing.ties"),
        ({"policy": {"toml": NEW.replace("module:practice", "criterion:Z")}}, "fitting.tie", "standing.ties"),
        (
            {"policy": {"toml": NEW.replace("[promotion]", '[passing]\nmarks = {oral = 1}\nsource = "notice"\n[promotion]', 1)}},
            "fitting.passing",
            "passing.marks.oral",
        ),
        (
            {"policy": {"toml": NEW.replace('modules = "weighted"', 'modules = "weighted"\nshared_modules = ["oral"]')}},
            "fitting.shared-modules",
            "aggregation.shared_modules",
        ),
        ({**PAIRS, "policy": "hebei-skills-2025"}, "fitting.team", "aggregation.team"),
        ({"field": {"entries": 7, "teams": 8}}, "question.field", "field.entries"),
        ({"field": {"entries": 8, "teams": 7}}, "question.field", "field.teams"),
    ],
)  # fmt: skip
def test_parts_that_do_not_fit_together_are_refused(changes: dict[str, Any], code: str, key: str) -> None:
    """What names a module, a judge or a field that is not there would count for nothing, without a word."""
    exit_code, problems = answered("standings", changes)
    assert exit_code == 1
    assert set(problems) == {(code, key)}


def test_parts_that_fit() -> None:
    """An absent entry needs no judge, a field may be larger than what is ranked, a recused judge leaves the others."""
    nobody = {**ENTRIES, "z": {"status": "absent", "recused": ["j1"]}}
    assert answered("standings", {"entries": nobody, "field": {"entries": 9, "teams": 12}}) == (0, [])
    assert answered("standings", PAIRS) == (0, [])
    assert answered("draw", SEED) == answered("draw", {"seed": "s"}) == (0, [])


@pytest.mark.parametrize("name", policy.shipped())
def test_every_shipped_policy_fits_the_shipped_scheme(name: str) -> None:
    """Theory and practice, the usual shape of an event, is what the policies in the box speak of."""
    rules = policy.load(name)
    assert misfits(rules, load_scheme("theory-practice"), ["j1"], {"a": Facts()}) == ()
    assert team_misfits(rules, {}) == ()
