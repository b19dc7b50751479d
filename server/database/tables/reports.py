"""What reports keep: views of lists under a name, statistics of sealed events, an organiser's own targets. Statistics are computed,
never typed in."""

from piccolo.columns import UUID, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.competitions import Competition, Event
from server.database.tables.people import Account, Organiser


class SavedView(Table, tablename="saved_view"):
    """A list as one account wants to see it again: its filters, columns and order as they stand in the address."""

    id = UUID(primary_key=True)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    competition = ForeignKey(Competition, null=False, on_delete=OnDelete.restrict)
    listing = Text()
    name = Text()
    query = Text()
    at = Timestamptz()
    view_once = Unique([account, competition, listing, name])


class MeasuredEvent(Table, tablename="measured_event"):
    """From what the statistics of an event were computed; when that has changed, they are computed again."""

    id = UUID(primary_key=True)
    """The event."""
    basis = Text()
    """Head of the mark ledger, scheme, policy and newest floor status."""
    agreement = Integer(null=True, default=None)
    """Kendall's W of the panel, 10 000 is one mind; empty with fewer than two judges or entries."""
    at = Timestamptz()


class JudgeStatistic(Table, tablename="judge_statistic"):
    """How one judge of an event marked, in hundredths of a percent (scoring.judging)."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    seat = Integer()
    entries = Integer()
    """Pieces that this judge marked."""
    marks = Integer()
    """Marks that count: the last of each cell."""
    compared = Integer()
    """Those of them that the others of the panel gave as well."""
    severity = Integer(null=True, default=None)
    deviation = Integer(null=True, default=None)
    consistency = Integer(null=True, default=None)
    judge_statistic_once = Unique([event, account])


class AspectStatistic(Table, tablename="aspect_statistic"):
    """How difficult one aspect was, and how well it told good work from poor (scoring.judging)."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    aspect = Text()
    place = Integer()
    name = Text()
    name_en = Text()
    kind = Text()
    maximum = Integer()
    """Hundredths."""
    difficulty = Integer()
    discrimination = Integer(null=True, default=None)
    aspect_statistic_once = Unique([event, aspect])


class IndicatorTarget(Table, tablename="indicator_target"):
    """What an organiser means one city to reach in one year of one of the plan's indicators; whoever has none has no row."""

    id = UUID(primary_key=True)
    organiser = ForeignKey(Organiser, null=False, on_delete=OnDelete.restrict)
    city = Text()
    """As delegations are called: what a delegation of that name is granted is held against it."""
    year = Integer()
    indicator = Text()
    """`new` or `high` (admin.reports.indicators)."""
    number = Integer()
    indicator_target_once = Unique([organiser, city, year, indicator])
