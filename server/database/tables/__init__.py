"""Every table of Podium, left to right; a foreign key only ever points left."""

from server.database.tables.competitions import Competition, Event, Series, Supervisor
from server.database.tables.draw import Draw, Place
from server.database.tables.issuing import Certificate, Refused, Revocation, Serial, SigningKey
from server.database.tables.ledger import Decision, DecisionHead
from server.database.tables.marks import Mark, MarkHead, Seat
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
from server.database.tables.promotion import Promotion, SkillRecord
from server.database.tables.registration import Clerk, Delegation, Entry, HeadingMapping, Intake, Member
from server.database.tables.results import Snapshot

ALL = (
    *(Organiser, Person, Account, Staff, Session, OneTimeLogin, WrongPassword, LookUpAttempt),
    *(Series, Competition, Supervisor, Event),
    *(DecisionHead, Decision),
    *(Delegation, Clerk, HeadingMapping, Intake, Entry, Member),
    *(Draw, Place),
    *(Seat, MarkHead, Mark),
    *(Snapshot,),
    *(Promotion, SkillRecord),
    *(Serial, SigningKey, Certificate, Refused, Revocation),
)
