"""The seven delegations' workbooks, as they came."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from admin.sheets.registration import RegistrationSheet, read_registration

INPUTS = Path(__file__).parents[2] / "inputs"
CLEAN = sorted(path for path in INPUTS.glob("报名表-*.xlsx") if "有错" not in path.name)
PEOPLE = {"唐山市": 28, "廊坊市": 27, "石家庄市": 27, "秦皇岛市": 30, "衡水市": 24, "邢台市": 27, "邯郸市": 31}


@pytest.fixture(scope="module")
def sheets() -> dict[str, RegistrationSheet]:
    read = (read_registration(path.read_bytes(), path.name) for path in CLEAN)
    return {sheet.delegation: sheet for sheet in read}


def test_every_clean_workbook_goes_in_as_it_is(sheets: dict[str, RegistrationSheet]) -> None:
    """Nothing is refused, nothing is mended, no column is left unread, nobody is lost."""
    assert {name: len(sheet.rows) for name, sheet in sorted(sheets.items())} == PEOPLE
    assert [one for sheet in sheets.values() for one in (*sheet.problems, *sheet.mended, *sheet.unread)] == []


def test_the_workbooks_hold_194_people_in_eight_events(sheets: dict[str, RegistrationSheet]) -> None:
    """The corridor's competition: 194 people, eight events, one of them with too few teams for awards."""
    rows = [(name, row) for name, sheet in sheets.items() for row in sheet.rows]
    delegations = {
        event: {name for name, row in rows if row.event == event} for event in {row.event for _, row in rows}
    }

    assert len(rows) == 194
    assert len(delegations) == 8
    assert {"唐山市", "廊坊市", "邯郸市"} == delegations["工业4.0"]
    assert len({row.document_number for _, row in rows}) == 194


def test_a_row_is_understood_in_full(sheets: dict[str, RegistrationSheet]) -> None:
    """Every cell of one row arrives in its field, with level, birth date and sex understood."""
    row = sheets["石家庄市"].rows[3]

    assert (row.row, row.event, row.group, row.team, row.name) == (9, "焊接技术", "职工组", "", "阿依古丽·买买提")
    assert (
        row.sex,
        row.ethnicity,
        row.document_kind,
        row.document_number,
    ) == ("female", "满族", "resident-id", "130199198105294803")
    assert (
        row.education,
        row.unit,
        row.occupation,
        row.occupation_code,
    ) == ("硕士研究生", "石家庄钢铁集团有限公司", "焊工", "6-18-02-04")
    assert (
        row.level_text,
        row.level,
        row.level_certificate,
        row.identity,
        row.phone,
    ) == ("", None, "", "worker", "18178424325")
    assert ("130199198105294803.jpg", date(1981, 5, 29)) == (row.photo, row.birth)


def test_levels_and_teams_are_understood(sheets: dict[str, RegistrationSheet]) -> None:
    """Levels become rungs of the ladder, and the concrete event has teams of two."""
    rows = sheets["石家庄市"].rows
    sizes = Counter(row.team for row in rows if row.event == "混凝土建筑")

    assert sizes == {"24": 2, "25": 2}
    assert (
        rows[0].level_text,
        rows[0].level.rank if rows[0].level else None,
        rows[0].level_certificate,
    ) == ("三级/高级工", 3, "Y000013137384203922291")
    assert {"worker", "teacher", "student"} == {row.identity for row in rows}
