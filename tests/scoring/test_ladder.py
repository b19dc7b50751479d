"""Levels are read as clerks write them, and never guessed."""

import pytest

from scoring.ladder import LADDER, LEVELS, above, parse_level
from scoring.verdict import Problems


@pytest.mark.parametrize(
    "spelling",
    [
        "三级/高级工",
        "高级工",
        "高级工（三级）",
        "3级",
        "高级工 三级",
        "三级／高级工",
        "senior",
        "Grade 3 / Senior worker",
        " 三级 ",
    ],
)
def test_spellings(spelling: str) -> None:
    """All the ways in which forms spell 高级工 mean the same level."""
    assert LEVELS["senior"] == parse_level(spelling)


@pytest.mark.parametrize("spelling", ["", "--", "——", "无", "暂无", "N/A", "  "])
def test_no_level(spelling: str) -> None:
    """A form that says “none” gives no level instead of an error."""
    assert parse_level(spelling) is None


@pytest.mark.parametrize("spelling", ["二级/高级工", "八级", "工程师", "三级/", "三级/厨师"])
def test_unknown(spelling: str) -> None:
    """What is no level, or two different ones, is refused with code and mend; a trailing slash is no second half."""
    if spelling == "三级/":
        assert LEVELS["senior"] == parse_level(spelling)
        return
    with pytest.raises(Problems) as refused:
        parse_level(spelling)
    assert refused.value.problems[0].code == "level.unknown"
    assert spelling in refused.value.problems[0].words.zh


def test_printed_form_reads_back() -> None:
    """What a certificate prints is read as the level it was printed for."""
    assert list(LADDER) == [parse_level(level.printed) for level in LADDER]
    assert list(LADDER) == [parse_level(level.name.en) for level in LADDER]


def test_the_ladder_ends() -> None:
    """Nobody climbs above 首席技师."""
    assert above(LEVELS["chief-technician"]) == LEVELS["chief-technician"]
    assert above(LEVELS["senior"], 2) == LEVELS["senior-technician"]
