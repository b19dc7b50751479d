"""What goes on in a hall besides marks: problems that judges signal, words to a judge's tablet, photos as evidence, and
until when a shift lasts. Rows are only added; a nudge is also told when it was seen.
"""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.table import Table

from server.database.tables.competitions import Event
from server.database.tables.people import Account


class HallHead(Table, tablename="hall_head"):
    """Counts what has changed in an event's hall, so that whoever watches asks one question for all events."""

    id = UUID(primary_key=True)
    """The event."""
    board = BigInt()
    """Changes that the chief's board shows."""
    tablets = BigInt()
    """Changes that a judge's tablet shows."""


class Signal(Table, tablename="signal"):
    """A problem that a judge signals from the tablet."""

    id = Text(primary_key=True)
    """ULID made by the tablet: the same signal sent twice is stored once."""
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    words = Text()
    entry = Text()
    """The work code that it is about, or empty."""
    aspect = Text()
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    device = Text()
    made_at = Timestamptz()
    """The tablet's clock, for people; nothing is decided by it."""
    at = Timestamptz()


class SignalAnswer(Table, tablename="signal_answer"):
    """What the chief judge or a supervisor answers to a signal; one that closes is the last."""

    id = UUID(primary_key=True)
    signal = ForeignKey(Signal, null=False, on_delete=OnDelete.restrict)
    sequence = BigInt()
    """Given by the database."""
    text = Text()
    closes = Boolean()
    role = Text()
    """chief or supervisor."""
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz()


class Nudge(Table, tablename="nudge"):
    """A short message to one judge's tablet, and when its judge said to have seen it."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    judge = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    words = Text()
    role = Text()
    """Who nudges: chief or supervisor."""
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz()
    seen = Timestamptz(null=True, default=None)


class ShiftEnd(Table, tablename="shift_end"):
    """Until when the shift of an event lasts; the newest row counts, and may say that nobody knows."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    sequence = BigInt()
    """Given by the database."""
    ends = Timestamptz(null=True, default=None)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz()


class Evidence(Table, tablename="evidence"):
    """A photo beside a judge's mark, sealed; its hash stands in the ledger of decisions."""

    id = Text(primary_key=True)
    """ULID made by the tablet."""
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    entry = Text()
    aspect = Text()
    judge = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    sealed = Bytea()
    sha256 = Bytea()
    """Of the JPEG as it is kept."""
    sent = Bytea()
    """SHA-256 of what the tablet sent, by which the same photo is known again."""
    width = Integer()
    height = Integer()
    device = Text()
    made_at = Timestamptz()
    at = Timestamptz()


class Remark(Table, tablename="remark"):
    """What a judge notes beside a mark, and what they measured there; of a cell on one tablet the newest row counts."""

    id = Text(primary_key=True)
    """ULID made by the tablet."""
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    sequence = BigInt()
    """Given by the database."""
    entry = Text()
    """The work code."""
    aspect = Text()
    judge = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    device = Text()
    measured = Text()
    """As it was typed, with its unit."""
    note = Text()
    made_at = Timestamptz()
    at = Timestamptz()
