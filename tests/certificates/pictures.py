"""The pictures from which a design is chosen: `python -m tests.certificates.pictures` draws them anew.

They are drawn from the designs themselves, and a test finds out when one no longer shows what is printed.
"""

import dataclasses
from pathlib import Path

from PIL import Image

from certificates.certificate import Certificate
from certificates.designs import DESIGNS
from certificates.rendering import Press
from tests.certificates.paper import LEVEL, PLAIN, by_pdfium, with_photo

FOLDER = Path(__file__).parents[2] / "server" / "web" / "static" / "designs"
DOTS = 72  # to the inch: 842 × 595


def shown(design: str) -> Certificate:
    """Whom a picture shows: nobody."""
    certificate = dataclasses.replace(
        LEVEL if DESIGNS[design].rows else PLAIN, name="欧阳靖宇", name_en="Ouyang Jingyu"
    )
    return with_photo(dataclasses.replace(certificate, language="both" if DESIGNS[design].introduces else "zh"))


def picture(design: str) -> Image.Image:
    (pdf,) = Press(design).print([shown(design)])
    return by_pdfium(pdf, 2 * DOTS).resize(
        (842, 595) if DESIGNS[design].width > 250 else (595, 842), Image.Resampling.LANCZOS
    )


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for design in DESIGNS:
        picture(design).save(FOLDER / f"{design}.webp", quality=80, method=6)


if __name__ == "__main__":
    main()
