"""The draw and what it gave: order, shift, station and blind code of every entry."""

from piccolo.columns import JSONB, UUID, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.competitions import Event
from server.database.tables.registration import Entry


class Draw(Table, tablename="draw"):
    """Everything that is needed to repeat a draw."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict, unique=True)
    algorithm = Text()
    commitments = JSONB()
    public = Text()
    """The string that was named beforehand and could not be known, for example a lottery result."""
    seed = Text()
    stations = Integer()
    entries = JSONB()
    """[{"id": entry, "unit": …}] as they went into the draw, in that order."""
    at = Timestamptz()


class Place(Table, tablename="place"):
    """Where and under which blind code an entry works."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    entry = ForeignKey(Entry, null=False, on_delete=OnDelete.restrict, unique=True)
    position = Integer()
    shift = Integer()
    station = Integer()
    code = Text()
    """The work code, for example `W-07`: all that a judge ever sees."""
    place_code = Unique([event, code])
