"""What a competition tells the public beside its results."""

from piccolo.columns import UUID, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.table import Table

from server.database.tables.competitions import Competition, Event
from server.database.tables.people import Account


class Announcement(Table, tablename="announcement"):
    """One announcement; corrected in place with its date, withdrawn but never deleted."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    title = Text()
    title_en = Text()
    body = Text()
    """Plain text; an empty line begins a paragraph."""
    body_en = Text()
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz()
    changed = Timestamptz(null=True, default=None)
    withdrawn = Timestamptz(null=True, default=None)
    version = Integer()


class ProgrammeItem(Table, tablename="programme_item"):
    """Something that happens at a time and a place, of one event or of the whole competition."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    event = ForeignKey(Event, null=True, default=None, on_delete=OnDelete.restrict)
    """None where it concerns everybody."""
    title = Text()
    title_en = Text()
    place = Text()
    place_en = Text()
    starts = Timestamptz()
    ends = Timestamptz()
    changed = Timestamptz()
