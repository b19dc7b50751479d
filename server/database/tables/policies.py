"""Policies that an organiser wrote."""

from piccolo.columns import JSONB, UUID, BigInt, Bytea, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.people import Organiser


class OwnPolicy(Table, tablename="own_policy"):
    """One version of an organiser's policy: a draft until an event uses it, and never changed after that."""

    id = UUID(primary_key=True)
    organiser = ForeignKey(Organiser, null=False, on_delete=OnDelete.restrict)
    code = Text()
    """The `id` that stands in its text."""
    version = Integer()
    origin = Text()
    """What it was copied from: a shipped policy's id, an own one's CODE@VERSION, or a file's name."""
    text = Text()
    fingerprint = Text()
    """Empty while it is a draft."""
    revision = BigInt(default=0)
    """Counts the saves, so that nobody saves over what somebody else wrote meanwhile."""
    by_name = Text()
    at = Timestamptz()
    proposed = Timestamptz(null=True, default=None)
    """Since when it waits for a second person, or waited until it was confirmed."""
    proposed_by = Text()
    confirmed_by = Text()
    """The second person, who did not write it."""
    confirmed = Timestamptz(null=True, default=None)
    frozen = Timestamptz(null=True, default=None)
    """When an event used it first."""
    own_policy_version = Unique([organiser, code, version])


class PolicyHead(Table, tablename="policy_head"):
    """The newest row of an organiser's chain below; locked while one is added."""

    id = ForeignKey(Organiser, primary_key=True, null=False, on_delete=OnDelete.restrict)
    sequence = BigInt()
    hash = Bytea()


class PolicyAct(Table, tablename="policy_act"):
    """What was done to an own policy. Rows are only ever added, each holding the hash of the one before it."""

    id = UUID(primary_key=True)
    organiser = ForeignKey(Organiser, null=False, on_delete=OnDelete.restrict)
    sequence = BigInt()
    policy = UUID()
    """The version; it may be a draft that was taken out since."""
    name = Text()
    """CODE@VERSION."""
    kind = Text()
    """`begun`, `saved`, `proposed`, `taken-back`, `confirmed`, `refused`, `removed`."""
    actor = UUID(null=True, default=None)
    actor_name = Text()
    at = Timestamptz()
    reason = Text()
    data = JSONB()
    """The text's SHA-256, and the document's number where one was given."""
    previous = Bytea()
    hash = Bytea()
    policy_act_sequence = Unique([organiser, sequence])
