"""Fill equals render: random people in every family of designs, their filled page beside its plain render.

Two engines look, PDFium and Poppler, neither of which made the page; every pixel and the text must be equal. How many
people: `PODIUM_FILLS`, 500 if it is not set, which takes half an hour on two cores.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor

from certificates.certificate import Certificate
from certificates.comparing import seen
from certificates.designs import DESIGNS
from certificates.rendering import Press
from tests.bench.certificates import people
from tests.certificates.paper import LEVEL, by_poppler, letters

FAMILIES = ("classical", "modern", "craft", "youth", "level")
DOTS = 100
TOLD = 50
Row = dict[str, str | int | float]


def measure() -> list[Row]:
    """For each design how many were compared, how many were filled, and how many differ; all but the first two must be 0."""
    count = int(os.environ.get("PODIUM_FILLS", "500"))
    shares = [(design, half, count) for design in FAMILIES for half in (0, 1)]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = list(pool.map(compared, *zip(*shares, strict=True)))
    return [
        {"design": design, **{name: found[2 * at][name] + found[2 * at + 1][name] for name in found[0]}}
        for at, design in enumerate(FAMILIES)
    ]


def compared(design: str, half: int, count: int) -> dict[str, int]:
    """Every second of the people, compared in this process; each fifty of them are a line on stderr, for it takes long."""
    shop = Press(design).workshop
    found = dict.fromkeys(("people", "filled", "PDFium differs", "Poppler differs", "text differs"), 0)
    for one in drawn(design, count)[half::2]:
        sheet = shop.sheet(one)
        filled, rendered = shop.sheet_printed(sheet), shop.rendered(sheet)
        ours, plain = seen(filled), seen(rendered)
        found["people"] += 1
        found["filled"] += shop.layout(sheet) is not None
        found["PDFium differs"] += [page[:2] for page in ours] != [page[:2] for page in plain]
        found["text differs"] += [letters(page[2]) for page in ours] != [letters(page[2]) for page in plain]
        found["Poppler differs"] += by_poppler(filled, DOTS).tobytes() != by_poppler(rendered, DOTS).tobytes()
        if found["people"] % TOLD == 0:
            print(f"{design}/{half}: {found}", file=sys.stderr, flush=True)
    return found


def drawn(design: str, count: int) -> list[Certificate]:
    """The people of the other benchmark, in the form that the design is for."""
    chance = random.Random(design)
    found = people(count)
    if DESIGNS[design].rows:
        return [
            dataclasses.replace(
                LEVEL, name=one.name, number=f"Y000123000001{chance.randrange(10**9):09}", photo=one.photo
            )
            for one in found
        ]
    return found
