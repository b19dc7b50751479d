"""Judges before they sit: an organiser's pool, recusals, what a competition asks of its panels, invitations.

Who sits is a row of `seat` (marks); an invitation becomes one when it is accepted.
"""

from piccolo.columns import (
    JSONB,
    UUID,
    BigInt,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
)
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.competitions import Competition, Event
from server.database.tables.people import Account, Organiser


class Judge(Table, tablename="judge"):
    """Somebody an organiser could ask to judge; other organisers do not see them."""

    id = UUID(primary_key=True)
    organiser = ForeignKey(Organiser, null=False, on_delete=OnDelete.restrict)
    name = Text()
    unit = Text()
    delegation = Text()
    level = Text()
    """Id of the skill level in their occupation; empty when none."""
    title = Text()
    """junior, middle, associate-senior, senior, or empty."""
    occupations = JSONB()
    """Codes of the occupations that they may judge."""
    years = Integer(null=True, default=None)
    """Years in the occupation; empty when nobody knows."""
    phone_sealed = Bytea()
    phone_masked = Text()
    phone_index = Bytea()
    active = Boolean(default=True)
    """False for those who are no longer asked; what they did stays."""
    version = BigInt(default=0)
    """Counts the edits, so that nobody saves over what somebody else has changed meanwhile."""


class JudgeAccount(Table, tablename="judge_account"):
    """The account with which a judge marks, from the first accepted invitation on."""

    id = UUID(primary_key=True)
    judge = ForeignKey(Judge, null=False, unique=True, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)


class JudgeHistory(Table, tablename="judge_history"):
    """A panel of which only a person knows: of another organiser, or of the days before Podium."""

    id = UUID(primary_key=True)
    judge = ForeignKey(Judge, null=False, on_delete=OnDelete.restrict)
    year = Integer()
    competition = Text()
    event = Text()
    chief = Boolean(default=False)


class JudgeEvent(Table, tablename="judge_event"):
    """An event that a judge may judge, whatever their occupations."""

    id = UUID(primary_key=True)
    judge = ForeignKey(Judge, null=False, on_delete=OnDelete.restrict)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    judge_event_once = Unique([judge, event])


class Recusal(Table, tablename="recusal"):
    """What a judge stands back from: an event, everybody of a unit, or everybody of a name; exactly one of the three."""

    id = UUID(primary_key=True)
    judge = ForeignKey(Judge, null=False, on_delete=OnDelete.restrict)
    event = UUID(null=True, default=None)
    unit = Text()
    person = Text()
    reason = Text()
    """Id in the bank of reasons."""
    words = Text()
    by_name = Text()
    """Who declared it."""
    at = Timestamptz()
    withdrawn = Timestamptz(null=True, default=None)


class PanelRules(Table, tablename="panel_rules"):
    """What a competition asks of its judges; without a row the rules that are usual."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, unique=True, on_delete=OnDelete.restrict)
    years = Integer()
    level = Text()
    title = Text()
    most = Integer(null=True, default=None)
    """The largest number of panels of one judge; empty for no limit."""
    one_per = Text()
    """unit, delegation, or empty: what two judges of a panel must not have in common."""


class PanelDays(Table, tablename="panel_days"):
    """The days on which the panel of an event is needed; without a row every day of the competition."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, unique=True, on_delete=OnDelete.restrict)
    days = JSONB()


class Proposal(Table, tablename="proposal"):
    """Panels that were computed, for a person to take over or leave."""

    id = UUID(primary_key=True)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    state = Text()
    """computing, ready or failed."""
    asked_by = Text()
    asked = Timestamptz()
    done = Timestamptz(null=True, default=None)
    content = JSONB()


class Invitation(Table, tablename="invitation"):
    """A judge is wanted on a panel: proposed, invited, accepted, declined, recused or replaced."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    judge = ForeignKey(Judge, null=False, on_delete=OnDelete.restrict)
    state = Text()
    chief = Boolean(default=False)
    by_hand = Boolean(default=False)
    """Chosen by a person: a new proposal leaves it."""
    reason = Text()
    """Why a person chose so."""
    made = Timestamptz()
    answer = Text()
    """What the judge said when declining, or why a person took them off."""
    answered = Timestamptz(null=True, default=None)


class InvitationLink(Table, tablename="invitation_link"):
    """One link for everything that a judge is asked in a competition; a newer one takes its place."""

    id = Bytea(primary_key=True)
    """SHA-256 of the token in the link."""
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    judge = ForeignKey(Judge, null=False, on_delete=OnDelete.restrict)
    made = Timestamptz()
    expires = Timestamptz()
    answered = Timestamptz(null=True, default=None)
    withdrawn = Boolean(default=False)
