"""The organiser's clock: the time zone in which days begin, and working days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def day_of(moment: datetime) -> date:
    """The day it is then where the competition is held: what a certificate is dated with."""
    return moment.astimezone(ZONE).date()


def notice_end(begin: datetime, days: int) -> datetime:
    """The end of a public notice of so many working days; Saturdays and Sundays do not count, holidays do."""
    end = begin
    while days > 0:
        end += timedelta(days=1)
        days -= end.astimezone(ZONE).weekday() < 5
    return end
