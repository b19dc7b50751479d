"""What a slide of the award ceremony says, before anybody prints or shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """Who is called: `award` is its id, `called` its name; `photos` are JPEGs of those who agreed to be shown;
    `flag` is their delegation's, a JPEG, and `small_flag` the same beside its name, a PNG."""

    award: str
    called: str
    name: str
    whence: str
    total: str
    photos: tuple[bytes, ...] = ()
    flag: bytes = b""
    small_flag: bytes = b""


@dataclass(frozen=True, slots=True)
class Slide:
    """One step of a ceremony: "title", "winner" (one card, and who was called before below), "list" or "podium"."""

    kind: str
    event: str
    award: str = ""
    called: str = ""
    cards: tuple[Card, ...] = ()
    below: tuple[Card, ...] = ()
