"""The QR code as vector: level M, dark modules only, the light ones are the paper."""

import segno

from certificates.drawings import Drawing


def modules(url: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules, true where dark."""
    return tuple(tuple(bool(cell) for cell in row) for row in segno.make_qr(url, error="m").matrix)


def drawing(url: str, size: float, colour: str = "#111") -> Drawing:
    """The code, `size` mm wide. Modules that touch in a row are one rectangle, so that no viewer shows seams."""
    rows = modules(url)
    data: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                data.append(f"M{x} {y}h{run}v1h-{run}z")
            x += run or 1
    side = len(rows)
    return Drawing((0, 0, side, side), (size, size), f'<path d="{"".join(data)}" fill="{colour}"/>', "qr", alt=url)
