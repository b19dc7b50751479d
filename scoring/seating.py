"""Who works in which shift of a blind draw, and who stands beside whom.

Firms that declared themselves related work in one shift; everybody else is dealt evenly, as in `podium-draw-1`.
Neighbours come from different units wherever their numbers allow. Where employers are looked at, people of one employer
are kept apart as well as far as possible, but never so that two of a unit become neighbours instead.
These are parts of the procedures that `scoring.blind_draw` names: a change here, however small, is a new name there.
"""

import itertools
from collections import Counter
from dataclasses import dataclass

from scoring.draw import Dice
from scoring.verdict import NOWHERE, Problem, Problems, Words

TRIES = 24
"""How many rows are thrown for a shift, of which the one with the fewest colleagues side by side is taken."""
LARGEST = 500
"""Entries up to which employers are looked at: more than any event has; beyond, the search would take minutes."""


@dataclass(frozen=True, slots=True)
class BlindEntry:
    """What takes part: an entry with its unit (delegation), its declared group of related firms (empty: none), and the
    employers of its people.
    """

    id: str
    unit: str
    related: str = ""
    employers: frozenset[str] = frozenset()


def seated(
    pool: list[BlindEntry], stations: int, shifts: int, seed: str, *, employers: bool
) -> list[tuple[BlindEntry, int, int]]:
    """Every entry of the pool, which is sorted by id, with its shift and its station (from 1), shift by shift.

    Without `employers` they are not looked at. Raises `Problems` (draw.related-too-many) when related firms do not fit
    into one shift; whoever calls has seen to it that the stations suffice.
    """
    deal, row = (_dealt_apart, _both_apart) if employers and len(pool) <= LARGEST else (_dealt, _apart)
    hands = deal(pool, stations, shifts, seed)
    return [
        (entry, shift, station)
        for shift, hand in enumerate(hands, start=1)
        for station, entry in enumerate(row(hand, Dice(seed, f"station {shift}")), start=1)
    ]


def _dealt(pool: list[BlindEntry], stations: int, shifts: int, seed: str) -> list[list[BlindEntry]]:
    """Related firms first, each group into one shift; then the units in a drawn order, each over all shifts.

    Shifts are as even as the related groups leave possible, and no shift has two more of a unit than another, unless
    related firms bring them there.
    """
    dice = Dice(seed, "shift")
    hands: list[list[BlindEntry]] = [[] for _ in range(shifts)]
    turn = dice.shuffled(range(shifts))
    _together(pool, hands, stations, turn, dice)
    rooms = _rooms(hands, len(pool), turn)
    for unit in dice.shuffled(sorted({entry.unit for entry in pool})):
        had = [sum(entry.unit == unit for entry in hand) for hand in hands]
        for entry in dice.shuffled(entry for entry in pool if entry.unit == unit and not entry.related):
            shift = min((one for one in turn if rooms[one]), key=lambda one: (had[one], -rooms[one]))
            hands[shift].append(entry)
            had[shift] += 1
            rooms[shift] -= 1
    return hands


def _dealt_apart(pool: list[BlindEntry], stations: int, shifts: int, seed: str) -> list[list[BlindEntry]]:
    """As `_dealt`, and within what that leaves free: people of one employer over the shifts as evenly as goes.

    Units of several entries are dealt first. They take the same shifts as in `_dealt`, and employers decide which of
    their people goes where; for a unit of one entry they decide the shift.
    """
    dice = Dice(seed, "shift")
    hands: list[list[BlindEntry]] = [[] for _ in range(shifts)]
    turn = dice.shuffled(range(shifts))
    _together(pool, hands, stations, turn, dice)
    rooms = _rooms(hands, len(pool), turn)
    sizes = Counter(entry.unit for entry in pool)
    for unit in sorted(dice.shuffled(sorted(sizes)), key=lambda one: sizes[one] == 1):
        free = dice.shuffled(entry for entry in pool if entry.unit == unit and not entry.related)
        had = [sum(entry.unit == unit for entry in hand) for hand in hands]
        slots = [one for one in turn if rooms[one]] if sizes[unit] == 1 else _slots(len(free), rooms, had, turn)
        for entry in free:
            shift = min(slots, key=lambda one: (_colleagues(entry, hands[one]), -rooms[one]))
            slots.remove(shift)
            hands[shift].append(entry)
            rooms[shift] -= 1
    return hands


def _slots(count: int, rooms: list[int], had: list[int], turn: list[int]) -> list[int]:
    """The shifts that a unit's entries take, one by one to where it has fewest, then to where there is most room."""
    room, has, found = list(rooms), list(had), list[int]()
    for _ in range(count):
        shift = min((one for one in turn if room[one]), key=lambda one: (has[one], -room[one]))
        found.append(shift)
        has[shift] += 1
        room[shift] -= 1
    return found


def _colleagues(entry: BlindEntry, hand: list[BlindEntry]) -> int:
    return sum(bool(entry.employers & other.employers) for other in hand) if entry.employers else 0


def _together(
    pool: list[BlindEntry], hands: list[list[BlindEntry]], stations: int, turn: list[int], dice: Dice
) -> None:
    """The largest group first, each into the emptiest shift. Raises `Problems` when that has too few stations left."""
    drawn = dice.shuffled(sorted({entry.related for entry in pool if entry.related}))
    groups = [[entry for entry in pool if entry.related == name] for name in drawn]
    for group in sorted(groups, key=len, reverse=True):
        hand = hands[min(turn, key=lambda shift: len(hands[shift]))]
        if len(hand) + len(group) > stations:
            raise Problems((_too_many(len(group), stations - len(hand)),))
        hand += dice.shuffled(group)


def _rooms(hands: list[list[BlindEntry]], count: int, turn: list[int]) -> list[int]:
    """How many more each shift takes: one by one to the smallest, the drawn turn deciding between equals."""
    sizes = [len(hand) for hand in hands]
    for _ in range(count - sum(sizes)):
        sizes[min(turn, key=lambda shift: sizes[shift])] += 1
    return [size - len(hand) for size, hand in zip(sizes, hands, strict=True)]


def _apart(hand: list[BlindEntry], dice: Dice) -> list[BlindEntry]:
    """A row in which neighbours come from different units, wherever the largest unit leaves that possible."""
    left = dice.shuffled(hand)
    counts = Counter(entry.unit for entry in left)
    row: list[BlindEntry] = []
    while left:
        before = row[-1].unit if row else None
        crowded = {unit for unit, count in counts.items() if 2 * count > len(left)}
        other = next((entry for entry in left if entry.unit != before), left[0])
        fits = (entry for entry in left if entry.unit != before and (not crowded or entry.unit in crowded))
        chosen = next(fits, other)
        left.remove(chosen)
        counts[chosen.unit] -= 1
        row.append(chosen)
    return row


def _both_apart(hand: list[BlindEntry], dice: Dice) -> list[BlindEntry]:
    """The best of several rows: first the fewest neighbours of one unit, then the fewest of one employer."""
    best, meetings = _row(hand, dice), (0, 0)
    if any(entry.employers for entry in hand):
        meetings = _meetings(best)
        for _ in range(TRIES - 1):
            if meetings[1] == 0:
                break
            row = _row(hand, dice)
            if (found := _meetings(row)) < meetings:
                best, meetings = row, found
    return best


def _row(hand: list[BlindEntry], dice: Dice) -> list[BlindEntry]:
    """A row as in `_apart`; among those whose unit may stand next, somebody without a colleague beside them.

    An employer that has more than half of the rest comes before others, or two of its people meet at the end.
    """
    left = dice.shuffled(hand)
    units = Counter(entry.unit for entry in left)
    firms = Counter(firm for entry in left for firm in entry.employers)
    row: list[BlindEntry] = []
    while left:
        unit, beside = (row[-1].unit, row[-1].employers) if row else (None, frozenset[str]())
        crowded = next((one for one, count in units.items() if 2 * count > len(left)), None)
        full = next((one for one, count in firms.items() if 2 * count > len(left)), None)
        others = [entry for entry in left if entry.unit != unit] or left
        others = [entry for entry in others if entry.unit == crowded] or others
        others = [entry for entry in others if not entry.employers & beside] or others
        chosen = next((entry for entry in others if full in entry.employers), others[0])
        left.remove(chosen)
        units[chosen.unit] -= 1
        firms.subtract(chosen.employers)
        row.append(chosen)
    return row


def _meetings(row: list[BlindEntry]) -> tuple[int, int]:
    """Neighbours of one unit, and neighbours who share an employer."""
    pairs = list(itertools.pairwise(row))
    return (
        sum(one.unit == other.unit for one, other in pairs),
        sum(bool(one.employers & other.employers) for one, other in pairs),
    )


def _too_many(group: int, room: int) -> Problem:
    words = Words(
        f"一组关联企业有 {group} 个参赛单元，同一场只剩 {room} 个赛位",
        f"a group of related firms has {group} entries; the emptiest shift has {room} stations left",
    )
    return Problem("draw.related-too-many", NOWHERE, words, Words("增加赛位", "give more stations"))
