"""What has to be attached to an entry, and the files that were."""

from piccolo.columns import UUID, Boolean, Bytea, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.table import Table

from server.database.tables.competitions import Competition, Event
from server.database.tables.people import Person


class AttachmentKind(Table, tablename="attachment_kind"):
    """A kind of file that a competition, or one event of it, asks for: a level certificate, a proof of social security."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    event = ForeignKey(Event, null=True, default=None, on_delete=OnDelete.restrict)
    """None where every event asks for it."""
    name = Text()
    name_en = Text()
    required = Boolean()
    asked = Boolean()
    """No longer asked for when false; what was attached stays."""


class Attachment(Table, tablename="attachment"):
    """One file, sealed; only ever added, the newest of a kind counts. It is of a person or of an application."""

    id = UUID(primary_key=True)
    kind = ForeignKey(AttachmentKind, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.restrict)
    application = UUID(null=True, default=None)
    sealed = Bytea()
    sha256 = Bytea()
    """Of the file as it is kept."""
    media = Text()
    """application/pdf or image/jpeg."""
    pages = Integer()
    at = Timestamptz()
    by_name = Text()
    """Who sent it; empty for an applicant."""
