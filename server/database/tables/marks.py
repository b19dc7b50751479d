"""Panels and the mark ledger. A row of `mark` is never updated or deleted: each holds the hash of the one before it."""

from piccolo.columns import (
    JSONB,
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

from server.database.tables.competitions import Event
from server.database.tables.people import Account


class Seat(Table, tablename="seat"):
    """A judge's place on the panel of an event."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    number = Integer()
    """J1, J2 …; the chief judge is 1."""
    chief = Boolean(default=False)
    seat_once = Unique([event, account])
    seat_number = Unique([event, number])


class MarkHead(Table, tablename="mark_head"):
    """The newest mark of an event; locked while marks are added and while the event is sealed."""

    id = UUID(primary_key=True)
    """The event."""
    sequence = BigInt()
    hash = Bytea()
    open = Boolean(default=False)
    """Whether marks are taken: only while the event is in the state `marking`."""


class Mark(Table, tablename="mark"):
    """One mark by one judge for one aspect of one entry, with the hash of the row before it."""

    id = Text(primary_key=True)
    """ULID made by the tablet: the same mark sent twice is stored once."""
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    sequence = BigInt()
    entry = Text()
    """The work code."""
    aspect = Text()
    judge = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    value = Integer()
    """Hundredths; a judged score of 2 is 200."""
    round = Integer()
    device = Text()
    counter = BigInt()
    made_at = Timestamptz()
    """The tablet's clock, for people; nothing is decided by it."""
    stored_at = Timestamptz()
    replaces = Text()
    """The mark of the same cell that the tablet knew of; empty for a first mark."""
    conflict = Boolean()
    """True when the cell already held another mark than `replaces`: both stay, a person chooses."""
    previous = Bytea()
    hash = Bytea()
    mark_sequence = Unique([event, sequence])


class FloorStatus(Table, tablename="floor_status"):
    """What the floor writes down about an entry besides its marks; the newest row of an entry counts."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    sequence = BigInt()
    """Given by the database."""
    entry = Text()
    """The work code."""
    status = Text()
    """competed, absent, withdrawn, did-not-finish or disqualified."""
    reason = Text()
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz()


class MarkCorrection(Table, tablename="mark_correction"):
    """Another value for a mark after the seal: proposed by one person, approved by another, who makes it a mark."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    occasion = UUID()
    """What asks for it: an appeal; one that nobody's appeal asks for is its own occasion."""
    corrects = ForeignKey(Mark, null=False, on_delete=OnDelete.restrict)
    before = Integer()
    """Hundredths, as the mark says."""
    after = Integer()
    reason = Text()
    state = Text()
    """proposed, approved, refused (turned down by another, with `answer`), or dropped."""
    proposed = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz()
    decided = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    settled = Timestamptz(null=True, default=None)
    answer = Text(default="")
    """Why it was turned down."""
    mark = ForeignKey(Mark, null=True, default=None, on_delete=OnDelete.restrict)
    """The mark that an approved correction became."""


class StatusCorrection(Table, tablename="status_correction"):
    """Another status for an entry after the seal: proposed by one person, approved by another, who writes it down."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    occasion = UUID()
    """What asks for it: an appeal; one that nobody's appeal asks for is its own occasion."""
    entry = Text()
    """The work code."""
    before = Text()
    after = Text()
    reason = Text()
    state = Text()
    """proposed, approved, refused (turned down by another, with `answer`), or dropped."""
    proposed = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz()
    decided = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    settled = Timestamptz(null=True, default=None)
    answer = Text(default="")
    """Why it was turned down."""
    status = ForeignKey(FloorStatus, null=True, default=None, on_delete=OnDelete.restrict)
    """What an approved correction wrote down."""


class PaperTyping(Table, tablename="paper_typing"):
    """What one person typed from one sheet of paper; two who agree make marks of it."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    entry = Text()
    """The work code."""
    judge = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    """Whose marks they are."""
    panel = Boolean(default=False)
    """Whether it is the sheet of what the panel records once; `judge` is then the chief judge."""
    typist = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    typist_name = Text()
    values = JSONB()
    """Aspect → hundredths."""
    marks = JSONB()
    """Aspect → id, round and what it replaces, once two people agree."""
    state = Text()
    """typed, agreed, stored or dropped."""
    signers = JSONB(default=[])
    """Who signed the paper: accounts, and `contestant`."""
    at = Timestamptz()
