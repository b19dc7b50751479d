"""Tablets that the server knows, and signatures under sheets. A row of `signature` is never updated or deleted."""

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
)
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.competitions import Competition, Event
from server.database.tables.people import Account


class Device(Table, tablename="device"):
    """A tablet that was paired with an event: "tablet 7". What it last told of itself stands beside it."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    """Whose seats its sign-in means by J1, J2 …"""
    number = Integer()
    """Its name within the competition."""
    secret = Bytea()
    """SHA-256 of what the tablet shows to be this one."""
    paired = Timestamptz()
    paired_by = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    revoked = Timestamptz(null=True, default=None)
    revoked_by = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    seen = Timestamptz(null=True, default=None)
    version = Text()
    """The app's, as it says."""
    unsent = Integer()
    """Marks and signatures that lie on it and that the server has not answered for, of all judges together."""
    battery = Integer(null=True, default=None)
    """Per cent; none where the browser does not tell."""
    charging = Boolean(null=True, default=None)
    oldest = Text(default="")
    """Which of what is unsent on it waits longest, by its id."""
    waits = Timestamptz(null=True, default=None)
    """When the server heard first of that one; nothing while nothing waits."""
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    """Who was signed in on it when it was last seen."""
    device_number = Unique([competition, number])


class DevicePairing(Table, tablename="device_pairing"):
    """A code that pairs tablets with an event until it expires."""

    id = Bytea(primary_key=True)
    """SHA-256 of the code."""
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    """Who made it."""
    expires = Timestamptz()


class Signature(Table, tablename="signature"):
    """Somebody's signature under marks: a judge under their sheet, or a contestant under what was measured before them."""

    id = Text(primary_key=True)
    """ULID made by the tablet."""
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    sequence = BigInt()
    """Given by the database."""
    entry = Text()
    """The work code."""
    role = Text()
    """judge or contestant."""
    judge = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    """Who signed, or before whom a contestant signed."""
    marks = Text()
    """What was signed, as JSON: [aspect, mark, hundredths, round] in the order of the scheme."""
    sheet = Bytea()
    """SHA-256 over what was signed; the ledger of decisions has it too."""
    drawing = Bytea()
    """The strokes, sealed: nobody's name is read from them while codes are blind."""
    device = Text()
    counter = BigInt()
    made_at = Timestamptz()
    stored_at = Timestamptz()
