"""The raw tables: who opened them and why, and everything that was seen and changed there, in a chain of its own."""

from piccolo.columns import JSONB, UUID, BigInt, Bytea, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.table import Table

from server.database.tables.people import Account


class RawOpening(Table, tablename="raw_opening"):
    """A superuser has the raw tables before them: for so long, in one session, for a reason."""

    id = UUID(primary_key=True)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    session = Bytea()
    """The only session in which they are open."""
    reason = Text()
    at = Timestamptz()
    until = Timestamptz()
    closed = Timestamptz(null=True, default=None)


class RawHead(Table, tablename="raw_head"):
    """The newest row of the chain below; locked while one is added."""

    id = Integer(primary_key=True)
    """Always 1: an installation has one chain."""
    sequence = BigInt()
    hash = Bytea()


class RawAct(Table, tablename="raw_act"):
    """What a superuser saw or changed. Rows are only ever added, each holding the hash of the one before it."""

    id = UUID(primary_key=True)
    opening = ForeignKey(RawOpening, null=True, default=None, on_delete=OnDelete.restrict)
    """Empty where a superuser was made or unmade, and where the keys that sign were changed."""
    sequence = BigInt(unique=True)
    kind = Text()
    """`superuser.made`, `superuser.unmade`, `tables.opened`, `tables.closed`, `rows.seen`, `row.seen`, `row.added`, `row.changed`, `row.deleted`;
    of the keys that sign `keys.rotated`, `keys.brought`."""
    actor = UUID(null=True, default=None)
    actor_name = Text()
    at = Timestamptz()
    relation = Text()
    """The table."""
    row = Text()
    reason = Text()
    data = JSONB()
    """What was asked for, or the row before and after."""
    previous = Bytea()
    hash = Bytea()
