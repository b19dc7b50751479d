"""Every table of Podium, left to right; a foreign key only ever points left."""

from server.database.tables.appeals import Appeal, AppealAct, AppealAttachment
from server.database.tables.applying import Application, ApplicationLink
from server.database.tables.attachments import Attachment, AttachmentKind
from server.database.tables.competitions import Competition, Event, Occupation, Series, Supervisor
from server.database.tables.draw import Ceremony, Custodian, Draw, Place, Redraw, SealedLayer, Witness
from server.database.tables.issuing import Certificate, CredentialKey, Refused, Revocation, Serial, SigningKey
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
from server.database.tables.marks import FloorStatus, Mark, MarkCorrection, MarkHead, Seat
from server.database.tables.people import (
    Account,
    LookUpAttempt,
    OneTimeLogin,
    Organiser,
    Person,
    Session,
    Staff,
    WrongPassword,
)
from server.database.tables.promotion import Promotion, PromotionDecision, SkillRecord, SkillWithdrawal
from server.database.tables.registration import (
    CheckIn,
    Clerk,
    Delegation,
    Entry,
    HeadingMapping,
    Intake,
    Member,
    Photo,
    Quota,
    ReviewAct,
)
from server.database.tables.reports import AspectStatistic, JudgeStatistic, MeasuredEvent, SavedView
from server.database.tables.results import Snapshot

ALL = (
    *(Organiser, Person, Account, Staff, Session, OneTimeLogin, WrongPassword, LookUpAttempt),
    *(Series, Competition, Occupation, Supervisor, Event),
    *(DecisionHead, Decision),
    *(Judge, JudgeAccount, JudgeHistory, JudgeEvent, Recusal, PanelRules, PanelDays, Proposal),
    *(Invitation, InvitationLink),
    *(Delegation, Clerk, HeadingMapping, Quota, Intake, Entry, ReviewAct, Photo, Member, CheckIn),
    *(AttachmentKind, Attachment, ApplicationLink, Application),
    *(Draw, Place, Ceremony, Witness, Redraw, Custodian, SealedLayer),
    *(Seat, MarkHead, Mark, FloorStatus, MarkCorrection),
    *(Snapshot,),
    *(Promotion, PromotionDecision, SkillRecord, SkillWithdrawal),
    *(Serial, SigningKey, CredentialKey, Certificate, Refused, Revocation),
    *(Appeal, AppealAct, AppealAttachment),
    *(SavedView, MeasuredEvent, JudgeStatistic, AspectStatistic),
)
