"""Appeals against published results. The acts upon an appeal are rows that are only ever added."""

from piccolo.columns import UUID, BigInt, Bytea, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.competitions import Competition, Event
from server.database.tables.people import Account
from server.database.tables.registration import Delegation, Entry
from server.database.tables.results import Snapshot


class Appeal(Table, tablename="appeal"):
    """What a delegation asks about the published result of one of its entries, and where that stands."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    number = Integer()
    """1, 2 … within the competition."""
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    delegation = ForeignKey(Delegation, null=False, on_delete=OnDelete.restrict)
    entry = ForeignKey(Entry, null=False, on_delete=OnDelete.restrict)
    snapshot = ForeignKey(Snapshot, null=False, on_delete=OnDelete.restrict)
    """The publication that is appealed against."""
    state = Text()
    """asked (a supervisor admits it or not), open, upheld, rejected, or refused."""
    reason = Text()
    rule = Text()
    """What let it in: the policy's time, or that the policy is silent."""
    assigned = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    republished = ForeignKey(Snapshot, null=True, default=None, on_delete=OnDelete.restrict)
    """The publication that a ruling made."""
    version = BigInt()
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz()
    appeal_number = Unique([competition, number])


class AppealAct(Table, tablename="appeal_act"):
    """One thing done about an appeal, by whom, with which words."""

    id = UUID(primary_key=True)
    appeal = ForeignKey(Appeal, null=False, on_delete=OnDelete.restrict)
    sequence = BigInt()
    """Given by the database."""
    act = Text()
    """filed, admitted, refused, assigned, answered, upheld or rejected."""
    text = Text()
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    by_name = Text()
    at = Timestamptz()


class AppealAttachment(Table, tablename="appeal_attachment"):
    """The one file that an appeal may bring, sealed."""

    id = UUID(primary_key=True)
    appeal = ForeignKey(Appeal, null=False, on_delete=OnDelete.restrict, unique=True)
    sealed = Bytea()
    sha256 = Bytea()
    media = Text()
    """application/pdf or image/jpeg."""
    pages = Integer()
