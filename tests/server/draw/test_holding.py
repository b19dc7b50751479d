"""What a draw keeps is enough for anybody to repeat it, and it keeps people of one delegation apart."""

from __future__ import annotations

import itertools

from scoring.draw import ALGORITHM, DrawEntry, draw, seed
from server.database.tables import Decision, Draw, Event, Place
from server.draw.flow import codes_of, decoded
from server.registration.flow import enter
from tests.server.small import AT, DELEGATIONS, SEALER, Small, form, founded, number, opened, row_of

WITNESSES = ("监督甲", "监督乙")


async def drawn() -> Small:
    """Five delegations with three people each, at four stations."""
    small = await founded()
    await opened(small, "registration")
    numbers = itertools.count(1)
    for name in DELEGATIONS[:5]:
        rows = [row_of(n, row=5 + n, document_number=number(next(numbers))) for n in range(3)]
        await enter(await small.competition(), form(name, rows), SEALER, small.staff, AT)
    await opened(small, "drawn", commitments=WITNESSES, public="上证指数 3456.78")
    return small


async def test_a_draw_replays_from_what_was_stored_with_the_rules_alone(database: str) -> None:
    """Algorithm, commitments, public string and the list as it went in: scoring.draw gives the same places again."""
    await drawn()
    stored = await Draw.select().output(load_json=True).first()
    assert stored["algorithm"] == ALGORITHM and stored["seed"] == seed(stored["commitments"], stored["public"])
    again = draw([DrawEntry(one["id"], one["unit"]) for one in stored["entries"]], stored["stations"], stored["seed"])
    query = Place.select(Place.position, Place.shift, Place.station, Place.code, Place.entry.number.as_alias("number"))
    placed = [
        (f"M01-{row['number']:03}", *(row[name] for name in ("position", "shift", "station", "code")))
        for row in await query.order_by(Place.position)
    ]
    assert placed == [(place.entry, place.order, place.shift, place.station, place.code) for place in again.places]
    (decided,) = await Decision.select(Decision.data).where(Decision.kind == "event.drawn").output(load_json=True)
    assert decided["data"]["seed"] == stored["seed"]


async def test_neighbours_in_a_shift_come_from_different_delegations(database: str) -> None:
    """Fifteen people of five delegations: nobody works beside somebody of their own."""
    await drawn()
    query = Place.select(Place.shift, Place.station, Place.entry.delegation.as_alias("unit")).order_by(
        Place.shift, Place.station
    )
    for one, other in itertools.pairwise(await query):
        assert one["shift"] != other["shift"] or one["unit"] != other["unit"]


async def test_codes_tell_neither_order_nor_entry(database: str) -> None:
    """Every entry has one code of its own, thrown apart from the order of work; judges get the codes counted through."""
    small = await drawn()
    event = (await small.event())["id"]
    codes = await codes_of(event)
    worked = [row["code"] for row in await Place.select(Place.code).order_by(Place.position)]
    assert codes == sorted(worked) != worked and len(set(codes)) == 15 == len(await decoded(event))


async def test_a_draw_is_held_once(database: str) -> None:
    """The version of the event's rules moves on, so that no process marks by the list before the draw."""
    small = await founded()
    before = (await Event.select(Event.version).first())["version"]
    await opened(small, "registration")
    await enter(await small.competition(), form("唐山市", [row_of(0)]), SEALER, small.staff, AT)
    await opened(small, "drawn")
    assert (await Event.select(Event.version).first())["version"] > before + 1 and await Draw.count() == 1
