"""匠作: wood, paper and joinery, upright."""

import functools

from certificates.art import border, guilloche, joinery
from certificates.designs.design import Design, NameBox, Signature, TextBox, Title


@functools.cache
def craft_art() -> str:
    """Wood and paper: a dovetailed frame, a 鲁班锁 over the title, mortise and tenon as the maker's mark."""
    width, height, ink, ochre = 210, 297, "#5a3a22", "#a8672a"
    fills = {"z": "#f8f0e0", "x": "#e6d1aa", "y": "#d6b987"}
    rings = "".join(guilloche.ring(width / 2, 158, 12 + 14 * k, 26 + 14 * k, 18 + 6 * k, 6) for k in range(4))
    return "".join(
        (
            guilloche.path(rings, ochre, 0.1, 0.17),
            joinery.wood_frame(width, height, 9, 9, ink=ink, vein="#b98f5e", rail="#ecdcbc", stile="#e5d0a6"),
            border.inset(width, height, 20.5, ochre, 0.15),
            joinery.draw(joinery.luban_lock(), 2.7, width / 2, 53, joinery.Wood(ink, fills, 0.26)),
            joinery.draw(joinery.tenon(), 0.72, 156, 268.5, joinery.Wood(ink, fills, 0.16)),
        )
    )


CRAFT = Design(
    name="craft",
    width=210,
    height=297,
    art=craft_art,
    paper="#f6eedf",
    title=Title(142, 44, 0.3, 30, 0.06),
    name_box=NameBox(142, 42, 26, 0.1),
    text_box=TextBox(142, 66, (16, 15.5, 15, 14, 13, 12, 11, 10), 1.95),
    signatures=(
        Signature(80, 15, 12, 40),
        Signature(64, 12.5, 11, 37),
        Signature(47, 11.5, 10, 33),
        Signature(35.5, 10.5, 9, 29),
    ),
    date_height=8.5,
    date_in_characters=True,
    qr=20,
)
