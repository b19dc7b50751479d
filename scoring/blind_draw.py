"""The draw whose layers stay sealed: `podium-draw-3`, and `podium-draw-2` before it (`podium-draw-1`: `scoring.draw`).

Three layers are thrown apart from each other: *number* (a number for every entry), *station* (order, shift and station)
and *code* (the work code). Each layer mixes a *secret* of its own into the public seed. What is promised beforehand is
the hash of a secret, so that it can be kept until the decoding without anybody being able to exchange it: whoever knows
the seed can repeat the layers whose secrets are open, and no other. A layer without a secret is public or not drawn.

Who works in which shift, and who beside whom, is decided in `scoring.seating`: `podium-draw-3` looks at employers,
`podium-draw-2` does not.
Each name is one exact procedure: any change to it, however small, is a new name, and old draws keep the old one.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from scoring.draw import Dice, hall_problems
from scoring.seating import BlindEntry, seated
from scoring.verdict import NOWHERE, Problem, Problems, Words

ALGORITHM = "podium-draw-3"
BEFORE = "podium-draw-2"
"""What was drawn before employers were looked at; such a record replays as it was."""
NAMES = (BEFORE, ALGORITHM)
LAYERS = ("number", "station", "code")


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secret of each layer; "" where a layer is drawn from the seed alone, None where it is sealed or not drawn."""

    number: str | None = None
    station: str | None = ""
    code: str | None = None


@dataclass(frozen=True, slots=True)
class BlindPlace:
    """What one entry drew; order, shift and station count from 1. Number 0 and code "" belong to layers not opened."""

    entry: str
    number: int
    order: int
    shift: int
    station: int
    code: str


@dataclass(frozen=True, slots=True)
class BlindDraw:
    """A finished draw as far as its layers are open; `places` are in drawing order."""

    algorithm: str
    seed: str
    places: tuple[BlindPlace, ...]


def promise(secret: str) -> str:
    """What is published of a layer's secret before the draw."""
    return hashlib.sha256(secret.encode()).hexdigest()


def draw(
    entries: Iterable[BlindEntry],
    stations: int,
    seed: str,
    secrets: Secrets,
    shifts: int | None = None,
    algorithm: str = ALGORITHM,
) -> BlindDraw:
    """Every open layer of the draw; without `shifts` as few as the stations allow. `algorithm` is one of `NAMES`.

    Raises `Problems`: an entry comes twice, stations do not suffice, a shift would be empty, related firms do not fit
    into one shift, or the stations are sealed.
    """
    pool = sorted(entries, key=lambda entry: entry.id)
    rounds = (-(-len(pool) // stations) if stations > 0 else 0) if shifts is None else shifts
    _refuse(pool, stations, rounds, secrets)
    count = len(pool)
    mixed = _mixed(algorithm, seed, secrets.station or "")
    spots = seated(pool, stations, rounds, mixed, employers=algorithm != BEFORE)
    numbers = _thrown(algorithm, seed, secrets.number, "number", count) or [0] * count
    codes = _thrown(algorithm, seed, secrets.code, "code", count)
    width = max(2, len(str(count)))
    number_of = dict(zip((entry.id for entry in pool), numbers, strict=True))
    places = [
        BlindPlace(
            entry.id, number_of[entry.id], order, shift, station, f"W-{codes[order - 1]:0{width}}" if codes else ""
        )
        for order, (entry, shift, station) in enumerate(spots, start=1)
    ]
    return BlindDraw(algorithm, seed, tuple(places))


def _mixed(algorithm: str, seed: str, secret: str) -> str:
    return hashlib.sha256("".join(f"{len(part)}:{part}," for part in (algorithm, seed, secret)).encode()).hexdigest()


def _thrown(algorithm: str, seed: str, secret: str | None, layer: str, count: int) -> list[int]:
    """1 … count in the order that a layer threw; nothing while the layer is sealed."""
    return [] if secret is None else Dice(_mixed(algorithm, seed, secret), layer).shuffled(range(1, count + 1))


def _refuse(pool: list[BlindEntry], stations: int, shifts: int, secrets: Secrets) -> None:
    problems = hall_problems([entry.id for entry in pool], stations, shifts)
    if shifts > max(1, len(pool)):
        words = Words(f"{shifts} 场比 {len(pool)} 个参赛单元还多", f"{shifts} shifts are more than {len(pool)} entries")
        mend = Words("减少场次", "give fewer shifts")
        problems.append(Problem("draw.empty-shift", NOWHERE, words, mend))
    if secrets.station is None:
        words = Words("赛位这一层还没有解码", "the layer of the stations has not been opened yet")
        mend = Words("解码后再重算", "repeat the draw after the decoding")
        problems.append(Problem("draw.sealed", NOWHERE, words, mend))
    if problems:
        raise Problems(tuple(problems))
