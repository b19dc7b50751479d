"""What was published: frozen, numbered, hashed; and what the program will publish by itself."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.competitions import Event
from server.database.tables.marks import Mark


class Snapshot(Table, tablename="snapshot"):
    """The results of an event at one moment; boards, lists, promotions and certificates all read this."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    version = Integer()
    content = Text()
    """Canonical JSON: standings with names, awards, field."""
    sha256 = Text()
    policy_fingerprint = Text()
    scheme_fingerprint = Text()
    mark_sequence = BigInt()
    mark_hash = Text()
    at = Timestamptz()
    notice_until = Timestamptz()
    supersedes = UUID(null=True, default=None, unique=True)
    """The publication that this one replaces after a ruling."""
    snapshot_version = Unique([event, version])


class PlannedPublication(Table, tablename="planned_publication"):
    """The moment at which the program publishes an event; taken out when it is published or somebody changes their mind."""

    event = ForeignKey(Event, primary_key=True, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz()
    set_by = Text()
    set_at = Timestamptz()
    stopped = Text()
    """Why it could not be published when the time came; empty while that has not happened."""


class Recheck(Table, tablename="recheck"):
    """The sample of an event's sheets that is checked again: work codes, the top of the table and the drawn ones, and the rest."""

    event = ForeignKey(Event, primary_key=True, null=False, on_delete=OnDelete.restrict)
    seed = Text()
    """With it and the standings anybody draws the same sample."""
    top = JSONB()
    drawn = JSONB()
    rest = JSONB()
    by_name = Text()
    at = Timestamptz()


class RecheckSheet(Table, tablename="recheck_sheet"):
    """What a supervisor found on one sheet: it agrees with the ledger, or an error in words and, where it is one, the mark that is wrong."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    code = Text()
    agreed = Boolean()
    words = Text()
    mark = ForeignKey(Mark, null=True, default=None, on_delete=OnDelete.restrict)
    by_name = Text()
    at = Timestamptz()
    recheck_sheet_once = Unique([event, code])
