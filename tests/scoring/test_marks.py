"""Schemes and marks: what may be written down, what is owed, where judges are too far apart."""

from dataclasses import replace

import pytest

from scoring.cells import owed
from scoring.marks import (
    Aspect,
    Criterion,
    Facts,
    Mark,
    Module,
    Owed,
    Scheme,
    SubCriterion,
    check_mark,
    in_marks,
    scheme_as_data,
    scheme_fingerprint,
    scheme_from_data,
    scheme_problems,
    spread_alarms,
)
from scoring.scheme import anchors_of, names_of
from scoring.schemes import load_scheme, shipped_schemes
from scoring.verdict import No, Problems, Yes

SCHEME = Scheme(
    "Welding",
    (Module("practice", "Practice", 100),),
    (
        Criterion(
            "A",
            "Coupons",
            500,
            "practice",
            (
                SubCriterion(
                    "A1",
                    "First",
                    (
                        Aspect("A1.01", "measured", "Leak", 200, "one", allowed=(0, 200)),
                        Aspect("A1.02", "judged", "Finish", 300, "all", anchors=("a", "b", "c", "d")),
                    ),
                ),
            ),
        ),
    ),
)
PANEL = ["j1", "j2", "j3"]
GOOD = [Mark("j1", "e", "A1.01", 200), *(Mark(judge, "e", "A1.02", 200) for judge in PANEL)]


@pytest.mark.parametrize(
    ("mark", "rule"),
    [
        (Mark("j1", "e", "A1.01", 200), "mark.fits"),
        (Mark("j1", "e", "A1.02", 300), "mark.fits"),
        (Mark("j1", "e", "Z9.99", 1), "mark.unknown-aspect"),
        (Mark("j1", "x", "A1.01", 0), "mark.unknown-entry"),
        (Mark("j9", "e", "A1.01", 0), "mark.not-on-panel"),
        (Mark("j1", "e", "A1.01", 201), "mark.out-of-range"),
        (Mark("j1", "e", "A1.01", -1), "mark.out-of-range"),
        (Mark("j1", "e", "A1.02", 400), "mark.out-of-range"),
        (Mark("j1", "e", "A1.01", 100), "mark.not-a-step"),
        (Mark("j1", "e", "A1.02", 150), "mark.not-a-step"),
        (Mark("j1", "e", "A1.02", 100, 0), "mark.round"),
    ],
)
def test_what_may_be_written_down(mark: Mark, rule: str) -> None:
    """Each wrong mark is answered with the rule that it breaks."""
    verdict = check_mark(SCHEME, PANEL, ["e"], mark)
    assert rule == verdict.rule
    assert isinstance(verdict, Yes if rule == "mark.fits" else No)


def test_owed() -> None:
    """One mark is owed for an aspect recorded once, one per judge for the others; nothing once all are there."""
    assert owed(SCHEME, PANEL, ["e"], []) == (Owed("e", "A1.01", ""), *(Owed("e", "A1.02", judge) for judge in PANEL))
    assert owed(SCHEME, PANEL, ["e"], GOOD) == ()
    assert owed(SCHEME, PANEL, {"e": Facts(status="absent")}, []) == ()


def test_spread_looks_at_the_last_round() -> None:
    """Scores more than one apart raise an alarm until the judges have marked again."""
    apart = [*GOOD[:3], Mark("j3", "e", "A1.02", 0)]
    (alarm,) = spread_alarms(SCHEME, apart, 100)
    assert alarm.scores == (("j1", 200), ("j2", 200), ("j3", 0))
    assert spread_alarms(SCHEME, [*apart, Mark("j3", "e", "A1.02", 100, 2)], 100) == ()
    assert spread_alarms(SCHEME, apart, 200) == ()


def test_schemes_round_trip() -> None:
    """A scheme written as data and read again is the same scheme, with the same fingerprint."""
    assert scheme_from_data(scheme_as_data(SCHEME)) == SCHEME
    assert scheme_fingerprint(scheme_from_data(scheme_as_data(SCHEME))) == scheme_fingerprint(SCHEME)
    assert scheme_fingerprint(replace(SCHEME, name="Other")) != scheme_fingerprint(SCHEME)


def test_english_stands_beside_a_schemes_own_words_and_changes_nothing_without() -> None:
    """The fingerprint of a scheme without English is the one that ledgers and snapshots from before hold; with English it is
    another scheme that comes back whole; whoever reads English reads it, and the scheme's own words where there is none."""
    plain = load_scheme("theory-practice")
    assert scheme_fingerprint(plain) == "e748bfef37c7a1991b9acf3caffba2afa828ac7782059117e8bdad56d7f686c9"
    judged = Aspect(
        "A1.01", "judged", "外观", 300, "all", anchors=("差", "可", "良", "优"), anchors_en=("poor", "", "good", "")
    )
    part = Criterion("A", "工艺", 300, "p", (SubCriterion("A1", "作品", (judged,), "The work"),), "Workmanship")
    both = Scheme("焊接", (Module("p", "实操", 100, name_en="Practice"),), (part,), "Welding")
    assert scheme_from_data(scheme_as_data(both)) == both and "name_en" not in str(scheme_as_data(plain))
    assert scheme_fingerprint(both) != scheme_fingerprint(replace(both, name_en=""))
    assert [one.en for one in anchors_of(judged)] == ["poor", "可", "good", "优"]
    assert [names_of(one).en for one in (both, part, judged)] == ["Welding", "Workmanship", "外观"]
    assert {names_of(one).zh for one in (both, part, judged)} == {"焊接", "工艺", "外观"}
    short = replace(
        both, criteria=(replace(part, subcriteria=(SubCriterion("A1", "", (replace(judged, anchors_en=("poor",)),)),)),)
    )
    assert [problem.code for problem in scheme_problems(short)] == ["scheme.anchors-en"]


def test_shipped_schemes_are_whole() -> None:
    """Every shipped scheme loads, adds up and has its modules at 100 %."""
    assert "theory-practice" in shipped_schemes()
    for id in shipped_schemes():
        assert scheme_problems(load_scheme(id)) == ()
    with pytest.raises(KeyError):
        load_scheme("nothing")


@pytest.mark.parametrize(
    ("path", "value", "code", "words"),
    [
        (("modules", 0, "weight"), 90, "scheme.weights", "add up to 90 %"),
        (("criteria", 0, "total"), 400, "scheme.total", "adds up to 5.00 but claims 4.00"),
        (("criteria", 0, "module"), "oral", "scheme.module", "no module oral"),
        (("criteria", 0, "subcriteria", 0, "aspects", 0, "id"), "A1.02", "scheme.id-twice", "A1.02 is used twice"),
        (("criteria", 0, "subcriteria", 0, "aspects", 0, "maximum"), 0, "scheme.maximum", "above 0"),
        (("criteria", 0, "subcriteria", 0, "aspects", 1, "anchors"), ["a"], "scheme.anchors", "four anchors"),
        (("criteria", 0, "subcriteria", 0, "aspects", 0, "allowed"), [0, 900], "scheme.allowed", "outside"),
        (("criteria", 0, "subcriteria", 0, "aspects", 0, "kind"), "guessed", "scheme.wrong-value", "one of measured"),
        (("criteria", 0, "subcriteria", 0, "aspects", 0, "allowed"), ["x"], "scheme.wrong-value", "whole numbers"),
        (("criteria", 0, "colour"), "red", "scheme.unknown-key", "unknown key colour"),
    ],
)
def test_refused_schemes(path: tuple[str | int, ...], value: object, code: str, words: str) -> None:
    """One thing wrong in a scheme: refused with its code, in words that name it."""
    data: object = scheme_as_data(SCHEME)
    inner: object = data
    for step in path[:-1]:
        inner = inner[step]  # type: ignore[index]
    inner[path[-1]] = value  # type: ignore[index]
    with pytest.raises(Problems) as refused:
        scheme_from_data(data)  # type: ignore[arg-type]
    assert any(problem.code == code and words in problem.words.en for problem in refused.value.problems)


def test_in_marks() -> None:
    """Hundredths are shown as people write marks, below zero too."""
    assert [in_marks(value) for value in (250, 5, 0, -250)] == ["2.50", "0.05", "0.00", "-2.50"]
