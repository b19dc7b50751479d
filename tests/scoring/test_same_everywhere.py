"""Two runs, two machines, any order of input: the same bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scoring.__main__ import run

ROOT = Path(__file__).parents[2]


def example(question: str) -> dict[str, Any]:
    """The published example of a question."""
    return dict(json.loads(run(["example", question], bytes)[1]))


def shuffled(question: dict[str, Any], dice: Random) -> dict[str, Any]:
    """The same question in another order: keys, marks, judges and entries; what is drawn keeps its order."""
    other = {**question}
    for key in ("marks", "panel", "applicants"):
        if key in other:
            other[key] = dice.sample(other[key], len(other[key]))
    if isinstance(other.get("entries"), dict):
        other["entries"] = dict(dice.sample(list(other["entries"].items()), len(other["entries"])))
    return dict(dice.sample(list(other.items()), len(other)))


@pytest.mark.parametrize("question", ["standings", "awards", "explain", "promote", "draw"])
def test_another_process_with_another_order_answers_the_same_bytes(question: str) -> None:
    """Hash seeds differ from process to process and machine to machine; no answer depends on them or on the order."""
    plain = example(question)
    answers = set()
    for seed in range(3):
        asked = json.dumps(shuffled(plain, Random(seed)), ensure_ascii=False)
        done = subprocess.run(
            [sys.executable, "-m", "scoring", question],
            input=asked.encode(),
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert done.returncode == 0, done.stdout
        answers.add(done.stdout)
    assert len(answers) == 1


def test_refusals_too_are_the_same_in_any_order() -> None:
    """A mark that came twice with two values, and one above its maximum, are told in the same words in any order."""
    plain = example("standings")
    double = {**plain["marks"][0], "value": 100}
    plain["marks"] = [*plain["marks"], double, {**double, "value": 90000, "round": 2}]
    told = set()
    for seed in range(6):
        question = json.dumps(shuffled(plain, Random(seed))).encode()
        code, text = run(["standings"], lambda question=question: question)
        assert code == 1
        told.add(text)
    assert len(told) == 1
    assert {problem["code"] for problem in json.loads(told.pop())["problems"]} == {"mark.twice", "mark.out-of-range"}
