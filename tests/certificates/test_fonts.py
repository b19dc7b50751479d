"""Which characters can be printed, and that the vendored faces are what their README says."""

import dataclasses
import hashlib
import re

import openpyxl
import pytest

from certificates.fonts import VENDORED, Missing, faces, unprintable
from tests.certificates.paper import NAMES, PLAIN


@pytest.mark.parametrize("name", NAMES)
def test_people_with_rare_names_can_be_printed(name: str) -> None:
    """Every name of the sample people is drawn by a vendored face."""
    assert unprintable(dataclasses.replace(PLAIN, name=name)) == ()


def test_a_missing_character_is_listed_with_its_place() -> None:
    """The clerk is told the field, the character, its code point and where it stands."""
    strange = dataclasses.replace(PLAIN, name="李㸚", event="焊接🔥")
    assert (Missing("name", "㸚", "U+3E1A", 1), Missing("event", "🔥", "U+1F525", 2)) == unprintable(strange)


@pytest.mark.parametrize("char", ["\u202e", "\u200b", "\n", "\x00", "\ue000", "\ufeff", "\U000e0100"])
def test_what_has_no_shape_is_no_part_of_a_name(char: str) -> None:
    """Directional overrides, zero-width and private-use characters are refused, not drawn as nothing."""
    assert [char] == [one.char for one in unprintable(dataclasses.replace(PLAIN, name=f"王{char}伟"))]


def test_organisations_are_looked_at_too() -> None:
    """The ring of a seal is text as well."""
    strange = dataclasses.replace(PLAIN.organisations[0], name="组委会㸚")
    (missing,) = unprintable(dataclasses.replace(PLAIN, organisations=(strange,)))
    assert (missing.field, missing.position) == ("organisations[0].name", 3)


def test_the_vendored_files_are_those_of_the_readme() -> None:
    """Each face has the checksum that the README beside it names."""
    named = dict(re.findall(r"^ {4}([0-9a-f]{64})  (\S+)$", (VENDORED / "README.md").read_text("utf-8"), re.MULTILINE))
    here = {hashlib.sha256(file.read_bytes()).hexdigest(): file.name for file in VENDORED.glob("*.ttf")}
    assert named == here


def test_digits_stand_in_columns() -> None:
    """Numbers of as many digits are equally wide in every face."""
    for face in faces():
        assert len({face.ems(digit * 4) for digit in "0123456789"}) == 1


def test_every_name_of_the_workbooks_can_be_printed() -> None:
    """The people in the delegations' sample workbooks: whoever cannot be printed is known here by name."""
    kai = faces()
    asked = 0
    for workbook in sorted((VENDORED.parents[1] / "tests" / "inputs").glob("报名表*.xlsx")):
        for sheet in openpyxl.load_workbook(workbook, read_only=True):
            for row in sheet.iter_rows(values_only=True):
                for value in row:
                    if isinstance(value, str) and re.fullmatch(r"[\u3400-\u9fff\U00020000-\U0003ffff·]{2,30}", value):
                        asked += 1
                        assert list(kai.missing("name", value)) == [], value
    assert asked > 500
