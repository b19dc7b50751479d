"""Input that no honest hand wrote: whatever comes in, what comes out is an answer or a list of problems, and soon."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scoring import policy
from scoring.__main__ import run
from scoring.measuring import read_formula
from scoring.verdict import Problems


def refused(question: str, content: bytes) -> list[dict[str, Any]]:
    """The problems that a question answers, each of them whole. What is not refused at once would go on for hours."""
    code, text = run([question], lambda: content)
    problems: list[dict[str, Any]] = json.loads(text.encode())["problems"]
    assert code == 1 and problems
    assert all(one["zh"] and one["en"] and one["mend"]["zh"] and one["mend"]["en"] for one in problems)
    return problems


ROOT = Path(__file__).parents[2]
DRAW = '{"entries": [{"id": "1"}, {"id": "2"}], "stations": 2, "seed": "s"'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"kind": "\xff"}', "question.not-utf-8"),
        (b'{"kind": "\\ud800", "number": "x"}', "question.half-sign"),
        (b'{"kind": "passport", "number": "x", "\\uDFFF": 1}', "question.half-sign"),
        (b"[" * 100_000, "question.too-deep"),
        (b'{"kind":' * 100_000, "question.too-deep"),
        (b'{"kind": ' + b"9" * 5000 + b"}", "question.not-json"),
        (b'{"kind": 1e999999999}', "question.not-json"),
        (b'{"kind": NaN}', "question.not-json"),
        (b'{"kind": 1.5, "number": 2.0}', "question.wrong-value"),
        (b'{"kind": "passport", "kind": "passport", "number": "E1"}', "question.key-twice"),
        (b"", "question.not-json"),
        (b"[]", "question.wrong-value"),
        (b"null", "question.missing-key"),
    ],
)
def test_json_that_is_not_accepted(content: bytes, code: str) -> None:
    """Bytes, brackets, numbers and keys that no question needs are refused, never a traceback and never a hang."""
    assert refused("identify", content)[0]["code"] == code


@pytest.mark.parametrize(
    ("toml", "code", "line"),
    [
        ("\na = 1e999999999", "policy.number", 2),
        ("\na = -1e-999999999", "policy.number", 2),
        ("a = inf", "policy.number", 1),
        (f"\n\na = 1.{'3' * 900}", "policy.number", 3),
        (f"\na = {'9' * 900}", "policy.number", 2),
        (f"\na = 0x{'f' * 1900}", "policy.number", 2),
        ("\na = ?", "policy.not-toml", 2),
        ("a = " + "[" * 1900, "policy.too-deep", 0),
        ("a = \n".join(["[\n" * 3000]), "policy.not-toml", 1),
        ("a = [" + "[\n" * 3000, "policy.too-deep", 0),
        ("a = " + "[\n" * 30 + "]" * 30, "policy.too-deep", 1),
        ("\n" + ".".join("k" * 900) + " = 1", "policy.too-deep", 2),
        ("\n" + ".".join("k" * 40_000) + " = 1", "policy.too-long", 2),
        ("a = 1\n" * 50_000, "policy.too-long", 0),
    ],
    ids=range(14),
)
def test_toml_that_is_not_accepted(toml: str, code: str, line: int) -> None:
    """Numbers without end, nesting without end and texts without end are refused on their line, where there is one."""
    problem = refused("check", toml.encode())[0]
    assert (problem["code"], problem["where"]["line"]) == (code, line)


def test_numbers_that_people_write_are_accepted() -> None:
    """A decimal, a small exponent, an underscore: TOML as organisers write it stays what it was."""
    text = run(["new"], bytes)[1]
    for written in ("10.5", "1e1", "1_0.0", "0.000000000000001"):
        assert policy.parse(text.replace("percent = 10 ", f"percent = {written} "), "new").awards.prizes
    with pytest.raises(Problems):
        policy.parse(text.replace("percent = 10 ", "percent = 1e10 "), "new")


@pytest.mark.parametrize("formula", ["linear 0 1e999999999", "steps 1:1e99999999", "all-or-nothing 1/3", "steps 1:1_0"])
def test_a_formula_has_plain_decimals(formula: str) -> None:
    """A scheme's formula is read like every number: bounded, and at once."""
    with pytest.raises(ValueError):
        read_formula(formula, 250)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (', "shifts": 1000000000}', "draw.too-many"),
        (', "shifts": 100000000000000000000000}', "question.not-json"),
        (', "stations": 999999999999999}', "question.key-twice"),
    ],
)
def test_a_draw_of_a_size_that_no_hall_has(changes: str, code: str) -> None:
    """Shifts and stations without end are refused before anything is dealt."""
    assert refused("draw", (DRAW + changes).encode())[0]["code"] == code


def test_standard_input_and_output_are_utf_8_everywhere() -> None:
    """On a terminal that knows only ASCII an answer is still the same UTF-8, and a wrong byte still a problem."""
    for content, code in ((b'{"kind": "\xe8\xba\xab\xe4\xbb\xbd\xe8\xaf\x81", "number": "1"}', 0), (b"\xff", 1)):
        done = subprocess.run(
            [sys.executable, "-X", "utf8=0", "-m", "scoring", "identify"],
            input=b"\xef\xbb\xbf" * (code == 0) + content, capture_output=True, check=False, cwd=ROOT,
            env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (code, b"")
        assert json.loads(done.stdout.decode("utf-8"))
