"""People who ask to take part by themselves: the links that are open to them, and what they sent."""

from piccolo.columns import UUID, Bytea, ForeignKey, OnDelete, Text, Timestamptz
from piccolo.table import Table

from server.database.tables.competitions import Event
from server.database.tables.registration import Delegation


class ApplicationLink(Table, tablename="application_link"):
    """A link or QR code by which anybody applies to a delegation, until it ends or is closed."""

    id = UUID(primary_key=True)
    delegation = ForeignKey(Delegation, null=False, on_delete=OnDelete.restrict)
    event = ForeignKey(Event, null=True, default=None, on_delete=OnDelete.restrict)
    """The one event that it is for; None for every open one."""
    digest = Bytea(unique=True)
    """SHA-256 of the token in the link."""
    sealed = Bytea()
    """The token, sealed, so that it can be shown again."""
    made = Timestamptz()
    until = Timestamptz()
    closed = Timestamptz(null=True, default=None)
    by_name = Text()


class Application(Table, tablename="application"):
    """What one person sent. What is personal in it is sealed, and gone once it is an entry or registration is over."""

    id = UUID(primary_key=True)
    link = ForeignKey(ApplicationLink, null=False, on_delete=OnDelete.restrict)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    digest = Bytea(unique=True)
    """SHA-256 of the token of the applicant's own link."""
    sealed = Bytea()
    """What was typed, sealed; empty once it was swept."""
    photo = Bytea()
    """The applicant's photo, sealed; empty where none was sent, and once it was swept or is the person's."""
    who = Bytea()
    """The blind index of the document, by which a second application of one person is seen; empty once it was swept."""
    consent = Text()
    """Which words the applicant agreed to."""
    state = Text()
    """waiting, accepted, declined or withdrawn."""
    at = Timestamptz()
    decided = Timestamptz(null=True, default=None)
    by_name = Text()
    """Who decided."""
    reason = Bytea()
    """Why it was declined, sealed."""
    entry = UUID(null=True, default=None)
    """The entry that it became; an import that is undone may take it out again."""
