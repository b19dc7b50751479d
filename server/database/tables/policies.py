"""Policies that an organiser wrote."""

from piccolo.columns import UUID, BigInt, ForeignKey, Integer, OnDelete, Text, Timestamptz
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
    confirmed_by = Text()
    """Who gave a template its document number."""
    confirmed = Timestamptz(null=True, default=None)
    frozen = Timestamptz(null=True, default=None)
    """When an event used it first."""
    own_policy_version = Unique([organiser, code, version])
