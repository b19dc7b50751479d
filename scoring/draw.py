"""The draw: who starts when, at which station, and under which work code.

*Order* is the place in the whole sequence, *station* the place in the hall within a *shift*, *code* the blind work code
that the judges see; code and order come from separate throws, so neither tells the other. Entries of one unit are
dealt evenly over the shifts and do not sit side by side unless nothing else is possible.

Anybody can replay a draw. The seed is the hash of what several people committed to beforehand and of a value that
became public afterwards; the dice are SHA-256 in counter mode, made here so that no version of Python changes them.
`ALGORITHM` names this exact procedure: any change to it, however small, is a new name, and old draws keep the old one.
What this module does not know: which stations are usable, and who is present.
"""

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scoring import verdict
from scoring.verdict import Problem, Problems, Words

ALGORITHM = "podium-draw-1"
MOST = 10_000
"""Entries, stations and shifts: more than any hall has, and little enough to be drawn while one waits."""
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class DrawEntry:
    """What takes part in a draw: an entry and the unit (delegation, employer) that it is kept apart from."""

    id: str
    unit: str


@dataclass(frozen=True, slots=True)
class Place:
    """What one entry drew; order, shift and station count from 1."""

    entry: str
    order: int
    shift: int
    station: int
    code: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A finished draw with everything that is needed to repeat it; `places` are in drawing order."""

    algorithm: str
    seed: str
    places: tuple[Place, ...]


class Dice:
    """Even throws from a seed and a label; the same two give the same throws for ever."""

    def __init__(self, seed: str, label: str) -> None:
        self._key = f"{ALGORITHM}\n{seed}\n{label}\n".encode()
        self._count = 0

    def below(self, sides: int) -> int:
        """A whole number from 0 to `sides` − 1, all equally likely: unfair high throws are repeated.

        ValueError for more sides than a throw has values, 2⁶⁴: no throw would ever be fair.
        """
        if not 1 <= sides <= 2**64:
            raise ValueError("a die has 1 to 2**64 sides")
        fair = 2**64 - 2**64 % sides
        while True:
            block = hashlib.sha256(self._key + str(self._count).encode()).digest()
            self._count += 1
            throw = int.from_bytes(block[:8], "big")
            if throw < fair:
                return throw % sides

    def shuffled(self, things: Iterable[Thing]) -> list[Thing]:
        """The things in a random order (Fisher and Yates, from the end)."""
        row = list(things)
        for last in range(len(row) - 1, 0, -1):
            other = self.below(last + 1)
            row[last], row[other] = row[other], row[last]
        return row


def commitment(words: str, salt: str) -> str:
    """What a witness hands in before the draw: the hash of words kept secret until then."""
    return hashlib.sha256(f"{len(words)}:{words}{salt}".encode()).hexdigest()


def seed(commitments: Sequence[str], public: str) -> str:
    """One seed from what the witnesses said and a value nobody could know then (the index of a stock exchange …).

    The order in which envelopes are opened does not matter; lengths are written in, so that words cannot be moved
    from one envelope to the next.
    """
    parts = [ALGORITHM, *sorted(commitments), public]
    return hashlib.sha256("".join(f"{len(part)}:{part}," for part in parts).encode()).hexdigest()


def draw(entries: Iterable[DrawEntry], stations: int, seed: str, shifts: int | None = None) -> Draw:
    """Order, shift, station and work code for every entry; with no `shifts` given, as few as the stations allow.

    Shifts differ by one entry at most. Raises `Problems` when an entry comes twice, the stations do not suffice or a
    number is beyond `MOST`.
    """
    pool = sorted(entries, key=lambda entry: entry.id)
    needed = -(-len(pool) // stations) if stations > 0 else 0
    rounds = needed if shifts is None else shifts
    problems = hall_problems([entry.id for entry in pool], stations, rounds)
    if problems:
        raise Problems(tuple(problems))
    hands = _dealt(pool, rounds, Dice(seed, "shift"))
    codes = Dice(seed, "code").shuffled(range(1, len(pool) + 1))
    width = max(2, len(str(len(pool))))
    places: list[Place] = []
    for shift, hand in enumerate(hands, start=1):
        for station, entry in enumerate(_apart(hand, Dice(seed, f"station {shift}")), start=1):
            order = len(places) + 1
            places.append(Place(entry.id, order, shift, station, f"W-{codes[order - 1]:0{width}}"))
    return Draw(ALGORITHM, seed, tuple(places))


def replays(drawn: Draw, entries: Iterable[DrawEntry], stations: int, shifts: int | None = None) -> bool:
    """Whether the same entries and seed give exactly this draw: the check that anybody can make."""
    return drawn.algorithm == ALGORITHM and drawn == draw(entries, stations, drawn.seed, shifts)


def _dealt(pool: list[DrawEntry], shifts: int, dice: Dice) -> list[list[DrawEntry]]:
    """Units in a drawn order, each dealt out like cards: no shift has two more of a unit than another."""
    if not pool:
        return []
    hands: list[list[DrawEntry]] = [[] for _ in range(shifts)]
    next_hand = dice.below(shifts)
    units: dict[str, list[DrawEntry]] = {}
    for entry in pool:
        units.setdefault(entry.unit, []).append(entry)
    for unit in dice.shuffled(sorted(units)):
        for entry in dice.shuffled(units[unit]):
            hands[next_hand].append(entry)
            next_hand = (next_hand + 1) % shifts
    return hands


def _apart(hand: list[DrawEntry], dice: Dice) -> list[DrawEntry]:
    """A row in which neighbours come from different units, wherever the largest unit leaves that possible.

    A unit that has more than half of the rest must come now, or two of its people meet at the end.
    """
    left = dice.shuffled(hand)
    sizes = Counter(entry.unit for entry in left)
    largest = [(-size, unit) for unit, size in sizes.items()]
    heapq.heapify(largest)
    row: list[DrawEntry] = []
    while left:
        before = row[-1].unit if row else None
        while sizes[largest[0][1]] != -largest[0][0]:
            heapq.heappop(largest)
        size, unit = largest[0]
        chosen = next((entry for entry in left if entry.unit != before), left[0])
        if -2 * size > len(left) and unit != before:
            chosen = next(entry for entry in left if entry.unit == unit)
        left.remove(chosen)
        row.append(chosen)
        sizes[chosen.unit] -= 1
        heapq.heappush(largest, (-sizes[chosen.unit], chosen.unit))
    return row


def hall_problems(ids: Sequence[str], stations: int, shifts: int) -> list[Problem]:
    """Why these entries cannot be drawn for this hall: one comes twice, there are too many, or they do not fit."""
    problems = []
    twice = sorted(id for id, count in Counter(ids).items() if count > 1)
    if twice:
        words = Words(f"重复的参赛单元：{'、'.join(twice)}", f"entries given twice: {', '.join(twice)}")
        problems.append(
            _problem("entry-twice", "entries", words, Words("每个参赛单元只能抽一次", "every entry is drawn once"))
        )
    for key, count in (("entries", len(ids)), ("stations", stations), ("shifts", shifts)):
        if count > MOST:
            words = Words(f"{key} 超过 {MOST}", f"more than {MOST} {key}")
            problems.append(_problem("too-many", key, words, Words("核对这个数目", "check this number")))
    if stations < 1 or shifts < 0 or shifts * stations < len(ids):
        words = Words(
            f"{len(ids)} 个参赛单元，{stations} 个赛位 × {shifts} 场不够",
            f"{len(ids)} entries do not fit {stations} stations in {shifts} shifts",
        )
        mend = Words("增加赛位或场次", "give more stations or more shifts")
        problems.append(_problem("too-few-stations", "stations", words, mend))
    return problems


def _problem(code: str, key: str, words: Words, mend: Words) -> Problem:
    return Problem(f"draw.{code}", verdict.Place(key=key), words, mend)
