"""Promotions decided for published results, and each person's skill record."""

from piccolo.columns import UUID, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.people import Account, Person
from server.database.tables.registration import Member
from server.database.tables.results import Snapshot


class Promotion(Table, tablename="promotion"):
    """What the policy says about one member of one entry of one snapshot."""

    id = UUID(primary_key=True)
    snapshot = ForeignKey(Snapshot, null=False, on_delete=OnDelete.restrict)
    member = ForeignKey(Member, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    outcome = Text()
    """promoted, unchanged or silent; a silent case waits for a person."""
    held = Text()
    level = Text()
    """Id of the level promoted to; empty otherwise."""
    mode = Text()
    """automatic, approval or application."""
    title = Text()
    rule = Text()
    reason_zh = Text()
    reason_en = Text()
    promotion_once = Unique([snapshot, member])


class PromotionDecision(Table, tablename="promotion_decision"):
    """What came of a promotion that the policy leaves to people: the level granted, or none. Never changed, but taken back."""

    id = UUID(primary_key=True)
    promotion = ForeignKey(Promotion, null=False, on_delete=OnDelete.restrict, unique=True)
    level = Text()
    """Id of the level granted; empty when none is."""
    reason = Text()
    document = Text()
    """Number of the authority's document; empty where the competition's own supervisor decided."""
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz()


class PromotionTakenBack(Table, tablename="promotion_taken_back"):
    """A decision that was taken back, as it was, with who took it back and why. Rows are only ever added."""

    id = UUID(primary_key=True)
    promotion = ForeignKey(Promotion, null=False, on_delete=OnDelete.restrict)
    level = Text()
    reason = Text()
    document = Text()
    decided_by = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    decided_at = Timestamptz()
    why = Text()
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz()


class SkillRecord(Table, tablename="skill_record"):
    """What a person has been granted, only ever added; the last row of an occupation is the level held. A promotion is granted
    once, and once more each time (`again`) that a decision on it was taken back."""

    id = UUID(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    promotion = ForeignKey(Promotion, null=False, on_delete=OnDelete.restrict)
    again = Integer(default=0)
    occupation_code = Text()
    level = Text()
    title = Text()
    at = Timestamptz()


class SkillWithdrawal(Table, tablename="skill_withdrawal"):
    """Why a level granted on a publication that was superseded holds no longer; the record's own row stays."""

    id = UUID(primary_key=True)
    record = ForeignKey(SkillRecord, null=False, on_delete=OnDelete.restrict, unique=True)
    reason = Text()
    at = Timestamptz()
