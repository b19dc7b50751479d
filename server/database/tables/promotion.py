"""Promotions decided for published results, and each person's skill record."""

from piccolo.columns import UUID, ForeignKey, OnDelete, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.people import Person
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


class SkillRecord(Table, tablename="skill_record"):
    """What a person has been granted, only ever added; the last row of an occupation is the level held."""

    id = UUID(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    promotion = ForeignKey(Promotion, null=False, on_delete=OnDelete.restrict, unique=True)
    occupation_code = Text()
    level = Text()
    title = Text()
    at = Timestamptz()
