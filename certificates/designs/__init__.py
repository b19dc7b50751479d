"""The designs by name. A design that lies and stands has two names; whoever issues chooses one of them."""

from certificates.certificate import Kind
from certificates.designs.classical import CLASSICAL, CLASSICAL_PORTRAIT
from certificates.designs.craft import CRAFT, CRAFT_LANDSCAPE
from certificates.designs.design import Design as Design
from certificates.designs.design import Signature as Signature
from certificates.designs.level import LEVEL
from certificates.designs.modern import MODERN, MODERN_PORTRAIT
from certificates.designs.youth import YOUTH, YOUTH_PORTRAIT

DESIGNS = {
    design.name: design
    for design in (
        CLASSICAL,
        CLASSICAL_PORTRAIT,
        CRAFT,
        CRAFT_LANDSCAPE,
        MODERN,
        MODERN_PORTRAIT,
        YOUTH,
        YOUTH_PORTRAIT,
        LEVEL,
    )
}


def named(name: str) -> Design:
    """A shipped design. Raises ValueError for any other name."""
    try:
        return DESIGNS[name]
    except KeyError:
        raise ValueError(f"no design is called {name!r}; there are {', '.join(DESIGNS)}") from None


def suitable(kind: Kind) -> tuple[str, ...]:
    """The names of the designs for a kind. A skill level needs a form with rows: the rule wants every field on the paper."""
    form = kind == "level"
    return tuple(name for name, design in DESIGNS.items() if (design.rows is not None) == form)
