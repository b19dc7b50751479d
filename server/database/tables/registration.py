"""Who takes part: delegations, the workbooks they sent, entries and their members."""

from piccolo.columns import UUID, BigInt, Bytea, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.competitions import Competition, Event
from server.database.tables.people import Account, Person


class Delegation(Table, tablename="delegation"):
    """Who sends competitors to a competition."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    name = Text()
    name_en = Text()
    delegation_name = Unique([competition, name])


class Flag(Table, tablename="flag"):
    """A delegation's flag, emblem or logo, for everybody to see."""

    id = UUID(primary_key=True)
    delegation = ForeignKey(Delegation, null=False, on_delete=OnDelete.restrict)
    small = Bytea()
    """A PNG, beside the delegation's name."""
    large = Bytea()
    """A JPEG, for the screen of a hall."""
    sha256 = Bytea()
    """Of the JPEG."""
    at = Timestamptz()
    flag_once = Unique([delegation])


class Clerk(Table, tablename="clerk"):
    """An account that registers for a delegation."""

    id = UUID(primary_key=True)
    delegation = ForeignKey(Delegation, null=False, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    clerk_once = Unique([delegation, account])


class HeadingMapping(Table, tablename="heading_mapping"):
    """What a heading of a delegation's own form means, as a person explained it once."""

    id = UUID(primary_key=True)
    delegation = ForeignKey(Delegation, null=False, on_delete=OnDelete.restrict)
    heading = Text()
    field = Text()
    """Podium's name of the column; empty for one that is to be ignored."""
    heading_once = Unique([delegation, heading])


class Quota(Table, tablename="quota"):
    """How many places a delegation has in an event; without a row nobody has set a limit."""

    id = UUID(primary_key=True)
    delegation = ForeignKey(Delegation, null=False, on_delete=OnDelete.restrict)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    places = Integer()
    quota_once = Unique([delegation, event])


class Intake(Table, tablename="intake"):
    """A registration workbook: looked at, taken in, or taken back as a whole."""

    id = UUID(primary_key=True)
    delegation = ForeignKey(Delegation, null=False, on_delete=OnDelete.restrict)
    filename = Text()
    sha256 = Bytea()
    rows = Integer()
    at = Timestamptz()
    state = Text(default="accepted")
    """previewed, accepted or undone."""
    sealed = Bytea()
    """The workbook itself, sealed."""
    reading = Bytea()
    """What was read from it, sealed."""
    journal = Bytea()
    """What it takes to undo it, sealed; empty until it is accepted."""
    by_name = Text()
    """Who brought it."""
    decided = Timestamptz(null=True, default=None)
    """When it was accepted or undone."""


class Entry(Table, tablename="entry"):
    """What is drawn, marked and ranked: one person or one team in one event."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    delegation = ForeignKey(Delegation, null=False, on_delete=OnDelete.restrict)
    intake = ForeignKey(Intake, null=False, on_delete=OnDelete.restrict)
    number = Integer()
    """Counts the entries of the event from 1."""
    team = Text()
    """The delegation's own name of the team; empty for one person."""
    state = Text(default="review")
    """review, returned, waiting, approved, rejected or withdrawn."""
    step = Integer(default=0)
    """Which of the competition's review steps it waits for, from 0."""
    version = BigInt(default=0)
    """Counts what was decided and changed about it, so that nobody decides on what they have not seen."""
    entry_number = Unique([event, number])


class ReviewAct(Table, tablename="review_act"):
    """One act of a review, for one entry; what was done together shares its `batch`. The entry may have left since."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    event = UUID()
    delegation = UUID()
    entry = UUID()
    number = Integer()
    batch = UUID()
    act = Text()
    """approved, returned, rejected, sent, admitted, undone or departed."""
    state_before = Text()
    step_before = Integer()
    state_after = Text()
    step_after = Integer()
    version = BigInt()
    """Of the entry after the act: as long as it has this one, nothing has happened to it since."""
    reason = Text()
    by_name = Text()
    at = Timestamptz()
    sealed = Bytea()
    """The rows of an entry that departed."""


class Photo(Table, tablename="photo"):
    """A competitor's photo, sealed; only ever added, the newest of a person in a competition counts."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    sealed = Bytea()
    """The JPEG."""
    sha256 = Bytea()
    """Of the JPEG: the same photo sent again is not kept again."""
    width = Integer()
    height = Integer()
    at = Timestamptz()
    photo_once = Unique([competition, person, sha256])


class Member(Table, tablename="member"):
    """A person in an entry, as they were when they entered: unit, level, identity."""

    id = UUID(primary_key=True)
    entry = ForeignKey(Entry, null=False, on_delete=OnDelete.restrict)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    position = Integer()
    unit = Text()
    occupation = Text()
    occupation_code = Text()
    level = Text()
    """Id of the skill level held in the event's occupation; empty when none."""
    level_certificate = Text()
    identity = Text()
    """worker, teacher, student or other."""
    member_once = Unique([event, person])


class CheckIn(Table, tablename="check_in"):
    """That somebody has arrived, as the staff at the door saw it."""

    id = Text(primary_key=True)
    """ULID made by the device: the same check-in sent twice is stored once."""
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    member = ForeignKey(Member, null=True, default=None, on_delete=OnDelete.restrict)
    judge = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    """Somebody on a panel; either this or `member` is there."""
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    """Whose hands it was in."""
    way = Text()
    """scanned or typed."""
    device = Text()
    at = Timestamptz()
    """When it happened by the device's clock, never later than `stored_at`."""
    stored_at = Timestamptz()
    taken_back = Timestamptz(null=True, default=None)
    """When it turned out to have been somebody else; empty while it stands."""


class BadgeCode(Table, tablename="badge"):
    """That a competitor's badge was made: from then on it is the second thing by which they are known as a winner."""

    id = UUID(primary_key=True)
    """The member's; they may have left since."""
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    version = BigInt(default=0)
    """How often it was replaced; the codes of older ones open nothing."""
    at = Timestamptz()
    """When it was made, or replaced."""
