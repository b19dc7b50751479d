"""Document numbers: the form is checked exactly, the county is not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.identity import KINDS, birth_date, check_digit, identify, kind_of, normalise, sex
from scoring.verdict import No, Yes


@pytest.mark.parametrize(
    ("kind", "number", "rule"),
    [
        ("resident-id", "11010519491231002X", ""),
        ("resident-id", "１１０１０５１９４９１２３１００２ｘ", ""),
        ("resident-id", "110105 19491231 002x", ""),
        ("resident-id", "110105194912310021", "identity.check-digit"),
        ("resident-id", "130199200602190378", ""),
        ("resident-id", "990105194912310021", "identity.region"),
        ("resident-id", "810000199408230021", "identity.region"),
        ("resident-id", "11010519490231002X", "identity.birth-date"),
        ("resident-id", "110105179912310029", "identity.birth-date"),
        ("resident-id", "1101051949123100", "identity.form"),
        ("hmt-permit", "810000199408230021", ""),
        ("hmt-permit", "830000199408230022", "identity.check-digit"),
        ("hmt-permit", "11010519491231002X", "identity.region"),
        ("hmt-travel", "H12345678", ""),
        ("hmt-travel", "M1234567890", ""),
        ("hmt-travel", "H123456789", "identity.form"),
        ("tw-travel", "12345678", ""),
        ("tw-travel", "123456789", "identity.form"),
        ("passport", "EA1234567", ""),
        ("passport", "ABCDEF", "identity.form"),
        ("foreigner-permit", "911124198108030024", ""),
        ("foreigner-permit", "USA110080010101", ""),
        ("foreigner-permit", "US110080010101", "identity.form"),
        ("driving-licence", "1", "identity.kind"),
    ],
)
def test_numbers(kind: str, number: str, rule: str) -> None:
    """Each kind accepts its own form; a refusal names what is wrong."""
    verdict = identify(kind, number)
    assert isinstance(verdict, No if rule else Yes)
    assert not rule or rule == verdict.rule


@given(st.integers(0, 999), st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(sequence: int, born: date, at: int, off: int) -> None:
    """GB 11643 finds every single mistyped digit: no such number is accepted."""
    first = f"130199{born:%Y%m%d}{sequence:03}"
    number = first + check_digit(first)
    assert isinstance(identify("resident-id", number), Yes)
    if number[at] != "X":
        wrong = number[:at] + str((int(number[at]) + off) % 10) + number[at + 1 :]
        assert isinstance(identify("resident-id", wrong), No)


def test_what_a_number_tells() -> None:
    """Birth date and sex are read from the number; a number without them gives None."""
    assert date(1949, 12, 31) == birth_date("11010519491231002X")
    assert sex("11010519491231002X") == "female"
    assert sex("130199200602190378") == "male"
    assert birth_date("EA1234567") is None
    assert birth_date("11010519490231002X") is None
    assert sex("EA1234567") is None


def test_kinds_by_the_names_on_forms() -> None:
    """Every name that is printed for a kind, and the usual short ones, mean that kind; others mean none."""
    assert [kind_of(words.zh) for words in KINDS.values()] == list(KINDS)
    assert kind_of(" 身份证 ") == "resident-id"
    assert kind_of("台胞证") == "tw-travel"
    assert kind_of("passport") == "passport"
    assert kind_of("驾驶证") is None


def test_normalise_is_idempotent() -> None:
    """Full-width digits, spaces and hyphens go, a small x becomes X; doing it twice changes nothing."""
    assert normalise("１３０１９９－1977 0613263x") == "13019919770613263X"
    assert normalise(normalise("h 1234-5678")) == "H12345678"
