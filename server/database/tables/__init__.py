"""Every table of Podium, left to right; a foreign key only ever points left."""

from server.database.tables.appeals import Appeal, AppealAct, AppealAttachment
from server.database.tables.applying import Application, ApplicationLink
from server.database.tables.attachments import Attachment, AttachmentKind
from server.database.tables.boards import Board, PhotoConsent
from server.database.tables.competitions import (
    ApiKey,
    ApiKeyAspect,
    Competition,
    Event,
    Occupation,
    Series,
    Supervisor,
)
from server.database.tables.draw import Ceremony, Custodian, Draw, Place, Redraw, SealedLayer, Witness
from server.database.tables.hall import Evidence, HallHead, Nudge, Remark, ShiftEnd, Signal, SignalAnswer
from server.database.tables.issuing import (
    Certificate,
    CertificateTerms,
    CredentialKey,
    Crew,
    DesignVersion,
    GivenCharacter,
    OwnTemplate,
    Refused,
    Revocation,
    Serial,
    Share,
    SigningKey,
    StampAuthority,
)
from server.database.tables.judges import (
    Invitation,
    InvitationLink,
    Judge,
    JudgeAccount,
    JudgeEvent,
    JudgeHistory,
    PanelDays,
    PanelRules,
    Proposal,
    Recusal,
)
from server.database.tables.ledger import Decision, DecisionHead
from server.database.tables.marks import (
    FloorStatus,
    Mark,
    MarkCorrection,
    MarkHead,
    PaperTyping,
    Seat,
    StatusCorrection,
)
from server.database.tables.people import (
    Account,
    JudgePin,
    LookUpAttempt,
    OneTimeLogin,
    Organiser,
    Person,
    Session,
    Staff,
    Superuser,
    WrongPassword,
)
from server.database.tables.policies import OwnPolicy, PolicyAct, PolicyHead
from server.database.tables.programme import Announcement, ProgrammeItem
from server.database.tables.promotion import (
    Promotion,
    PromotionDecision,
    PromotionTakenBack,
    SkillRecord,
    SkillWithdrawal,
)
from server.database.tables.raw import RawAct, RawHead, RawOpening
from server.database.tables.registration import (
    BadgeCode,
    CheckIn,
    Clerk,
    Delegation,
    Entry,
    Flag,
    HeadingMapping,
    Intake,
    Member,
    Photo,
    Quota,
    ReviewAct,
)
from server.database.tables.reports import AspectStatistic, IndicatorTarget, JudgeStatistic, MeasuredEvent, SavedView
from server.database.tables.results import PlannedPublication, Recheck, RecheckSheet, Snapshot
from server.database.tables.tablets import Device, DevicePairing, Signature

ALL = (
    *(Organiser, Person, Account, Staff, Superuser, Session, JudgePin, OneTimeLogin, WrongPassword, LookUpAttempt),
    *(Series, Competition, Occupation, OwnPolicy, PolicyHead, PolicyAct, Supervisor, Event),
    *(ApiKey, ApiKeyAspect),
    *(Announcement, ProgrammeItem),
    *(DecisionHead, Decision),
    *(Judge, JudgeAccount, JudgeHistory, JudgeEvent, Recusal, PanelRules, PanelDays, Proposal),
    *(Invitation, InvitationLink),
    *(Delegation, Flag, Clerk, HeadingMapping, Quota, Intake, Entry, ReviewAct, Photo, Member, CheckIn, BadgeCode),
    *(AttachmentKind, Attachment, ApplicationLink, Application),
    *(Draw, Place, Ceremony, Witness, Redraw, Custodian, SealedLayer),
    *(Seat, MarkHead, Mark, FloorStatus, MarkCorrection, StatusCorrection, PaperTyping),
    *(HallHead, Signal, SignalAnswer, Nudge, ShiftEnd, Evidence, Remark),
    *(Device, DevicePairing, Signature),
    *(Snapshot, Board, PhotoConsent, PlannedPublication, Recheck, RecheckSheet),
    *(Promotion, PromotionDecision, PromotionTakenBack, SkillRecord, SkillWithdrawal),
    *(
        Serial,
        SigningKey,
        StampAuthority,
        CredentialKey,
        CertificateTerms,
        Crew,
        DesignVersion,
        Certificate,
        Refused,
        Revocation,
        Share,
    ),
    *(OwnTemplate, GivenCharacter),
    *(Appeal, AppealAct, AppealAttachment),
    *(SavedView, MeasuredEvent, JudgeStatistic, AspectStatistic, IndicatorTarget),
    *(RawOpening, RawHead, RawAct),
)
