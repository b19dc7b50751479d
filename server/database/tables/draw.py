"""The draw and what it gave: order, shift, station and blind code of every entry; who witnessed it, who keeps its layers."""

from piccolo.columns import JSONB, UUID, Boolean, Bytea, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table

from server.database.tables.competitions import Event
from server.database.tables.people import Account
from server.database.tables.registration import Entry


class Draw(Table, tablename="draw"):
    """Everything that is needed to repeat a draw. A draw held again is another row; the old one stays."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    algorithm = Text()
    commitments = JSONB()
    public = Text()
    """The string that was named beforehand and could not be known, for example a lottery result."""
    seed = Text()
    stations = Integer()
    entries = JSONB()
    """[{"id": entry, "unit": …}] as they went into the draw, in that order."""
    at = Timestamptz()
    version = Integer(default=1)
    way = Text(default="typed")
    """`ceremony` when supervisors committed themselves, `typed` when the organiser wrote their commitments down."""
    shifts = Integer(default=0)
    """0 when as few as the stations allow."""
    promises = JSONB(default="{}")
    """Layer → SHA-256 of its secret, as published before the draw."""
    secrets_sealed = Bytea(default=b"")
    """The secrets of the layers that no custodian keeps, under the installation's key; empty when there are none."""
    codes = JSONB(default="[]")
    """The work codes, counted through: all that is known of them while their layers are sealed for custodians."""
    withdrawn = Boolean(default=False)
    """True once it was decided to draw again."""
    draw_version = Unique([event, version])


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


class Ceremony(Table, tablename="ceremony"):
    """A draw as it is announced: what will be drawn, which public string decides, and who commits to it."""

    id = UUID(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    number = Integer()
    naming = Text()
    """Which public string it will be, for example `福彩3D 2026-12-01 开奖号`."""
    known_at = Timestamptz()
    """From when on it can be known: commitments end, revealing begins."""
    entries = JSONB()
    """[{"id", "unit", "related"}] as they will go in; units and related firms by letters that name nobody."""
    stations = Integer()
    shifts = Integer()
    promises = JSONB()
    secrets_sealed = Bytea()
    """The layers' secrets until the draw, under the installation's key."""
    custody = Boolean(default=False)
    """Whether three custodians keep the layers."""
    escrow = Boolean(default=False)
    """Whether the installation keeps a copy of their keys."""
    opened = Timestamptz()
    outcome = Text(default="")
    """Empty while it is open; `drawn` or `withdrawn`."""
    reason = Text(default="")
    """Why it was withdrawn."""
    draw_version = Integer(default=0)
    """Which draw came of it."""
    ceremony_number = Unique([event, number])


class Witness(Table, tablename="witness"):
    """A supervisor's part in a ceremony: first the hash of secret words, then the words."""

    id = UUID(primary_key=True)
    ceremony = ForeignKey(Ceremony, null=False, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    commitment = Text(default="")
    committed_at = Timestamptz(null=True, default=None)
    words = Text(default="")
    revealed_at = Timestamptz(null=True, default=None)
    witness_once = Unique([ceremony, account])


class Redraw(Table, tablename="redraw"):
    """That somebody wants a draw to be held again, and what a second person said to it."""

    id = UUID(primary_key=True)
    draw = ForeignKey(Draw, null=False, on_delete=OnDelete.restrict)
    asked_by = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    reason = Text()
    asked_at = Timestamptz()
    answer = Text(default="")
    """Empty while nobody answered; `granted` or `refused`."""
    answered_by = UUID(null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)


class Custodian(Table, tablename="custodian"):
    """Who keeps one layer of a draw: a key pair whose private half only their passphrase opens."""

    id = UUID(primary_key=True)
    ceremony = ForeignKey(Ceremony, null=False, on_delete=OnDelete.restrict)
    layer = Text()
    """number, station or code."""
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    public_key = Bytea(default=b"")
    """Empty until they have chosen a passphrase."""
    wrapped = Bytea(default=b"")
    escrow = Bytea(default=b"")
    """The private half under the installation's key, only when the organiser chose so."""
    keyed_at = Timestamptz(null=True, default=None)
    custodian_layer = Unique([ceremony, layer])


class SealedLayer(Table, tablename="sealed_layer"):
    """One layer of a draw as its custodian alone can read it, and in clear once it was opened."""

    id = UUID(primary_key=True)
    draw = ForeignKey(Draw, null=False, on_delete=OnDelete.restrict)
    custodian = ForeignKey(Custodian, null=False, on_delete=OnDelete.restrict)
    layer = Text()
    sealed = Bytea()
    opened = Text(default="")
    """Empty until the decoding."""
    opened_at = Timestamptz(null=True, default=None)
    sealed_layer_once = Unique([draw, layer])
