"""Certificates: their numbers, what they say, the keys that sign them."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Bytea, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.competitions import Competition, Event
from server.database.tables.people import Organiser, Person
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
    chain = Text(default="")
    """Who vouches for it, in PEM, nearest first."""
    place = Text(default="here")
    """Where the private key is: made `here`, brought in a `file`, or in a `token`."""
    sealed = Bytea()
    """The private key; of one in a token, where it is found. Sealed."""
    created = Timestamptz()


class StampAuthority(Table, tablename="stamp_authority"):
    """A root that time stamps in our files were believed by; kept, so that they are believed after it has changed."""

    id = Text(primary_key=True)
    """SHA-256 fingerprint of the certificate."""
    certificate = Text()
    """X.509 in PEM."""
    created = Timestamptz()


class CredentialKey(Table, tablename="credential_key"):
    """A key that signs credentials; the newest signs, all verify."""

    id = Text(primary_key=True)
    """Its public half as a Multikey."""
    sealed = Bytea()
    """The private half, sealed."""
    created = Timestamptz()


class DesignVersion(Table, tablename="design_version"):
    """A design of ours as it stood when it was first used for issuing after an update; never changed."""

    id = Text(primary_key=True)
    """Fingerprint of what it is made of, and of what lies outside it."""
    design = Text()
    sources = Bytea()
    """certificates.versions.sources: everything of it that decides how a page looks and what it says."""
    outside = JSONB()
    """What sets a page besides: library → version, font file → SHA-256."""
    podium = Text()
    """The version of Podium that used it first."""
    at = Timestamptz()


class Certificate(Table, tablename="certificate"):
    """An issued certificate: never edited, never numbered again."""

    id = UUID(primary_key=True)
    number = Text(unique=True)
    token = Text(unique=True)
    """Random; stands in the QR code's address, so that numbers cannot be walked through."""
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    event = ForeignKey(Event, null=True, on_delete=OnDelete.restrict)
    """Empty for somebody who served the whole competition."""
    subject = UUID()
    """For what it is issued, once for each kind: a member, an entry (one certificate for the team), a seat, or one of the crew."""
    snapshot = ForeignKey(Snapshot, null=True, on_delete=OnDelete.restrict)
    """The result that it certifies; empty for judges and crew."""
    member = ForeignKey(Member, null=True, on_delete=OnDelete.restrict)
    """Empty where the certificate is a whole team's."""
    person = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    lookup_index = Bytea(default=b"")
    """Of judges and crew: name and last six under which they are found; a competitor is found as a person."""
    kind = Text()
    content = Text()
    """Canonical JSON of certificates.Certificate, without what is sealed."""
    sealed = Bytea(default=b"")
    """JSON of what no page shows: number of the document, photo, last six."""
    basis = Text(default="")
    """By what right it is issued: the number of an authority's document, where one is needed."""
    credential = Text(default="")
    """The same as an Open Badges 3.0 credential, with its proof."""
    status_index = BigInt(null=True, default=None)
    """Its place in the status lists of credentials."""
    design = Text(default="classical")
    """In which it was issued, and is printed each time."""
    design_version = ForeignKey(DesignVersion, null=True, on_delete=OnDelete.restrict)
    """As which that design stood then; empty until it is printed where it was issued before versions were kept."""
    issued = Timestamptz()
    printed = Timestamptz(null=True, default=None)
    pdf_sha256 = Text()
    """Of its file; while `printed` is empty, of the one that was lost."""
    drawn_sha256 = Text(default="")
    """Of that file before it was signed, which printing it again has to give; empty where that was before it was written down."""
    earlier_sha256 = Text(default="")
    """Of files that were lost here and printed again, which their holders may have; one after the other, a space between."""
    file_key = Text(default="")
    """Fingerprint of the key that signed its file; empty until it is printed, and where that was before it was written down."""
    credential_key = Text(default="")
    """Multikey of the key that signed its credential."""


class Refused(Table, tablename="refused_certificate"):
    """A certificate that cannot be printed yet, and what to do about it."""

    id = UUID(primary_key=True)
    snapshot = ForeignKey(Snapshot, null=False, on_delete=OnDelete.restrict)
    member = ForeignKey(Member, null=False, on_delete=OnDelete.restrict)
    field = Text()
    characters = Text()
    """What no listed font can draw, for example `𠅤 U+20164`."""


class Revocation(Table, tablename="revocation"):
    """A certificate that no longer holds, why, and which one replaces it: `ground` is for everybody, `reason` for the office."""

    id = UUID(primary_key=True)
    certificate = ForeignKey(Certificate, null=False, on_delete=OnDelete.restrict, unique=True)
    ground = Text()
    reason = Text()
    replaced_by = Text()
    at = Timestamptz()


class CertificateTerms(Table, tablename="certificate_terms"):
    """On which terms a competition issues a kind of certificate; without a row the usual ones."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    issuer = Text()
    """Who signs; empty for the hosts."""
    issuer_en = Text()
    """What a certificate in English calls it; empty for its own name."""
    seal = Text()
    """Second line of the issuer's seal."""
    basis = Text()
    """Filing number of an assessment body, or the authorisation for this competition (一赛一授权)."""
    pattern = Text()
    """Format of the numbers; empty for the usual one."""
    language = Text()
    """zh, en or both."""
    per_team = Boolean()
    """One certificate for a team rather than one for each member."""
    skills = JSONB()
    """Event code → the special ability that passing it proves: [Chinese, English]."""
    version = BigInt()
    terms_once = Unique([competition, kind])


class Crew(Table, tablename="crew"):
    """Somebody who helped to hold a competition."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    name = Text()
    role = Text()
    role_en = Text()
    six_sealed = Bytea()
    """Last six characters of the document, sealed: with the name they find the certificate."""
    at = Timestamptz()


class Share(Table, tablename="share"):
    """A link with which a holder shows certificates to somebody, until it is withdrawn."""

    id = UUID(primary_key=True)
    whose = Text()
    """The holder, as a look-up names them."""
    certificate = ForeignKey(Certificate, null=True, on_delete=OnDelete.restrict)
    """The one that it shows; empty for everything that the holder has."""
    label = Text()
    """For whom it is, in the holder's words."""
    hash = Bytea(unique=True)
    """SHA-256 of the secret in the link."""
    sealed = Bytea()
    """The secret."""
    made = Timestamptz()
    opened = BigInt(default=0)
    """How often it was looked at."""
    withdrawn = Timestamptz(null=True, default=None)


class OwnTemplate(Table, tablename="own_template"):
    """One version of a template that an organiser brought; never changed, the next one has the next number."""

    id = UUID(primary_key=True)
    organiser = ForeignKey(Organiser, null=False, on_delete=OnDelete.restrict)
    name = Text()
    version = Integer()
    archive = Bytea()
    """The ZIP as it came."""
    picture = Bytea()
    """Its first sample (JPEG), to choose by."""
    form = Boolean()
    """Whether it has the rows that a skill level needs."""
    by_name = Text()
    at = Timestamptz()


class GivenCharacter(Table, tablename="given_character"):
    """A character that no face draws, with the outline that an organiser gave for it."""

    id = UUID(primary_key=True)
    character = Text(unique=True)
    outline = Text()
    """SVG path data in an em of 1000, y upwards."""
    how = Text()
    """font, picture or other."""
    source = Text()
    """The name of the file, or the other character."""
    by_name = Text()
    at = Timestamptz()
