"""Live boards: what the organiser shows of an event before its publication, and whose photo the ceremony may show."""

from piccolo.columns import UUID, BigInt, ForeignKey, OnDelete, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.competitions import Competition, Event
from server.database.tables.people import Account, Person


class Board(Table, tablename="board"):
    """What everybody may see of an event while it is marked; without a row, nothing."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict, unique=True)
    shows = Text()
    """nothing, progress or standings."""
    freezes = Timestamptz(null=True, default=None)
    """From then on the board stays as it is, and what comes after is nobody's to see until it is revealed."""
    revealed = Timestamptz(null=True, default=None)
    version = BigInt(default=1)
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    at = Timestamptz()


class PhotoConsent(Table, tablename="photo_consent"):
    """Somebody agreed to have their photo shown in the hall; taken back, the row goes."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    at = Timestamptz()
    consent_once = Unique([competition, person])
