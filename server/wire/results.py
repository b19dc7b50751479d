"""Answers about results, promotions, appeals, certificates; open data."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from server.wire.core import Both


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


class CorrectionShown(msgspec.Struct, frozen=True):
    """Another value for a mark after the seal, in hundredths; or, where `aspect` and `judge` are null, another status for an entry than
    the floor wrote down (competed, absent, withdrawn, did-not-finish, disqualified). `state` is proposed, approved, refused (turned down by another, with
    `answer`) or dropped; `mark` is the mark that an approved one became, `appeal` the number of the appeal that asked for it.
    """

    id: UUID
    entry: str
    aspect: str | None
    judge: str | None
    before: int | str
    after: int | str
    reason: str
    state: str
    proposed_by: str
    at: datetime
    decided_by: str
    settled: datetime | None
    answer: str
    mark: str | None
    appeal: int | None


class Corrections(msgspec.Struct, frozen=True):
    """Every correction of an event's marks and statuses, the newest first."""

    corrections: list[CorrectionShown]


class Stands(msgspec.Struct, frozen=True):
    """Where a work code stands; a rank of 0 is none, `total` is in hundredths, `status` says whether it competed."""

    rank: int
    total: int
    status: str
    award: Award | None


class Moved(msgspec.Struct, frozen=True):
    """A work code that stands otherwise."""

    code: str
    before: Stands
    after: Stands


class CorrectionEffects(msgspec.Struct, frozen=True):
    """What approving a correction would change; `seen` goes back with the approval."""

    correction: CorrectionShown
    standings: list[Moved]
    seen: str


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


class Claimant(msgspec.Struct, frozen=True):
    """Somebody who is to have a certificate: for what (`subject`), who, and what it says; `document` where an authority's is awaited."""

    subject: UUID
    name: str
    members: str
    delegation: str
    event: str
    says: str
    document: bool


class Excluded(msgspec.Struct, frozen=True):
    """Somebody who gets none, and why."""

    name: str
    delegation: str
    event: str
    why: Both


class IssuingPlan(msgspec.Struct, frozen=True):
    """What issuing a kind would do now; `seen` is sent back by who issues, `waiting` are events whose time has not come."""

    kind: str
    issued: int
    seen: str
    recipients: list[Claimant]
    excluded: list[Excluded]
    waiting: list[str]


class IssuedNow(msgspec.Struct, frozen=True):
    """How many certificates were issued just now; they are being printed."""

    issued: int


class Reissued(msgspec.Struct, frozen=True):
    """The number of the certificate that stands in place of another; none where it was only revoked."""

    number: str
    replaced_by: str | None


class Printing(msgspec.Struct, frozen=True):
    """How many certificates are issued, and how many have their file; and for what the rest waits, where something is amiss."""

    issued: int
    printed: int
    held: Both | None = None


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
    """A delegation in the publications: its entries and people there, its medals, and the public address of its flag; "" for none."""

    delegation: str
    entries: int
    people: int
    gold: int
    silver: int
    bronze: int
    flag: str


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
