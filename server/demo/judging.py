"""Simulated judges: how good every entry is, and what each judge sees of it, from one seed.

A mark depends on the seed, the event, the entry's place in the draw's list and the judge's label only, never on when it
is posted, so that the same seed gives the same standings.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ulid import ULID


def marks_of(seed: str, sheets: dict[str, Any], tablet: str) -> Iterator[dict[str, Any]]:
    """Every mark that one judge owes, entry by entry, as the tablet posts them.

    What the panel records once is shared out: the n-th such aspect is recorded by one judge, in turn.
    """
    label, event = sheets["seat"], sheets["event"]
    number, panel = int(label[1:]), int(sheets["panel"])
    counter = 0
    for entry in sheets["entries"]:
        skill = random.Random(f"{seed}/{sheets['code']}/{entry}").betavariate(6, 2.4)
        for place, aspect in enumerate(aspects_of(sheets["scheme"])):
            if aspect["recorded"] == "one" and place % panel + 1 != number:
                continue
            counter += 1
            yield {
                "id": str(ULID()),
                "event": event,
                "entry": entry,
                "aspect": aspect["id"],
                "value": _value(
                    random.Random(f"{seed}/{sheets['code']}/{entry}/{aspect['id']}/{label}"), aspect, skill
                ),
                "device": tablet,
                "counter": counter,
                "made_at": datetime.now(UTC).isoformat(),
            }


def aspects_of(scheme: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The aspects of a scheme as data, in order."""
    for criterion in scheme["criteria"]:
        for sub in criterion["subcriteria"]:
            yield from sub["aspects"]


def _value(dice: random.Random, aspect: dict[str, Any], skill: float) -> int:
    """Hundredths. Judged scores stay within one of each other: the judges see the same piece."""
    if aspect["kind"] == "judged":
        return 100 * min(3, int(skill * 2.6) + (1 if dice.random() < 0.3 else 0))
    maximum: int = aspect["maximum"]
    if aspect["recorded"] == "one" and maximum <= 1000:
        return maximum if dice.random() < 0.35 + 0.6 * skill else 0 if dice.random() < 0.3 else maximum // 2
    near = skill + dice.gauss(0, 0.05)
    return max(0, min(maximum, round(maximum * (0.42 + 0.56 * near) / 25) * 25))
