"""The marking scheme: from the workbook into the rules, and back."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import load_workbook

from admin.sheets.scheme import read_scheme
from admin.sheets.scheme_writing import write_scheme
from scoring.marks import Aspect, Criterion, Module, Scheme, SubCriterion, scheme_problems
from scoring.verdict import Problem, Problems

WELDING = (Path(__file__).parents[2] / "inputs" / "marking-scheme-welding.xlsx").read_bytes()
PRACTICE = (Module("practice", "实操 Practice", 100),)


def changed(**cells: Any) -> bytes:
    """The welding scheme with these cells changed."""
    book = load_workbook(BytesIO(WELDING))
    for cell, value in cells.items():
        book.active[cell] = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def refused(data: bytes, read: Callable[[bytes, str], Scheme] = read_scheme) -> tuple[Problem, ...]:
    """The problems with which a workbook is refused."""
    with pytest.raises(Problems) as problems:
        read(data, "x.xlsx")
    return problems.value.problems


def test_the_welding_scheme_is_read_in_full() -> None:
    """Four criteria, twelve sub-criteria, 46 aspects, one hundred marks, all of it practice."""
    scheme = read_scheme(WELDING, "marking-scheme-welding.xlsx")

    assert scheme.name == "焊接技术 Welding"
    assert [(criterion.id, criterion.total) for criterion in scheme.criteria] == [
        ("A", 3000),
        ("B", 3500),
        ("C", 2500),
        ("D", 1000),
    ]
    assert [sub.id for criterion in scheme.criteria for sub in criterion.subcriteria] == [
        f"{letter}{number}" for letter in "ABCD" for number in (1, 2, 3)
    ]
    assert (len(scheme.aspects), scheme.total, scheme.modules) == (46, 10000, PRACTICE)
    assert scheme_problems(scheme) == ()


def test_aspects_carry_everything_a_judge_needs() -> None:
    """A measured aspect has its requirement; a judged one has words for 0 to 3 and is recorded by every judge."""
    scheme = read_scheme(WELDING, "x.xlsx")
    measured, judged = scheme.aspect("A1.01"), scheme.aspect("A2.04")

    assert (measured.kind, measured.recorded, measured.maximum) == ("measured", "one", 250)
    assert (measured.requirement, measured.section, measured.day) == ("±1.0 mm", "5", 1)
    assert measured.description == "允许偏差内得满分 Full mark within tolerance"
    assert (judged.kind, judged.recorded, judged.maximum, judged.day) == ("judged", "all", 200, 2)
    assert judged.anchors[0].startswith("低于行业标准") and judged.anchors[3].startswith("优秀")
    assert len([aspect for aspect in scheme.aspects if aspect.kind == "judged"]) == 14


def test_the_scheme_survives_the_way_out_and_back() -> None:
    """What is written is read back as the same scheme: anchors, sections, days, totals, order."""
    scheme = read_scheme(WELDING, "x.xlsx")

    assert read_scheme(write_scheme(scheme), "x.xlsx") == scheme


words = some.text("焊缝=+-@ab 1.", min_size=1, max_size=12).map(str.strip).filter(lambda text: text)
english = some.just("") | words


def some_or_none(anchors: tuple[str, ...]) -> tuple[str, ...]:
    return anchors if any(anchors) else ()


@some.composite
def schemes(draw: some.DrawFn) -> Scheme:
    """Any scheme that the WorldSkills pattern can hold."""
    criteria = []
    for letter in "ABC"[: draw(some.integers(1, 3))]:
        subs = []
        for number in range(1, draw(some.integers(1, 3)) + 1):
            day, id_ = draw(some.integers(1, 5)), f"{letter}{number}"
            aspects = []
            for place in range(1, draw(some.integers(1, 3)) + 1):
                judged = draw(some.booleans())
                aspect = Aspect(
                    id=f"{id_}.{place:02}",
                    kind="judged" if judged else "measured",
                    name=draw(words),
                    maximum=draw(some.integers(1, 2000)),
                    recorded="all" if judged else "one",
                    requirement=draw(words | some.just("")),
                    anchors=tuple(draw(words) for _ in range(4)) if judged else (),
                    section=str(draw(some.integers(1, 9))),
                    day=day,
                    name_en=draw(english),
                    requirement_en=draw(english),
                    description_en=draw(english),
                    anchors_en=some_or_none(tuple(draw(english) for _ in range(4))) if judged else (),
                )
                aspects.append(aspect)
            subs.append(SubCriterion(id_, draw(words), tuple(aspects), draw(english)))
        total = sum(aspect.maximum for sub in subs for aspect in sub.aspects)
        criteria.append(Criterion(letter, draw(words), total, "practice", tuple(subs), draw(english)))
    return Scheme(draw(words), PRACTICE, tuple(criteria), draw(english))


@settings(max_examples=40, deadline=None)
@given(schemes())
def test_any_scheme_of_the_pattern_survives_the_way_out_and_back(scheme: Scheme) -> None:
    """Names that begin with = or look like numbers, one aspect or many: written and read back the same."""
    assert read_scheme(write_scheme(scheme), "x.xlsx") == scheme


@pytest.mark.parametrize(
    "headings",
    [
        ("Name (English)", "Extra Aspect Description (English)", "Requirement (English)"),
        ("英文名", "补充说明（英文）", "要求（英文）"),
    ],
)
def test_columns_of_english_stand_beside_what_they_say(headings: tuple[str, str, str]) -> None:
    """Whatever the workbook calls them and wherever they stand; an anchor's English may be in either column; the rest of the
    scheme is what it was without them."""
    cells = {"C1": "Skill name (English)", "D1": "Welding", "D2": headings[0], "D3": "Test coupons"}
    cells |= {"K8": headings[0], "L8": headings[1], "M8": headings[2]}
    cells |= {"K9": "First coupon", "K10": "Pressure test", "L10": "Full mark within tolerance", "M10": "within 1 mm"}
    cells |= {"K18": "Starts and stops", "K19": "Below", "L20": "Meets", "L21": "Exceeds"}
    scheme, plain = read_scheme(changed(**cells), "x.xlsx"), read_scheme(WELDING, "x.xlsx")
    first, sub = scheme.criteria[0], scheme.criteria[0].subcriteria[0]
    assert (scheme.name_en, first.name_en, sub.name_en) == ("Welding", "Test coupons", "First coupon")
    measured, judged = scheme.aspect("A1.01"), scheme.aspect("A2.04")
    assert (measured.name_en, measured.requirement_en) == ("Pressure test", "within 1 mm")
    assert measured.description_en == "Full mark within tolerance"
    assert (judged.name_en, judged.anchors_en) == ("Starts and stops", ("Below", "Meets", "Exceeds", ""))
    assert (scheme.aspect("A1.02"), scheme.criteria[1:]) == (plain.aspect("A1.02"), plain.criteria[1:])


@pytest.mark.parametrize(
    ("cells", "code", "row", "column"),
    [
        ({"C3": 31}, "scheme.criterion-total", 3, "C"),
        ({"C3": "thirty"}, "scheme.maximum", 3, "C"),
        ({"A4": "A"}, "scheme.criterion-twice", 4, "A"),
        ({"A9": "A1a"}, "scheme.sub-criterion-id", 9, "A"),
        ({"A14": "A1"}, "scheme.sub-criterion-twice", 14, "A"),
        ({"C9": "Monday"}, "scheme.day", 9, "C"),
        ({"D10": "X"}, "scheme.aspect-kind", 10, "D"),
        ({"E10": None}, "scheme.aspect-name", 10, "E"),
        ({"J10": 2.505}, "scheme.maximum", 10, "J"),
        ({"J10": 0}, "scheme.maximum", 10, "J"),
        ({"J10": -2.5}, "scheme.maximum", 10, "J"),
        ({"J10": None}, "scheme.maximum", 10, "J"),
        ({"J10": "=1+1.5"}, "scheme.formula", 10, "J"),
        ({"D18": "M"}, "scheme.score-outside", 19, "F"),
        ({"F20": 2}, "scheme.score", 20, "F"),
        ({"G20": None}, "scheme.score-words", 20, "G"),
        ({"F22": None, "G22": None}, "scheme.scores-missing", 18, ""),
        ({"A9": None}, "scheme.aspect-outside", 10, ""),
    ],
)
def test_each_mistake_is_named_at_its_cell(cells: dict[str, Any], code: str, row: int, column: str) -> None:
    """A wrong total, id, type, maximum, score: each is found where it is, with words and mend in both languages."""
    problems = refused(changed(**cells))
    named = [one for one in problems if (one.code, one.place.row, one.place.column) == (code, row, column)]

    assert named
    assert all(one.words.zh and one.words.en and one.mend.zh and one.mend.en for one in problems)


def test_all_mistakes_are_listed_at_once() -> None:
    """Three mistakes give three problems, in the order of the sheet."""
    problems = refused(changed(D10="X", E15=None, C6=11))

    assert [(one.code, one.place.row) for one in problems] == [
        ("scheme.criterion-total", 6),
        ("scheme.aspect-kind", 10),
        ("scheme.aspect-name", 15),
    ]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"J8": "Points"}, "scheme.column-missing"),
        ({"C2": "x"}, "scheme.no-criteria"),
        ({"A5": "K"}, "scheme.criterion-unknown"),
    ],
)
def test_a_sheet_without_its_headings_or_criteria_is_refused(cells: dict[str, Any], code: str) -> None:
    """What the reader needs to find its way is named when it is missing."""
    assert code in [one.code for one in refused(changed(**cells))]


def test_a_form_is_no_scheme() -> None:
    """Another workbook is refused in one sentence."""
    form = (Path(__file__).parents[2] / "inputs" / "报名表-石家庄市.xlsx").read_bytes()

    assert [one.code for one in refused(form)] == ["scheme.no-table"]


def test_a_scheme_beyond_the_pattern_is_not_written() -> None:
    """Two modules cannot be said in this pattern: writing refuses instead of losing one."""
    scheme = read_scheme(WELDING, "x.xlsx")
    two = replace(scheme, modules=(Module("theory", "理论", 30), Module("practice", "实操", 70)))

    with pytest.raises(Problems) as found:
        write_scheme(two)
    assert [one.code for one in found.value.problems] == ["scheme.beyond-pattern"]
