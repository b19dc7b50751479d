"""The figures of a template, from its `design.toml`: how large the page is and how wide its texts may run.

Lengths in millimetres, sizes in points, as in `certificates.designs.design`. What the file does not say is as in the
design that lies 297 mm wide. With `[rows]` it is a form, which a skill level needs (人社鉴发〔2021〕1号 二（一）).
"""

import math
import tomllib
from dataclasses import dataclass
from typing import Any

from certificates.designs.design import Design, NameBox, Rows, TextBox, Title
from certificates.designs.modern import MODERN
from certificates.own.faults import Faulty, line_of

PAGE = {"width": (60, 600), "height": (60, 600), "qr": (12, 60)}
PARTS: dict[str, dict[str, tuple[float, float]]] = {
    "title": {"width": (20, 600), "size": (6, 120)},
    "name": {"width": (20, 600), "largest": (8, 120), "floor": (6, 120)},
    "text": {"width": (20, 600), "height": (8, 600), "largest": (6, 40), "smallest": (5, 40), "leading": (1, 3)},
    "rows": {"short": (20, 600), "long": (20, 600), "size": (6, 30), "beside_photo": (0, 20)},
}
USUAL: dict[str, dict[str, float]] = {
    "title": {"width": 220, "size": 34},
    "name": {"width": 220, "largest": 46, "floor": 24},
    "text": {"width": 220, "height": 50, "largest": 16, "smallest": 9, "leading": 1.75},
    "rows": {"short": 100, "long": 140, "size": 14, "beside_photo": 4},
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What `design.toml` says: the page in mm, whether it is a form with rows, and the design that follows."""

    width: float
    height: float
    form: bool
    design: Design


def nothing() -> str:
    """The art of a template is in its own style."""
    return ""


def read(file: str, text: str) -> Figures:
    """Raises Faulty with the line of what is no figure, is out of bounds, or is unknown."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = str(error).partition("at line ")[2].partition(",")[0]
        raise Faulty("figures.unreadable", file, int(found) if found.isdecimal() else 0, str(error)) from error
    except RecursionError as error:  # brackets in brackets, deeper than Python's reader goes
        raise Faulty("figures.unreadable", file) from error
    page = {"width": 297.0, "height": 210.0, "qr": 22.0}
    parts = {name: dict(usual) for name, usual in USUAL.items()}
    for name, value in said.items():
        if name in PAGE:
            page[name] = figure(file, text, name, value, PAGE[name])
            continue
        if name not in PARTS or not isinstance(value, dict):
            raise Faulty("figures.unknown", file, line_of(text, name), name)
        for inner, one in value.items():
            if inner not in PARTS[name]:
                raise Faulty("figures.unknown", file, line_of(text, inner), f"{name}.{inner}")
            parts[name][inner] = figure(file, text, inner, one, PARTS[name][inner])
    return Figures(page["width"], page["height"], "rows" in said, drawn_up(page, parts, "rows" in said))


def figure(file: str, text: str, name: str, value: Any, bounds: tuple[float, float]) -> float:
    """A number within its bounds. Raises Faulty with the line where it stands."""
    least, most = bounds
    right = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not right or not least <= value <= most:
        raise Faulty("figures.bounds", file, line_of(text, name), f"{name} = {value} ({least}–{most})")
    return float(value)


def drawn_up(page: dict[str, float], parts: dict[str, dict[str, float]], form: bool) -> Design:
    """The design of a template's page. Sizes of the text go down by half points."""
    title, name, box, rows = parts["title"], parts["name"], parts["text"], parts["rows"]
    halves = range(math.floor(box["largest"] * 2), math.ceil(min(box["smallest"], box["largest"]) * 2) - 1, -1)
    sizes = tuple(half / 2 for half in halves) or (box["smallest"],)
    return Design(
        name="own",
        width=page["width"],
        height=page["height"],
        art=nothing,
        title=Title(title["width"], title["size"], 0.16, title["size"] * 0.8, 0.04),
        name_box=NameBox(name["width"], name["largest"], name["floor"], 0.06),
        text_box=TextBox(box["width"], box["height"], sizes, box["leading"]),
        signatures=MODERN.signatures,
        date_height=MODERN.date_height,
        english_signed=MODERN.english_signed,
        date_in_characters=False,
        qr=page["qr"],
        introduces=True,
        rows=Rows(rows["short"], rows["long"], rows["size"], int(rows["beside_photo"])) if form else None,
        english_largest=11,
    )
