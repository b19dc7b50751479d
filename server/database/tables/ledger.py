"""Decisions, only ever added, each holding the hash of the one before it in its competition."""

from piccolo.columns import JSONB, UUID, BigInt, Bytea, ForeignKey, OnDelete, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.competitions import Competition


class DecisionHead(Table, tablename="decision_head"):
    """The newest decision of a competition; locked while one is added."""

    id = UUID(primary_key=True)
    """The competition."""
    sequence = BigInt()
    hash = Bytea()


class Decision(Table, tablename="decision"):
    """Who decided what, when and why."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    sequence = BigInt()
    event = UUID(null=True, default=None)
    kind = Text()
    """For example `event.sealed`, `entries.imported`, `promotion.decided`."""
    actor = UUID(null=True, default=None)
    """The account; empty when the program acted by itself."""
    actor_name = Text()
    at = Timestamptz()
    reason = Text()
    data = JSONB()
    previous = Bytea()
    hash = Bytea()
    decision_sequence = Unique([competition, sequence])
