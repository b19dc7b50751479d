"""等级证书: the form of a skill-level certificate. Rows that are filled in, a photo, a place for one assessment body.

What has to stand on it, and that it is filled in in 小四 (12 pt), is the rule's: 人社鉴发〔2021〕1号 二（一） and 三（一）. It is not
the state's own form: the frame and the ground are drawn here.
"""

import functools

from certificates.art import border, guilloche
from certificates.designs.design import Design, NameBox, Rows, Signature, TextBox, Title

BLUE, PALE = "#2c6e8f", "#3a86a8"
SMALL_FOUR = 12  # pt: 小四
ROSETTE: tuple[guilloche.Ring, ...] = ((0.99, 0.72, 32, 6), (0.76, 0.44, 20, 6), (0.47, 0.1, 14, 6))


@functools.cache
def art() -> str:
    """A blue guilloche frame over a ground of fine waves."""
    width, height = 210, 297
    return "".join(
        (
            guilloche.path(guilloche.ground(18, 22, 174, 254, 3.1, 5, 3, 0.22, pieces=5), PALE, 0.09, 0.26),
            guilloche.rosette(width / 2, 148, 54, ROSETTE, guilloche.mixed(PALE, "#ffffff", 0.17), 0.1),
            border.guilloche_frame(width, height, 9, 7, 19, guilloche.mixed(BLUE, "#ffffff", 0.9), 0.12),
            border.inset(width, height, 8.2, BLUE, 0.35),
            border.inset(width, height, 16.8, BLUE, 0.35),
            border.inset(width, height, 17.8, BLUE, 0.12),
        )
    )


LEVEL = Design(
    name="level",
    width=210,
    height=297,
    art=art,
    title=Title(150, 30, 0.14, 22, 0.03),
    name_box=NameBox(81, SMALL_FOUR, SMALL_FOUR, 0),
    text_box=TextBox(154, 28, (12, 11.5, 11, 10.5, 10, 9.5, 9), 1.6),
    signatures=(
        Signature(84, 14, 11, 40),
        Signature(60, 12, 10, 37),
        Signature(44, 11, 9, 33),
        Signature(36, 10, 8, 30),
    ),
    date_height=13,
    english_signed=9,
    date_in_characters=False,
    qr=22,
    english_largest=9.5,
    rows=Rows(81, 113, SMALL_FOUR, beside_photo=3),
)
