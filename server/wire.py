"""What the JSON API answers, as types: the program answers with them, its description is made of them, the client reads them.

Values in hundredths are whole numbers. A moment has a time zone. Names in `zh` and `en` are Chinese and English.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec

T = TypeVar("T")


def said(data: Any, kind: type[T]) -> T:
    """Plain data or a row as an answer; what the type does not name is left out."""
    return msgspec.convert(data, kind, from_attributes=True)


class Both(msgspec.Struct, frozen=True):
    """A sentence in both languages."""

    zh: str
    en: str


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong; `place` says where: sheet, row, column, key, line, as far as they apply."""

    code: str
    place: dict[str, str | int]
    words: Both
    mend: Both


class Refused(msgspec.Struct, frozen=True):
    """Why nothing was done: a stable code, what happened, how to mend it, and every problem of what was sent."""

    code: str
    words: Both
    mend: Both
    problems: list[Problem]


# ---------- sessions ----------


class SessionHeld(msgspec.Struct, frozen=True):
    """Who asks: a name, the organisers they work for, their seats (event → J1 …); empty for nobody."""

    name: str
    organisers: list[UUID]
    seats: dict[str, str]


class Done(msgspec.Struct, frozen=True):
    """That something was done."""

    status: str


class Removed(msgspec.Struct, frozen=True):
    """What was taken out: its code, id or name."""

    removed: str


class Invited(msgspec.Struct, frozen=True):
    """An account that was made, and the token of the link that signs it in once."""

    account: UUID
    token: str
    seat: str = ""


# ---------- competitions ----------


class EditionAdded(msgspec.Struct, frozen=True):
    """An edition that was made; `slug` stands in addresses."""

    id: UUID
    slug: str
    edition: int
    name: str
    name_en: str


class Uncopied(msgspec.Struct, frozen=True):
    """An event whose policy could not be taken along, and why."""

    code: str
    name: str
    name_en: str
    why: Any


class EditionCopied(EditionAdded, frozen=True):
    """An edition that was made from the one before, and what came along."""

    events: int
    delegations: int
    quotas: int
    without_policy: list[Uncopied]


class EventShown(msgspec.Struct, frozen=True):
    """An event as everybody may know it."""

    code: str
    name: str
    name_en: str
    category: str
    division: str
    state: str
    team_size: int


class CompetitionShown(msgspec.Struct, frozen=True):
    """A competition as everybody may know it."""

    slug: str
    edition: int
    name: str
    name_en: str
    tier: str
    rank: str
    venue: str
    venue_en: str
    starts: date
    ends: date
    events: list[EventShown]


class EventAdded(msgspec.Struct, frozen=True):
    """An event that was made."""

    id: UUID
    code: str


class EventChanged(msgspec.Struct, frozen=True):
    """An event's version after a change."""

    code: str
    version: int


class NextDoor(msgspec.Struct, frozen=True):
    """Whether an event's next step would be let through, or which rule keeps it and why."""

    rule: str
    zh: str
    en: str


class EventProgress(msgspec.Struct, frozen=True):
    """Where an event stands; numbers of marks that are owed, stored, in conflict, too far apart."""

    code: str
    id: UUID
    state: str
    owed: int
    marks: int
    conflicts: int
    alarms: int
    next: NextDoor


class SchemeChosen(msgspec.Struct, frozen=True):
    """A marking scheme that was bound to an event, with the SHA-256 of its content."""

    name: str
    aspects: int
    fingerprint: str


class OccupationCode(msgspec.Struct, frozen=True):
    """The code of an occupation in another edition of the classification."""

    edition: int
    code: str


class OccupationFound(msgspec.Struct, frozen=True):
    """An occupation as one chooses it; what is not known is empty. `top` is the highest level of its standard."""

    name: str
    name_en: str
    code: str
    edition: int
    work_types: list[str]
    also: list[OccupationCode]
    top: str
    own: bool


class OccupationOwn(msgspec.Struct, frozen=True):
    """An occupation that an organiser added."""

    id: UUID
    organiser: UUID
    name: str
    name_en: str
    code: str
    edition: int
    work_types: list[str]


class OccupationAdded(msgspec.Struct, frozen=True):
    """The id of an occupation that was added."""

    id: UUID


class InForce(msgspec.Struct, frozen=True):
    """The first and the last day of a policy; none where it is open."""

    first: date | None = msgspec.field(name="from")
    until: date | None


class PolicyShown(msgspec.Struct, frozen=True):
    """A policy as one chooses it; `why` says what keeps it from being used."""

    id: str
    title: Both
    authority: Both
    document: str
    status: str
    in_force: InForce
    usable: bool
    why: Both | None


# ---------- delegations, entries, review ----------


class DelegationShown(msgspec.Struct, frozen=True):
    """A delegation."""

    id: UUID
    name: str
    name_en: str


class Added(msgspec.Struct, frozen=True):
    """The names that were added; those that were there before are not among them."""

    added: list[str]


class QuotaSet(msgspec.Struct, frozen=True):
    """How many places a delegation has in an event (its code)."""

    delegation: UUID
    event: str
    places: int


class EntryReviewed(msgspec.Struct, frozen=True):
    """An entry and where it stands in the review; `step` counts the steps from 0."""

    number: str
    state: str
    reason: str
    id: UUID
    version: int
    team: str
    code: str
    event_name: str
    division: str
    delegation_name: str
    names: str | None
    units: str | None
    step: int


class Review(msgspec.Struct, frozen=True):
    """The steps of the review in their order, and the entries of this page."""

    steps: list[str]
    entries: list[EntryReviewed]


class Decided(msgspec.Struct, frozen=True):
    """The batch under which a decision can be taken back."""

    batch: UUID


class TakenBack(msgspec.Struct, frozen=True):
    """How many entries are again as they were."""

    entries: int


class Mended(msgspec.Struct, frozen=True):
    """What was mended in a cell on the way in."""

    row: int
    column: str
    before: str
    after: str


class FormEntered(msgspec.Struct, frozen=True):
    """What went in with a delegation's workbook."""

    delegation: str
    persons: int
    entries: int
    unchanged: bool
    mended: list[Mended]


class EntryChecked(msgspec.Struct, frozen=True):
    """What stands against an entry, what somebody has to look at, and what would happen to each person."""

    problems: list[Problem]
    doubts: list[Problem]
    does: list[str]


class EntryTaken(msgspec.Struct, frozen=True):
    """How many entries were added, changed, left as they were, withdrawn."""

    added: int
    changed: int
    unchanged: int
    withdrawn: int


class FormTaken(EntryTaken, frozen=True):
    """The same for a workbook, with the rows that stayed out."""

    left_out: int


class FormPreview(msgspec.Struct, frozen=True):
    """What taking a workbook in would do; `seen` names this preview when it is accepted.

    `rows` say for each person what it does, changes, problems and doubts; `gone` are entries that it lacks; `columns` what
    each heading means, and `unread` the headings that mean nothing yet.
    """

    id: UUID
    state: str
    seen: str
    delegation: str
    unchanged: bool
    problems: list[Problem]
    rows: list[dict[str, Any]]
    gone: list[dict[str, Any]]
    mended: list[dict[str, Any]]
    unread: list[dict[str, Any]]
    columns: dict[str, str]


class Undone(msgspec.Struct, frozen=True):
    """That something was taken back."""

    undone: bool


# ---------- marks ----------

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""Without control signs: PostgreSQL keeps no NUL, and nobody could read the others."""
Ulid = Annotated[str, msgspec.Meta(pattern="^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]


class NewMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mark as the tablet sends it; `value` in hundredths, a judged score of 2 is 200."""

    id: Ulid
    event: UUID
    entry: Short
    aspect: Short
    value: Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]
    device: Short
    counter: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    made_at: Annotated[datetime, msgspec.Meta(tz=True)]
    round: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1
    replaces: Annotated[str, msgspec.Meta(pattern="^([0-7][0-9A-HJKMNP-TV-Z]{25})?$")] = ""

    def __post_init__(self) -> None:
        """A time is one that can be told in every time zone."""
        if not 1 < self.made_at.year < 9999:
            raise ValueError("made_at is out of range")


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one mark. `stored`, `duplicate` and `conflict` are in the ledger; `refused` is not."""

    id: str
    status: str
    code: str = ""
    zh: str = ""
    en: str = ""
    sequence: int = 0
    hash: str = ""
    conflict: bool = False
    """With `duplicate`: the row that is there wears a conflict."""


class Answers(msgspec.Struct):
    """One answer per mark, in the order of the post."""

    answers: list[Answer]


class MarkShown(msgspec.Struct, frozen=True):
    """A current mark; `value` in hundredths."""

    id: str
    entry: str
    aspect: str
    value: int
    round: int
    conflict: bool
    sequence: int


class Sheets(msgspec.Struct, frozen=True):
    """What somebody marks: the scheme, the work codes, their own current marks and the panel's. Nothing names a person."""

    event: UUID
    code: str
    panel: int
    state: str
    seat: str
    scheme: dict[str, Any]
    entries: list[str]
    marks: list[MarkShown]


class FloorShown(msgspec.Struct, frozen=True):
    """What happened to an entry, by its work code."""

    entry: str
    status: str
    reason: str
    at: datetime


class Floor(msgspec.Struct, frozen=True):
    """Every entry that did not simply compete."""

    floor: list[FloorShown]


class StatusSet(msgspec.Struct, frozen=True):
    """An entry's status from now on."""

    entry: str
    status: str


class Shift(msgspec.Struct, frozen=True):
    """Everything that a judge needs to mark without the server."""

    account: UUID
    judge: str
    events: list[dict[str, Any]]
    carry: str


# ---------- results, promotions, appeals, certificates ----------


class Award(msgspec.Struct, frozen=True):
    """What a place wins."""

    id: str
    zh: str
    en: str


class MemberShown(msgspec.Struct, frozen=True):
    """Somebody of an entry."""

    name: str
    unit: str


class Standing(msgspec.Struct, frozen=True):
    """A line of published standings; `total` in hundredths, `modules` as fractions of hundredths; no rank where not ranked."""

    rank: int | None
    code: str
    total: int
    tied: list[str]
    broken_by: str
    status: str
    modules: dict[str, str]
    award: Award | None
    delegation: str
    members: list[MemberShown]


class ResultsContent(msgspec.Struct, frozen=True):
    """What was frozen: the event, how many took part, whether awards are given and by which rule, the standings."""

    event: dict[str, Any]
    field: dict[str, int]
    awarded: dict[str, Any]
    judges: int
    rows: list[Standing]


class Superseded(msgspec.Struct, frozen=True):
    """The publication that a later one replaces."""

    version: int
    sha256: str


class Results(msgspec.Struct, frozen=True):
    """A publication with the fingerprints of everything that it was computed from."""

    version: int
    sha256: str
    policy_fingerprint: str
    scheme_fingerprint: str
    mark_sequence: int
    mark_hash: str
    at: datetime
    notice_until: datetime
    supersedes: Superseded | None
    content: ResultsContent


class PromotionDecided(msgspec.Struct, frozen=True):
    """What was decided of a promotion: the level granted, or none; why, by which document, by whom, when."""

    level: str | None
    reason: str | None
    document: str | None
    by: str | None
    at: datetime | None


class PromotionShown(msgspec.Struct, frozen=True):
    """A promotion with its clause; the identity document is masked. States: automatic, silent, waiting, granted, refused."""

    id: UUID
    state: str
    event: str
    name: str
    document: str
    held: str
    level: str
    mode: str
    rule: str
    reason: Both
    decided: PromotionDecided | None


class Promotions(msgspec.Struct, frozen=True):
    """The promotions of this page."""

    promotions: list[PromotionShown]


class RulingsTaken(msgspec.Struct, frozen=True):
    """How many were granted and how many not."""

    granted: int
    refused: int


class AppealAct(msgspec.Struct, frozen=True):
    """One thing that was done about an appeal."""

    act: str
    text: str
    by: str
    at: datetime


class AppealShown(msgspec.Struct, frozen=True):
    """An appeal, against which version it is, every act, and the version that its ruling made."""

    number: int
    entry: str
    event: str
    delegation: str
    state: str
    rule: str
    reason: str
    at: datetime
    against: int
    republished: int | None
    acts: list[AppealAct]


class Appeals(msgspec.Struct, frozen=True):
    """The appeals of this page, newest first."""

    appeals: list[AppealShown]


class CertificateIssued(msgspec.Struct, frozen=True):
    """A certificate; `token` is what its QR code says, `printed` when its file was made."""

    number: str
    token: str
    pdf_sha256: str | None
    printed: datetime | None


class CertificateRefused(msgspec.Struct, frozen=True):
    """A certificate that could not be set, because no face has these characters."""

    name: str
    event: str
    field: str
    characters: str


class Certificates(msgspec.Struct, frozen=True):
    """The certificates of this page, every one that was refused, and how many promotions came with them."""

    issued: list[CertificateIssued]
    refused: list[CertificateRefused]
    promotions: dict[str, int]


class Printing(msgspec.Struct, frozen=True):
    """How many certificates are issued, and how many have their file."""

    issued: int
    printed: int


class CheckMade(msgspec.Struct, frozen=True):
    """One thing that was looked at: passed, failed, unchecked, or a plain fact."""

    id: str
    state: str
    zh: str
    en: str


class Verified(msgspec.Struct, frozen=True):
    """What became of a verification: genuine, not-genuine, revoked, not-found or cannot-check; the paper where it may be shown."""

    outcome: str
    number: str
    checked: datetime
    checks: list[CheckMade]
    paper: dict[str, Any] | None
    revoked: dict[str, Any] | None


# ---------- open data ----------


class ResultRow(msgspec.Struct, frozen=True):
    """A line of published standings. `total` has two decimals; no rank where the policy does not rank; members joined by 、."""

    event: str
    event_name: str
    event_name_en: str
    version: int
    rank: int | None
    code: str
    names: str
    units: str
    delegation: str
    total: str
    status: str
    award: str
    award_name: str
    award_name_en: str


class EntryRow(msgspec.Struct, frozen=True):
    """A person of an entry that stands in a publication."""

    event: str
    event_name: str
    event_name_en: str
    code: str
    name: str
    unit: str
    delegation: str


class DelegationRow(msgspec.Struct, frozen=True):
    """A delegation in the publications: its entries and people there, and its medals."""

    delegation: str
    entries: int
    people: int
    gold: int
    silver: int
    bronze: int


class ResultData(msgspec.Struct, frozen=True):
    """The published standings of a competition, and the page that explains the columns."""

    competition: Both
    explained: str
    rows: list[ResultRow]


class EntryData(msgspec.Struct, frozen=True):
    """Everybody in its publications, and the page that explains the columns."""

    competition: Both
    explained: str
    rows: list[EntryRow]


class DelegationData(msgspec.Struct, frozen=True):
    """The delegations in its publications, and the page that explains the columns."""

    competition: Both
    explained: str
    rows: list[DelegationRow]
