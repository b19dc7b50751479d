"""Charts as plain SVG, made here: they need no script, print as they are, and stand beside the table that holds their numbers.

Colours are the tokens' own, as attributes, because the content policy allows no style in a page; report.css names them.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

INKS = ("#0f5c6e", "#b48a2c", "#69727f", "#a2673f", "#8ab4bd")
"""Of the parts of a bar, in order: primary, gold, silver, bronze, primary pale."""
WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 14, 34
INK, LINE = "#4a525c", "#d3cec2"


def bar(parts: Sequence[int], most: int) -> Markup:
    """One row's bar: its parts one after the other, the longest row of the table as wide as there is room."""
    made, at = "", 0
    for ink, part in zip(INKS, parts, strict=False):
        width = round(1000 * part / most) if most else 0
        if part:
            made += f'<rect class="ink" x="{at}" y="0" width="{max(width, 3)}" height="10" fill="{ink}"/>'
        at += width
    return Markup(
        f'<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">{made}</svg>'
    )


def scatter(points: Sequence[tuple[int, int, str]], across: str, up: str, title: str) -> Markup:
    """Points (hundredths of a percent) around zero: to the left strict, to the right lenient; the higher, the less steady."""
    wide = max([500, *(abs(x) for x, _, _ in points)])
    tall = max([500, *(y for _, y, _ in points)])
    room, high = (WIDTH - LEFT - RIGHT) / 2, HEIGHT - TOP - BOTTOM

    def x_of(x: int) -> float:
        return LEFT + room + room * x / wide

    def y_of(y: int) -> float:
        return TOP + high - high * y / tall

    made = _line(x_of(0), TOP, x_of(0), TOP + high) + _line(LEFT, TOP + high, WIDTH - RIGHT, TOP + high)
    for share in (-1, 0, 1):
        made += _text(
            x_of(round(share * wide)), HEIGHT - 21, f"{share * wide / 100:+.1f} %" if share else "0", _end(share)
        )
    for share in (1, 2):
        made += _line(LEFT, y_of(tall * share // 2), WIDTH - RIGHT, y_of(tall * share // 2))
        made += _text(LEFT - 6, y_of(tall * share // 2) + 4, f"{tall * share / 200:.1f} %", "end")
    made += _text(LEFT + room, HEIGHT - 6, across, "middle") + _text(LEFT + 4, TOP + 12, up, "start")
    for x, y, name in points:
        told = escape(name)
        made += Markup('<circle cx="{}" cy="{}" r="4" fill="{}" fill-opacity=".55"><title>{}</title></circle>').format(
            f"{x_of(x):.1f}", f"{y_of(y):.1f}", INKS[0], told
        )
    return _drawing(made, title)


def columns(values: Sequence[tuple[str, Sequence[int]]], title: str) -> Markup:
    """Columns side by side under their names, each of parts that stand upon each other, with their sum above."""
    most = max([1, *(sum(parts) for _, parts in values)])
    step, high = (WIDTH - LEFT - RIGHT) / max(1, len(values)), HEIGHT - TOP - BOTTOM - 16
    base = HEIGHT - BOTTOM
    made = _line(LEFT, base, WIDTH - RIGHT, base)
    for place, (name, parts) in enumerate(values):
        x, y = LEFT + step * place + step * 0.18, float(base)
        for ink, part in zip(INKS, parts, strict=False):
            tall = high * part / most
            y -= tall
            made += Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
                f"{x:.1f}", f"{y:.1f}", f"{step * 0.64:.1f}", f"{tall:.1f}", ink
            )
        made += _text(x + step * 0.32, y - 5, f"{sum(parts):,}", "middle")
        made += _text(x + step * 0.32, base + 16, name, "middle")
    return _drawing(made, title)


def pairs(values: Sequence[tuple[str, tuple[int, int]]], title: str) -> Markup:
    """Two columns beside each other above each name, with their numbers above them."""
    most = max([1, *(number for _, pair in values for number in pair)])
    step, high = (WIDTH - LEFT - RIGHT) / max(1, len(values)), HEIGHT - TOP - BOTTOM - 16
    base = HEIGHT - BOTTOM
    made = _line(LEFT, base, WIDTH - RIGHT, base)
    for place, (name, pair) in enumerate(values):
        for side, (ink, number) in enumerate(zip((INKS[0], INKS[1]), pair, strict=True)):
            x, tall = LEFT + step * (place + 0.12 + 0.4 * side), high * number / most
            made += Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}"/>').format(
                x, base - tall, step * 0.36, tall, ink
            )
            made += _text(x + step * 0.18, base - tall - 5, f"{number:,}", "middle")
        made += _text(LEFT + step * (place + 0.5), base + 16, name, "middle")
    return _drawing(made, title)


def _drawing(made: Markup, title: str) -> Markup:
    frame = Markup('<svg class="drawing" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')
    return frame.format(WIDTH, HEIGHT, title, made)


def _line(x: float, y: float, to_x: float, to_y: float) -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}"/>').format(x, y, to_x, to_y, LINE)


def _text(x: float, y: float, words: str, anchor: str) -> Markup:
    shape = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" font-size="12" fill="{}">{}</text>')
    return shape.format(x, y, anchor, INK, words)


def _end(share: int) -> str:
    return "start" if share < 0 else "end" if share > 0 else "middle"
