"""The shipped occupations are in order, each with who says so; a few typed signs find what a clerk means."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from scoring.ladder import LEVELS
from server.competitions import occupations
from server.competitions.initials import initials
from server.competitions.occupations import Listed, search, shipped, sources
from server.demo.plan import EVENTS

CODE = re.compile(r"[1-8]-\d\d-\d\d-\d\d", re.ASCII)
OWN = Listed("", 2022, "焊接机器人编程（本省试点）", "Robot welding programming (trial)")


def found(text: str, among: tuple[Listed, ...] | None = None) -> list[str]:
    return [row.zh for row in search(text, among)]


def test_every_code_has_the_form() -> None:
    """One digit, then three times two, with hyphens; also the codes of earlier editions."""
    codes = [code for row in shipped() for code in (row.code, *(code for _, code in row.also))]
    assert [code for code in codes if not CODE.fullmatch(code)] == []


def test_no_code_stands_twice_in_one_edition() -> None:
    """A code of an edition means one occupation, whichever row it comes from."""
    places = Counter(place for row in shipped() for place in ((row.edition, row.code), *row.also))
    assert [place for place, times in places.items() if times > 1] == []


def test_no_name_stands_twice() -> None:
    """One line is one occupation; its codes in several editions share the line."""
    assert [name for name, times in Counter(row.zh for row in shipped()).items() if times > 1] == []


def test_every_row_names_who_says_so() -> None:
    """A row without a document behind it is not shipped, and no document is listed in vain."""
    assert [row.zh for row in shipped() if not row.sources or set(row.sources) - sources().keys()] == []
    assert {key for row in shipped() for key in row.sources} == set(sources())
    assert [key for key, document in sources().items() if set(document) != {"name", "says", "read_in"}] == []


def test_what_is_said_of_2015_comes_from_a_source_about_2015() -> None:
    """Earlier codes and earlier names stand only where the list of 2015 is among the sources."""
    of_2015 = [row for row in shipped() if row.also or row.formerly or row.edition == 2015]
    assert len(of_2015) > 100
    assert [row.zh for row in of_2015 if "list" not in row.sources] == []
    assert {edition for row in shipped() for edition, _ in row.also} == {2015}


def test_a_highest_level_comes_with_its_standard() -> None:
    """A level is on the ladder and names the notice that promulgated the standard; no level, no notice."""
    levelled = [row for row in shipped() if row.top or row.standard]
    notice = re.compile(r"人社厅发〔20\d\d〕\d{1,3}号")
    assert [row.zh for row in levelled if row.top not in LEVELS or not notice.fullmatch(row.standard)] == []


def test_names_are_written_as_they_are_read() -> None:
    """Both languages, no mark of green or digital occupations, no space around anything."""
    words = [word for row in shipped() for word in (row.zh, row.en, *row.work_types, *row.formerly)]
    assert [word for word in words if not word or word != word.strip()] == []
    assert [row.zh for row in shipped() if not re.fullmatch(r"[\u4e00-\u9fff]+", row.zh) or not row.en.isascii()] == []


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event["code"]))
def test_the_demonstration_uses_codes_of_the_table(event: dict[str, str]) -> None:
    """Who follows the example meets the same codes in the search."""
    best = search(event["occupation"])[0]
    assert (best.zh, best.code, best.edition) == (event["occupation"], event["occupation_code"], 2022)


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("焊工", "焊工"),
        (" 焊 ", "焊工"),
        ("电焊工", "焊工"),
        ("焊工（电焊工）", "焊工"),
        ("6-18-02-04", "焊工"),
        ("6180204", "焊工"),
        ("６－１８－０２－０４", "焊工"),
        ("6–18–02–04", "焊工"),
        ("welder", "焊工"),
        ("WELD", "焊工"),
        ("hg", "焊工"),
        ("电工", "电工"),
        ("家政", "家政服务员"),
        ("月嫂", None),
        ("整理收纳", "家政服务员"),
        ("保育员", "保育师"),
        ("育婴员", "育婴员"),
        ("CNC", "多工序数控机床操作调整工"),
        ("tea art", "茶艺师"),
        ("数控 milling", "铣工"),
        ("数控 welder", None),
        ("9-99", None),
        ("", None),
        (" （） ", None),
    ],
)
def test_a_few_signs_find_the_occupation(text: str, best: str | None) -> None:
    """By code with any hyphens or none, by name, work type, English, initials; what nobody knows finds nothing."""
    assert next(iter(found(text)), None) == best


def test_the_beginning_of_a_code_finds_its_group_in_order() -> None:
    """Who types half a code sees that part of the classification from above."""
    group = [row.code for row in search("6-18-02")]
    assert len(group) > 3 and group == sorted(group)
    assert all(code.startswith("6-18-02") for code in group)


def test_what_equals_comes_before_what_begins_before_what_contains() -> None:
    """焊工 before 焊工助手 before 电焊工助手 before what has it in a work type only."""
    names = ("电焊工助手", "焊工助手", "焊工")
    rows = (*(Listed("", 2022, name) for name in names), Listed("", 2022, "铆工", work_types=("手工焊工种",)))
    assert found("焊工", rows) == ["焊工", "焊工助手", "铆工", "电焊工助手"]


def test_one_code_may_mean_two_occupations_in_two_editions() -> None:
    """Both are found, the one of its own edition first, and each says which code it has when."""
    today, then = search("4-07-05-04")
    assert (today.zh, today.code_in(2022), today.code_in(2015)) == (
        "安全防范系统安装维护员",
        "4-07-05-04",
        "4-07-05-05",
    )
    assert (then.zh, then.code_in(2022), then.code_in(2015)) == ("消防设施操作员", "4-07-05-03", "4-07-05-04")
    assert then.code_in(1999) is None


def test_an_organisers_own_occupations_are_searched_together_with_the_shipped_ones() -> None:
    """What a province invented stands beside the classification, with or without a code."""
    both = (*shipped(), OWN)
    assert found("焊接机器人", both) == [OWN.zh]
    assert found("机器人 编程", both) == [OWN.zh]
    assert {"焊工", OWN.zh} <= set(found("焊", both))
    assert OWN.code_in(2022) is None


def test_the_order_of_the_rows_does_not_matter() -> None:
    """The same text finds the same occupations in the same order, however they came from the database."""
    rows = [*shipped(), OWN]
    expected = [search(text, rows) for text in ("工", "6", "a", "s", "数控")]
    random.Random(7).shuffle(rows)
    assert [search(text, rows) for text in ("工", "6", "a", "s", "数控")] == expected


def test_no_more_than_asked_for() -> None:
    """A list to choose from fits under a field."""
    assert len(search("工")) == 20
    assert len(search("工", limit=3)) == 3


def test_ten_thousand_rows_are_folded_before_anybody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole classification with every organiser's own is searched between two key strokes: only what is typed is folded."""
    known = shipped()
    rows = [
        Listed(row.code, 2022, f"{row.zh}{number}", row.en, row.work_types)
        for number, row in ((number, known[number % len(known)]) for number in range(10_000))
    ]
    folded: list[str] = []
    monkeypatch.setattr(occupations, "_fold", lambda text: folded.append(text) or text)
    assert len(search("焊工", rows)) == 20
    assert folded == ["焊工"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("焊工", "hg"),
        ("养老护理员", "ylhly"),
        ("CAD制图员", "cadzty"),
        ("殡仪服务员", "?yfwy"),
        ("调酒师", "djs"),
        ("", ""),
    ],
)
def test_initials_are_what_a_keyboard_has(name: str, letters: str) -> None:
    """One letter a sign; a rare sign is not guessed."""
    assert initials(name) == letters
