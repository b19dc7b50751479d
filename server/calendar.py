"""The organiser's clock: the time zone in which days begin, and working days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from holidays import country_holidays

ZONE = ZoneInfo("Asia/Shanghai")
DAYS_OFF = country_holidays("CN")
"""China's holidays, with the weekends that are worked for them. The government names those of a year in the November before;
until a release of the library knows them, a year has its statutory holidays and plain weekends."""


def day_of(moment: datetime) -> date:
    """The day it is then where the competition is held: what a certificate is dated with."""
    return moment.astimezone(ZONE).date()


def notice_end(begin: datetime, days: int, own: Collection[date] = ()) -> datetime:
    """The end of a public notice of so many working days; weekends and holidays do not count, weekends that are worked do.

    Days off that the competition named itself (`own`) do not count either.
    """
    end = begin
    while days > 0:
        end += timedelta(days=1)
        days -= DAYS_OFF.is_working_day(day_of(end)) and day_of(end) not in own
    return end
