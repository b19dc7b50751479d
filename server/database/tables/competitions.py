"""What is held: series, their editions, and the events of each edition."""

from piccolo.columns import (
    JSONB,
    UUID,
    BigInt,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
)
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.people import Account, Organiser


class Series(Table, tablename="series"):
    """A recurring contest."""

    id = UUID(primary_key=True)
    organiser = ForeignKey(Organiser, null=False, on_delete=OnDelete.restrict)
    name = Text()
    name_en = Text()


class Competition(Table, tablename="competition"):
    """One edition of a series."""

    id = UUID(primary_key=True)
    series = ForeignKey(Series, null=False, on_delete=OnDelete.restrict)
    slug = Text(unique=True)
    """What stands in addresses, for example `hebei-2026`."""
    edition = Integer()
    name = Text()
    name_en = Text()
    tier = Text()
    """national, provincial, city, enterprise …"""
    rank = Text()
    """The class within the tier: 1, 2 or empty."""
    document = Text()
    """Number of the document that announces it."""
    province = Text()
    """First two digits of the region code (GB/T 2260)."""
    venue = Text()
    venue_en = Text()
    starts = Date()
    ends = Date()
    notice_days = Integer(default=5)
    """Working days for which results are on public notice before they are final."""
    organisations = JSONB()
    """Who organises: [{"name": …, "name_en": …, "seal": second line of the seal, "role": "host" …}], the leading one first.
    Without a role it is a host. Hosts sign certificates."""
    design = Text(default="classical")
    """The certificates' design."""
    designs = JSONB(default="{}")
    """Kinds of certificates that have another: {"judge": "modern"}."""
    regions = JSONB(default="[]")
    """Where competitors may come from, as the document names it; [] says nothing."""
    registration_opens = Timestamptz(null=True, default=None)
    registration_closes = Timestamptz(null=True, default=None)
    time_zone = Text(default="Asia/Shanghai")
    """In which the days begin."""
    review_steps = JSONB(default='["organiser"]')
    """Who looks at an entry before it stands, one after the other: delegation, organiser, committee."""
    days_off = JSONB(default="[]")
    """Days of its own on which no notice runs, as dates: ["2026-10-19"]."""
    version = BigInt(default=0)
    """Counts the edits, so that an edit of what somebody else has changed meanwhile is not saved over it."""
    competition_edition = Unique([series, edition])


class Occupation(Table, tablename="occupation"):
    """An occupation that an organiser added to the shipped ones; nobody else finds it."""

    id = UUID(primary_key=True)
    organiser = ForeignKey(Organiser, null=False, on_delete=OnDelete.restrict)
    name = Text()
    name_en = Text()
    code = Text()
    edition = Integer()
    work_types = JSONB(default="[]")
    occupation_once = Unique([organiser, name, edition])


class Supervisor(Table, tablename="supervisor"):
    """An account that supervises a competition: decodes, checks again, witnesses."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    supervisor_once = Unique([competition, account])


class Event(Table, tablename="event"):
    """One skill of a competition, with everything its rules need."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    code = Text()
    """Short and unique within the competition, for example `M01`; stands in addresses."""
    name = Text()
    name_en = Text()
    category = Text()
    category_en = Text()
    division = Text()
    """组别: workers, students, teachers …"""
    occupation = Text()
    occupation_code = Text()
    occupation_edition = Integer()
    """Edition of the classification that the code belongs to: 1999, 2015 or 2022."""
    work_type = Text(default="")
    """工种: a part of the occupation; empty when the event is about all of it."""
    standard_level = Text()
    team_size = Integer(default=1)
    stations = Integer(default=10)
    shifts = Integer(default=0)
    """How many groups work one after the other; 0 for as many as the entries need."""
    capacity = Integer(default=0)
    """How many entries there may be at most; 0 sets no limit."""
    judges = Integer(default=5)
    policy = Text()
    """Id of the policy, for example `hebei-skills-2025`; empty until one is chosen."""
    policy_text = Text()
    """The policy as it was when it was chosen: a later program may ship a corrected one under another name only."""
    policy_fingerprint = Text()
    scheme = JSONB()
    """The marking scheme as data; `{}` until one is chosen."""
    scheme_fingerprint = Text()
    state = Text(default="setup")
    entered_state = Timestamptz()
    version = BigInt(default=0)
    """Counts every change of the event's rules, panel or state, so that cached copies can be told to be old."""
    event_code = Unique([competition, code])


class ApiKey(Table, tablename="api_key"):
    """A key with which a program asks the JSON API, in one competition. Its token is shown once; only its hash is kept."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict, unique=True)
    """Under which the ledgers know the machine. Nobody can sign in with it."""
    name = Text()
    digest = Bytea(unique=True)
    """SHA-256 of the token."""
    hint = Text()
    """The token's last four signs, by which its owner knows it again."""
    scopes = JSONB()
    """What it may ask for: ids of `server.access.SCOPES`."""
    made = Timestamptz()
    made_by = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    expires = Timestamptz()
    last_used = Timestamptz(null=True, default=None)
    """To the minute."""
    withdrawn = Timestamptz(null=True, default=None)
    withdrawn_by = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)


class ApiKeyAspect(Table, tablename="api_key_aspect"):
    """An aspect that a key may mark."""

    id = UUID(primary_key=True)
    key = ForeignKey(ApiKey, null=False, on_delete=OnDelete.restrict)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    aspect = Text()
    key_aspect = Unique([key, event, aspect])
