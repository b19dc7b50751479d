"""One bad policy for each refusal: tests/cases/refused/*.toml, each with the words that are expected.

A file says what it is wrong in its head, as comments: `# code: …`, `# line: …` and `# words: …`.
"""

from pathlib import Path

import pytest

from scoring import policy
from scoring.verdict import Problems

FILES = sorted((Path(__file__).parent.parent / "cases" / "refused").glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_refused(file: Path) -> None:
    """The policy is refused with this code, on this line, in these words, and with a mend in both languages."""
    text = file.read_text("utf-8")
    code, line, words = (
        next(row.partition(":")[2].strip() for row in text.splitlines() if row.startswith(f"# {name}:"))
        for name in ("code", "line", "words")
    )
    with pytest.raises(Problems) as refused:
        policy.parse(text, file.name)
    found = [problem for problem in refused.value.problems if problem.code == code]
    assert found, refused.value.problems
    assert words in found[0].words.en
    assert line in ("-", str(found[0].place.line))
    assert found[0].place.sheet == file.name
    assert all(problem.mend.zh and problem.mend.en for problem in refused.value.problems)
    assert len(refused.value.problems) == 1 or code == "policy.missing-key"
