"""The rules on the command line: JSON in, JSON out, for auditors who have only the files."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scoring import policy
from scoring.__main__ import run
from scoring.asking.questions import QUESTIONS, ask
from scoring.schemes import load_scheme
from scoring.verdict import Problems

ROOT = Path(__file__).parents[2]
EVENT: dict[str, Any] = {
    "policy": "hebei-skills-2025",
    "on": "2025-06-01",
    "scheme": "theory-practice",
    "panel": ["j1"],
    "entries": {id: {"delegation": id} for id in "abcdefgh"},
    "marks": [
        {"judge": "j1", "entry": id, "aspect": aspect.id, "value": aspect.maximum * (90 - 5 * place) // 100}
        for place, id in enumerate("abcdefgh")
        for aspect in load_scheme("theory-practice").aspects
    ],
}
EXAMPLES: dict[str, dict[str, Any]] = {
    question: json.loads(run(["example", question], bytes)[1]) for question in QUESTIONS
}


def asked(question: str, data: dict[str, Any]) -> tuple[int, Any]:
    """Asks on the command line, in JSON."""
    code, text = run([question], lambda: json.dumps(data).encode())
    return code, json.loads(text)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_answers_its_example(question: str) -> None:
    """Each question has an example in its schema, answers it, and answers the same the second time."""
    code, answer = asked(question, EXAMPLES[question])
    assert code == 0, answer
    assert asked(question, EXAMPLES[question]) == (0, answer)


def test_answers() -> None:
    """The answers say what the rules say."""
    assert [line["rank"] for line in asked("standings", EVENT)[1]["standings"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert asked("standings", EVENT)[1]["standings"][0]["total"] == 9000
    assert asked("awards", EVENT)[1]["awards"]["a"]["id"] == "gold"
    assert asked("promote", EXAMPLES["promote"])[1]["decision"]["level"]["id"] == "senior-technician"
    assert asked("identify", EXAMPLES["identify"])[1]["sex"] == "female"
    assert "Gold medal" in asked("explain", EXAMPLES["explain"])[1]["en"]
    assert "W-01" in [line["entry"] for line in asked("standings", EXAMPLES["standings"])[1]["standings"]]
    assert asked("draw", EXAMPLES["draw"])[1]["algorithm"] == "podium-draw-1"
    again = {key: value for key, value in EXAMPLES["draw"].items() if key not in ("commitments", "public")}
    again |= {"seed": asked("draw", EXAMPLES["draw"])[1]["seed"], "shifts": 2}
    assert asked("draw", again) == asked("draw", EXAMPLES["draw"])


def test_titles_silence_and_ties_come_out_too() -> None:
    """Titles, silent ones, and ties that wait for the chief judge are part of the answers."""
    event = {**EVENT, "policy": "national-skills-2023", "entries": ["a", "b"], "marks": []}
    event["marks"] = [{**mark, "value": 0} for mark in EVENT["marks"] if mark["entry"] in "ab"]
    for question in ("standings", "awards"):
        answer = asked(question, event)[1]
        assert answer["chief_judge"][0]["entries"] == ["a", "b"]
        assert answer["provisional"] is True
    apart = {**EXAMPLES["awards"], "marks": [{**mark} for mark in EXAMPLES["awards"]["marks"]]}
    next(mark for mark in apart["marks"] if mark["aspect"] == "A1.02")["value"] = 0
    code, answer = asked("awards", apart)
    assert (code, answer["provisional"], answer["spread"][0]["aspect"]) == (0, True, "A1.02")
    assert asked("awards", EVENT)[1]["provisional"] is False
    question = {**EXAMPLES["promote"], "policy": "national-skills-2023"}
    assert asked("promote", question)[1]["titles"][0]["id"] == "national-expert"
    question["achievement"] = {**question["achievement"], "team_size": 9}
    assert asked("promote", question)[1]["titles"][0]["verdict"] == "silent"
    question["record"] = {"levels": {"6-18-02-04": "senior-technician"}, "identity": "worker"}
    assert asked("promote", question)[1]["decision"]["outcome"] == "silent"


def test_teams_of_people_who_are_marked_alone() -> None:
    """The table ranks the teams; a team that names somebody who is not there is refused."""
    marks = [{**mark, "entry": "t"} for mark in EVENT["marks"] if mark["entry"] == "a" and mark["aspect"] != "T1.01"]
    marks += [{"judge": "j1", "entry": id, "aspect": "T1.01", "value": value} for id, value in (("p", 90), ("q", 70))]
    entries = {"t": {"modules": ["practice"]}, "p": {"modules": ["theory"]}, "q": {"modules": ["theory"]}}
    text = run(["new"], bytes)[1].replace(
        'modules = "weighted"', 'modules = "weighted"\nteam = "sum"\nshared_modules = ["practice"]'
    )
    pairs = {
        "policy": {"toml": text},
        "on": "2026-05-01",
        "entries": entries,
        "marks": marks,
        "teams": {"t": ["p", "q"]},
    }
    code, answer = asked("standings", {**EVENT, **pairs})
    assert code == 0, answer
    assert [line["entry"] for line in answer["standings"]] == ["t"]
    code, answer = asked("standings", {**EVENT, **pairs, "teams": {"t": ["p", "nobody"]}})
    assert (code, answer["problems"][0]["code"]) == (1, "question.team")


@pytest.mark.parametrize(
    ("question", "changes", "code"),
    [
        ("standings", {"colour": 1}, "question.unknown-key"),
        ("standings", {"on": "2024-01-01"}, "policy.not-in-force"),
        ("standings", {"on": "tomorrow"}, "question.no-date"),
        ("standings", {"policy": "hebei-class1-template"}, "policy.template"),
        ("standings", {"policy": {"toml": "id = 1"}}, "policy.missing-key"),
        ("standings", {"scheme": {"name": "x", "modules": [], "criteria": []}}, "scheme.weights"),
        ("standings", {"marks": []}, "results.marks-owed"),
        (
            "standings",
            {"marks": [{**EVENT["marks"][0], "value": 1.5}]},
            "question.wrong-value",
        ),
        ("explain", {"entry": "zzz"}, "question.no-entry"),
        ("promote", {"record": {"identity": "robot"}}, "question.wrong-value"),
        (
            "promote",
            {"achievement": {**EXAMPLES["promote"]["achievement"], "award": "goldd"}},
            "promotion.award-unknown",
        ),
    ],
)
def test_refusals(question: str, changes: dict[str, Any], code: str) -> None:
    """What is wrong is refused with exit code 1 and a list of problems, each with its mend."""
    exit_code, answer = asked(question, {**(EVENT if question == "standings" else EXAMPLES[question]), **changes})
    assert exit_code == 1
    assert code in [problem["code"] for problem in answer["problems"]]
    assert all(problem["mend"]["zh"] for problem in answer["problems"])


def test_broken_json_and_unknown_commands() -> None:
    """Broken JSON is a refusal (1), a command that does not exist is a usage error (2) with the list of commands."""
    assert json.loads(run(["draw"], lambda: b"{")[1])["problems"][0]["code"] == "question.not-json"
    for arguments in ([], ["dance"], ["schema"], ["schema", "draw", "fast"], ["draw", "fast"], ["check", "a", "b"]):
        code, text = run(arguments, bytes)
        assert code == 2
        assert "standings" in text


def test_a_new_policy_is_whole() -> None:
    """What `new` writes is accepted by `check` as it stands; `policies` lists what is shipped."""
    code, text = run(["new"], bytes)
    assert code == 0
    assert json.loads(run(["check"], lambda: text.encode())[1])["id"] == "my-competition-2026"
    assert "hebei-skills-2025" in run(["policies"], bytes)[1]
    head, tail = text.split("[cites]", 1)
    begun = head + "[cites]" + "\n".join(line.removeprefix("# ") for line in tail.splitlines())
    full = policy.parse(begun, "begun")
    assert full.passing and full.review and full.appeals and full.delegations and full.eligibility


def test_a_policy_is_checked_by_its_id_as_toml_or_in_json() -> None:
    """The three ways in give the same answer; JSON names the file that its problems point to."""
    toml = policy.text_of("hebei-skills-2025")
    by_id = run(["check", "hebei-skills-2025"], bytes)
    assert by_id[0] == 0
    for question in (toml, json.dumps({"policy": {"toml": toml}}), ' \n{"policy": "hebei-skills-2025"}'):
        assert run(["check"], question.encode) == by_id
    code, answer = asked("check", {"policy": {"toml": "a = 1", "name": "mine.toml"}})
    assert code == 1 and {problem["where"]["file"] for problem in answer["problems"]} == {"mine.toml"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_schemas_say_what_is_read(question: str) -> None:
    """The published schema has exactly the keys that the question knows, and the example uses no other."""
    schema = json.loads(run(["schema", question], bytes)[1])
    with pytest.raises(Problems) as refused:
        ask(question, {**EXAMPLES[question], "??": 1})
    known = refused.value.problems[0].mend.en.removeprefix("known here: ").split(", ")
    assert set(known) == set(schema["properties"])
    assert set(EXAMPLES[question]) <= set(known)
    assert set(schema["required"]) <= set(EXAMPLES[question])


@pytest.mark.parametrize(("readme", "title"), [("README.md", "Asking the rules"), ("README.zh-CN.md", "核算规则")])
def test_the_commands_in_the_readme_run_as_they_stand(readme: str, title: str, tmp_path: Path) -> None:
    """What the README tells a reader to paste runs in a shell, word for word, and prints what stands under it."""
    section = (ROOT / readme).read_text("utf-8").split(f"## {title}\n")[1].split("\n## ")[0]
    blocks = re.findall(r"```(sh|text)\n(.*?)```", section, re.S)
    assert [kind for kind, _ in blocks].count("sh") == 2
    podium = tmp_path / "podium"
    podium.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m server.cli "$@"\n', "utf-8")
    podium.chmod(0o755)
    printed = ""
    for kind, text in blocks:
        if kind == "sh":
            done = subprocess.run(
                ["sh", "-eu"], input=text, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            )  # fmt: skip
            assert (done.returncode, done.stderr) == (0, "")
            printed = done.stdout
        else:
            assert [line for line in text.splitlines() if line not in printed] == []
