"""The type that proofs are set in, and the layouts that were made with it: once for a process, whatever it prints.

A filled page has its own small fonts (see `cutting`), so what a proof was set in leaves no trace in it, and all designs
share one case. One for each design was most of what a press of all designs held.
"""

from collections import OrderedDict

from certificates import cutting
from certificates.compiled import Layout
from certificates.fonts import Face, Faces, Subset
from certificates.proofs import Placeholders
from certificates.shapes import Shape, Shapes, is_han
from certificates.truetype import Outlines
from certificates.versions import Version

ALWAYS = " -·'：0123456789"
MOST_LAYOUTS = 64
"""Compiled pages that are kept, of all designs together: a tenth of a megabyte each, and a batch is printed in the order of its
designs and shapes, so that none is needed again long after."""


class TypeCase:
    """Small fonts of some faces with everything that a proof of any template may say (`said`, by all templates)."""

    def __init__(self, faces: Faces, said: set[str]) -> None:
        self.shapes = Shapes(faces)
        self.placeholders = Placeholders(faces, said)
        self.chars = {*ALWAYS, *said, *self.placeholders}
        for face in faces:
            self.chars.update(char for char in map(chr, face.hb.unicodes) if not is_han(char))
        self.sources: dict[tuple[str, int], cutting.Source] = {}
        self.faces = faces
        self.layouts: OrderedDict[tuple[Version, float, Shape], Layout | None] = OrderedDict()

    def small(self) -> dict[Face, Subset]:
        """The small fonts, which only WeasyPrint keeps, on disk; a proof's outlines are known from then on."""
        made = {face: face.subset(self.chars) for face in self.faces}
        for face, subset in made.items():
            self.sources[face.family, face.weight] = cutting.Source(face, Outlines(face), subset.numbers)
        return made

    def kept(self, key: tuple[Version, float, Shape]) -> bool:
        """Whether this layout has been tried; it is then the latest."""
        if key not in self.layouts:
            return False
        self.layouts.move_to_end(key)
        return True

    def keep(self, key: tuple[Version, float, Shape], layout: Layout | None) -> None:
        """The oldest goes when there are too many."""
        self.layouts[key] = layout
        if len(self.layouts) > MOST_LAYOUTS:
            self.layouts.popitem(last=False)
