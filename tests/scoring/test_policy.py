"""Policies are read strictly: every shipped one loads, every mistake is refused with its key and line."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from scoring import policy
from scoring.awards import Field
from scoring.language.lines import key_lines
from scoring.language.marking import Step, TimeRule
from scoring.promotion import Achievement, Promoted, Record, promote
from scoring.titles import Title, titles
from scoring.verdict import No, Problems, Silent, Yes

HEBEI = (Path(policy.__file__).parent / "policies" / "hebei-skills-2025.toml").read_text("utf-8")


@pytest.mark.parametrize("id", policy.shipped())
def test_shipped_policies_load(id: str) -> None:
    """Every shipped policy is whole, carries its own id, and cites what is not the organiser's."""
    loaded = policy.load(id)
    assert id == loaded.id
    assert loaded.document
    assert len(loaded.fingerprint) == 64
    assert all(rule.source == "organiser" or loaded.cited(rule.source) for rule in loaded.promotion.rules)


def test_an_unknown_policy_is_refused() -> None:
    """Asking for a policy that is not shipped names those that are."""
    with pytest.raises(Problems) as refused:
        policy.load("atlantis-1999")
    assert "hebei-skills-2025" in refused.value.problems[0].mend.en


def test_the_fingerprint_looks_at_content_only() -> None:
    """A comment or a blank line may be mended; a value may not be changed without anybody noticing."""
    plain = policy.parse(HEBEI, "p")
    assert policy.parse("# a remark\n\n" + HEBEI, "p").fingerprint == plain.fingerprint
    assert policy.parse(HEBEI.replace("smallest = 6", "smallest = 7"), "p").fingerprint != plain.fingerprint


def test_not_before_its_day() -> None:
    """A policy decides nothing before it is in force or after its end; a template never does."""
    ended = policy.parse(HEBEI.replace("from = 2025-04-01", "from = 2025-04-01, until = 2025-12-31"), "p")
    assert isinstance(ended.usable(date(2025, 4, 1)), Yes)
    assert isinstance(ended.usable(date(2025, 12, 31)), Yes)
    assert isinstance(ended.usable(date(2026, 1, 1)), No)
    early = ended.usable(date(2025, 3, 31))
    assert isinstance(early, No)
    assert early.rule == "policy.not-in-force"
    template = policy.parse(HEBEI.replace('status = "in-force"', 'status = "template"'), "p")
    assert template.usable(date(2025, 4, 1)).rule == "policy.template"


def test_lines_of_every_kind_of_key() -> None:
    """Tables, arrays of tables, inline tables, dotted and quoted keys, multi-line strings: each key has its line."""
    text = (
        'a = "x # y"\n"b c".d = { e = 1, f = [1,\n 2] } # note\n[t]\ng = """one\ntwo"""""\nh = \'it\'\'s\'\n'.replace(
            "'it''s'", "'it'"
        )
        + "[[t.u]]\ni = 1\n[[t.u]]\nj = [\n  { k = 1 },\n  { k = 2 },\n]\n[t.u.v]\nl = 1979-05-27\n"
    )
    lines = key_lines(text)
    assert lines["a",] == 1
    assert (lines["b c", "d", "e"], lines["b c", "d", "f", 1]) == (2, 3)
    assert (lines["t", "g"], lines["t", "h"]) == (5, 7)
    assert (lines["t", "u", 0, "i"], lines["t", "u", 1, "j", 1, "k"]) == (9, 13)
    assert lines["t", "u", 1, "v", "l"] == 16


def test_time_and_steps_are_read() -> None:
    """What a policy says about time and about rounding on the way arrives as it was written."""
    text = HEBEI.replace(
        'modules = "weighted"', 'modules = "weighted"\ntime = { par = 3600, per = 60, bonus = 50, cap = 500 }'
    )
    text = text.replace("[rounding]", '[rounding]\naspect = { places = 1, mode = "half_even" }')
    read = policy.parse(text, "p")
    assert read.aggregation.time == TimeRule(3600, 60, 50, 0, 500)
    assert read.rounding.aspect == Step(10, "half_even")
    assert read.rounding.module is None


def test_a_paragraph_becomes_a_policy() -> None:
    """A paragraph that is not among the shipped ones fits into fewer than 40 lines of TOML, and needs no Python."""
    text = (Path(__file__).parent.parent / "cases" / "paragraph" / "national-printing-3.toml").read_text("utf-8")
    assert len(text.splitlines()) < 40
    printing = policy.parse(text, "national-printing-3.toml")
    field = Field(60, 20)
    outcomes = {
        (rank, group, held): promote(Record({"6": held}), Achievement(rank, "", field, group=group), "6", printing)
        for rank in (5, 6, 20, 21)
        for group in ("职工组", "学生组")
        for held in ("junior", "senior", "technician")
    }
    reached = {key: found.level.id for key, found in outcomes.items() if isinstance(found, Promoted)}
    assert reached == {
        (5, "职工组", "junior"): "technician",
        (5, "职工组", "senior"): "technician",
        (5, "职工组", "technician"): "senior-technician",
        (5, "学生组", "junior"): "senior",
        (6, "职工组", "junior"): "senior",
        (6, "职工组", "senior"): "technician",
        (20, "职工组", "junior"): "senior",
        (20, "职工组", "senior"): "technician",
    }
    assert isinstance(outcomes[5, "学生组", "senior"], Silent)
    assert isinstance(outcomes[6, "职工组", "technician"], Silent)
    assert [
        title.mode
        for title in titles(Record(), Achievement(5, "", field, group="职工组"), "6", printing)
        if isinstance(title, Title)
    ]


def test_a_plain_record_is_somebody_without_anything() -> None:
    """No level, no title, not promoted this year: the first promotion of a year is granted."""
    once = policy.load("tianjin-2024")
    found = promote(Record(), Achievement(1, "", Field(40, 9), group="职工组", tier="district"), "6", once)
    assert isinstance(found, Promoted)
    assert found.level.id == "senior"


@pytest.mark.parametrize("id", policy.shipped())
def test_every_key_of_a_policy_has_its_line(id: str) -> None:
    """Each key that tomllib finds is known by line, and that line of the text has the key in it."""
    text = (Path(policy.__file__).parent / "policies" / f"{id}.toml").read_text("utf-8")
    rows, lines = text.splitlines(), key_lines(text)
    for path in _paths(tomllib.loads(text), ()):
        if isinstance(path[-1], str):
            assert path[-1] in rows[lines[path] - 1]
        assert lines[path]


def _paths(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from _paths(item, (*path, key))
