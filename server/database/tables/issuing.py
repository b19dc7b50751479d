"""Certificates: their numbers, what they say, the keys that sign them."""

from piccolo.columns import UUID, BigInt, Bytea, ForeignKey, OnDelete, Text, Timestamptz
from piccolo.table import Table

from server.database.tables.people import Person
from server.database.tables.registration import Member
from server.database.tables.results import Snapshot


class Serial(Table, tablename="serial"):
    """The next number of one issuer, kind and year; locked while numbers are taken, so that none is skipped."""

    id = Text(primary_key=True)
    """Issuer, kind and year."""
    following = BigInt(default=1)


class SigningKey(Table, tablename="signing_key"):
    """A key that signs PDFs; the newest signs, all verify."""

    id = Text(primary_key=True)
    """SHA-256 fingerprint of the certificate."""
    certificate = Text()
    """X.509 in PEM."""
    sealed = Bytea()
    """The private key, sealed."""
    created = Timestamptz()


class CredentialKey(Table, tablename="credential_key"):
    """A key that signs credentials; the newest signs, all verify."""

    id = Text(primary_key=True)
    """Its public half as a Multikey."""
    sealed = Bytea()
    """The private half, sealed."""
    created = Timestamptz()


class Certificate(Table, tablename="certificate"):
    """An issued certificate: never edited, never numbered again."""

    id = UUID(primary_key=True)
    number = Text(unique=True)
    token = Text(unique=True)
    """Random; stands in the QR code's address, so that numbers cannot be walked through."""
    snapshot = ForeignKey(Snapshot, null=False, on_delete=OnDelete.restrict)
    member = ForeignKey(Member, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    content = Text()
    """Canonical JSON of certificates.Certificate."""
    credential = Text(default="")
    """The same as an Open Badges 3.0 credential, with its proof."""
    status_index = BigInt(null=True, default=None)
    """Its place in the status lists of credentials."""
    design = Text(default="classical")
    """In which it was issued, and is printed each time."""
    issued = Timestamptz()
    printed = Timestamptz(null=True, default=None)
    pdf_sha256 = Text()


class Refused(Table, tablename="refused_certificate"):
    """A certificate that cannot be printed yet, and what to do about it."""

    id = UUID(primary_key=True)
    snapshot = ForeignKey(Snapshot, null=False, on_delete=OnDelete.restrict)
    member = ForeignKey(Member, null=False, on_delete=OnDelete.restrict)
    field = Text()
    characters = Text()
    """What no listed font can draw, for example `𠅤 U+20164`."""


class Revocation(Table, tablename="revocation"):
    """A certificate that no longer holds, why, and which one replaces it."""

    id = UUID(primary_key=True)
    certificate = ForeignKey(Certificate, null=False, on_delete=OnDelete.restrict, unique=True)
    reason = Text()
    replaced_by = Text()
    at = Timestamptz()
