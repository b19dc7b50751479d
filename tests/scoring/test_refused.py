"""One bad file for each refusal, each with the words that are expected.

tests/cases/refused/*.toml are policies, tests/cases/refused/questions/*.toml what a competition itself can get wrong. A
file says what is wrong in its head, as comments: `# code: …`, `# line: …` or `# place: …`, `# words: …`, `# 文字: …`.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scoring import policy
from scoring.verdict import Problems

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "cases" / "refused"
FILES = sorted(FOLDER.glob("*.toml"))
QUESTIONS = sorted((FOLDER / "questions").glob("*.toml"))


def head(text: str, *names: str) -> list[str]:
    """What the comments at the top of a file say after these names."""
    return [
        next(row.partition(":")[2].strip() for row in text.splitlines() if row.startswith(f"# {name}:"))
        for name in names
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_refused(file: Path) -> None:
    """The policy is refused with this code, on this line, in these words, and with a mend in both languages."""
    text = file.read_text("utf-8")
    code, line, words = head(text, "code", "line", "words")
    with pytest.raises(Problems) as refused:
        policy.parse(text, file.name)
    found = [problem for problem in refused.value.problems if problem.code == code]
    assert found, refused.value.problems
    assert words in found[0].words.en
    assert line in ("-", str(found[0].place.line))
    assert found[0].place.sheet == file.name
    assert all(problem.mend.zh and problem.mend.en for problem in refused.value.problems)
    assert len(refused.value.problems) == 1 or code == "policy.missing-key"


@pytest.mark.parametrize("file", QUESTIONS, ids=lambda file: file.stem)
def test_a_question_is_refused(file: Path) -> None:
    """On the command line: exit code 1, this code, this place, these words in both languages, and a mend; nothing else."""
    text = file.read_text("utf-8")
    question, code, place, english, chinese = head(text, "question", "code", "place", "words", "文字")
    data = json.dumps(tomllib.loads(text), ensure_ascii=False).encode()
    done = subprocess.run(
        [sys.executable, "-m", "scoring", question], input=data, capture_output=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (1, b"")
    (problem,) = json.loads(done.stdout)["problems"]
    assert (problem["code"], f"{problem['where']['file']} {problem['where']['key']}".strip()) == (code, place)
    assert english in problem["en"]
    assert chinese in problem["zh"]
    assert problem["mend"]["zh"] and problem["mend"]["en"]
