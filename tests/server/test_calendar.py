"""Working days as the State Council names them for a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from server.calendar import DAYS_OFF, ZONE, day_of, notice_end


@pytest.mark.parametrize(
    ("begins", "days", "ends"),
    [
        (date(2026, 10, 16), 5, date(2026, 10, 23)),  # a week with a weekend in it
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over the National Day: 1 to 7 October are free
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # a Saturday that is worked for it
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # over the Spring Festival: 14 and 28 February are worked
        (date(2026, 10, 16), 0, date(2026, 10, 16)),
    ],
)
def test_a_notice_counts_working_days(begins: date, days: int, ends: date) -> None:
    """The State Council's calendar of 2026, as the library has it: free days do not count, weekends that are worked do."""
    begin = datetime(begins.year, begins.month, begins.day, 9, 30, tzinfo=ZONE)
    end = notice_end(begin.astimezone(UTC), days)
    assert day_of(end) == ends and end.astimezone(ZONE).time() == begin.time()


def test_a_year_that_nobody_has_named_yet_has_its_statutory_holidays() -> None:
    """Years ahead: the National Day is free and a plain Monday is worked, so that a notice can be reckoned."""
    assert not DAYS_OFF.is_working_day(date(2029, 10, 1)) and DAYS_OFF.is_working_day(date(2029, 11, 5))
    assert notice_end(datetime(2029, 9, 28, tzinfo=UTC), 1) > datetime(2029, 9, 28, tzinfo=UTC) + timedelta(days=2)
