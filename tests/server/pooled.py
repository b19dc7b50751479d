"""A pool of judges beside the small competition: welders of as many units as there are, all of whom may sit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from scoring.verdict import Place
from server.competitions.pool import Line, Profile, TakenIn, take_in
from server.marks.gathering import situation
from server.marks.planning import Situation
from tests.server.small import SEALER, WELDER, Small

NAMES = ("卢建平", "高志远", "沈佳琪", "齐海涛", "韩雪梅", "郝建国", "崔明哲", "梁思远")


def profile(place: int, **more: Any) -> Profile:
    """The n-th judge: a technician with ten years and more, of a unit of their own."""
    values: dict[str, Any] = {
        "name": NAMES[place], "unit": f"第{place + 1}技师学院", "phone": f"1380000{place:04}", "level": "technician",
        "occupations": (WELDER[1],), "years": 10 + place, **more,
    }  # fmt: skip
    return Profile(**values)


def organiser_of(small: Small) -> UUID:
    """Whose competition and whose pool it is."""
    return next(iter(small.staff.organisers))


async def pooled(small: Small, *profiles: Profile) -> TakenIn:
    """Take these judges into the pool as a workbook does."""
    lines = [Line(Place("裁判库", row, "", ""), one) for row, one in enumerate(profiles, 2)]
    return await take_in(organiser_of(small), lines, SEALER)


async def now(small: Small) -> Situation:
    """Where the panels stand."""
    return await situation(await small.competition())


async def judge_id(small: Small, name: str) -> UUID:
    """The judge of that name."""
    return UUID(str((await now(small)).pool[name]["id"]))
