"""A delegation's form goes in whole or not at all, every problem is named, and no identity number lies open anywhere."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from server.database.tables import Delegation, Draw, Entry, Intake, Member, Person, Place
from server.draw.flow import codes_of
from server.errors import Refusal
from server.registration.flow import Form, enter, masked
from tests.server.small import (
    AT,
    SEALER,
    Row,
    Small,
    add_welding,
    approved,
    brought,
    entered,
    form,
    founded,
    level,
    number,
    opened,
    row_of,
    waiting_for_a_lock,
)


async def problems(small: Small, delegation: str, *rows: Row) -> list[tuple[str, int]]:
    """Code and row of everything that keeps a form out; nothing of it is kept."""
    before = await counts()
    with pytest.raises(Refusal) as caught:
        await enter(await small.competition(), form(delegation, rows), SEALER, small.staff, AT)
    assert caught.value.code == "registration.refused" and caught.value.status == 422
    assert await counts() == before
    for problem in caught.value.problems:
        assert all((problem.words.zh, problem.words.en, problem.mend.zh, problem.mend.en, problem.place.column))
        assert not any(row.document_number in text for row in rows for text in (problem.words.zh, problem.mend.zh))
    return [(problem.code, problem.place.row) for problem in caught.value.problems]


async def counts() -> list[int]:
    return [await table.count() for table in (Delegation, Intake, Person, Entry, Member)]


@pytest.fixture
async def small(database: str) -> Small:
    """An open event, and one for teams of two beside it."""
    made = await founded()
    await add_welding(made, "T01", team_size=2)
    await add_welding(made, "C01")
    await opened(made, "registration")
    for code in ("T01",):
        await opened_event(made, code)
    return made


async def opened_event(small: Small, code: str) -> None:
    from_here = small.event
    small.event = lambda named=code: from_here(named)  # type: ignore[method-assign]
    await opened(small, "registration")
    del small.event  # type: ignore[misc]


PAIR = "焊接技术T01"

REFUSED: dict[str, tuple[list[dict[str, Any]], list[int]]] = {
    "registration.no-event": ([{"event": "数控铣工"}], [5]),
    "registration.closed": ([{"event": "焊接技术C01"}], [5]),
    "registration.occupation": ([{"occupation_code": "6-31-01-03"}], [5]),
    "registration.team": ([{"team": "1"}, {"event": PAIR, "team": ""}], [5, 6]),
    "registration.team-size": ([{"event": PAIR, "team": "1"}], [5]),
}


@pytest.mark.parametrize("code", REFUSED)
async def test_what_a_competition_knows_against_a_row_is_named_with_its_row(small: Small, code: str) -> None:
    """Each problem has its code, its row, its column, what is wrong and the mend; the good rows beside it stay out too."""
    spoilt, expected = REFUSED[code]
    bad = [row_of(n, row=5 + n, **changes) for n, changes in enumerate(spoilt)]
    good = row_of(8, row=20)
    assert await problems(small, "唐山市", *bad, good) == [(code, row) for row in expected]


async def test_every_problem_of_a_form_is_told_at_once(small: Small) -> None:
    """A clerk mends a form once, not once per problem."""
    rows = [row_of(0, row=5, event="数控铣工"), row_of(1, row=6, occupation_code="0"), row_of(2, row=7, team="1")]
    assert await problems(small, "唐山市", *rows) == [
        ("registration.no-event", 5),
        ("registration.occupation", 6),
        ("registration.team", 7),
    ]


async def test_one_person_enters_one_event_once(small: Small) -> None:
    """The same document from another delegation: refused there, whichever event it is for."""
    await enter(await small.competition(), form("唐山市", [row_of(0)]), SEALER, small.staff, AT)
    pair = [row_of(0, row=8, event=PAIR, team="1"), row_of(1, row=9, event=PAIR, team="1")]
    assert await problems(small, "廊坊市", *pair) == [("registration.entered", 8)]


async def test_one_document_twice_in_a_form_is_refused(small: Small) -> None:
    """The same number in two rows of one form is a problem of the later row, not a failure of the program."""
    assert await problems(small, "唐山市", row_of(0, row=5), row_of(0, row=6)) == [("registration.id-twice", 6)]


async def test_a_number_that_belongs_to_another_name_is_refused(small: Small) -> None:
    """A document that was registered under another name, by a typing error then or now, needs a person to look at it."""
    other = await founded("other")
    await opened(other, "registration")
    await enter(await other.competition(), form("唐山市", [row_of(0)]), SEALER, other.staff, AT)
    assert await problems(small, "唐山市", row_of(0, name="钱二")) == [("registration.name-differs", 5)]
    await enter(await small.competition(), form("唐山市", [row_of(0)]), SEALER, small.staff, AT)
    assert await Person.count() == 1 and await Member.count() == 2


async def test_the_same_file_again_changes_nothing_and_another_one_is_refused(small: Small) -> None:
    """A clerk who presses twice is told that nothing changed; a second list of one delegation is not mixed into the first."""
    competition = await small.competition()
    first = await enter(competition, form("唐山市", [row_of(0)]), SEALER, small.staff, AT)
    before = await counts()
    again = await enter(competition, form("唐山市", [row_of(0)]), SEALER, small.staff, AT)
    assert (first.persons, first.entries, first.unchanged) == (1, 1, False)
    assert (again.persons, again.entries, again.unchanged) == (1, 0, True)
    with pytest.raises(Refusal, match=r"registration\.already"):
        await enter(competition, form("唐山市", [row_of(0), row_of(1)], b"later"), SEALER, small.staff, AT)
    assert await counts() == before


async def test_two_clerks_at_once_number_entries_without_a_gap(small: Small, database: str) -> None:
    """Forms that arrive together go in one after the other; the same form twice goes in once."""
    competition = await small.competition()
    forms = [form(name, [row_of(n)]) for n, name in enumerate(("唐山市", "廊坊市", "衡水市"))]
    entered = await asyncio.gather(*(enter(competition, one, SEALER, small.staff, AT) for one in [*forms, forms[0]]))
    assert sorted(one.unchanged for one in entered) == [False, False, False, True]
    assert [row["number"] for row in await Entry.select(Entry.number).order_by(Entry.number)] == [1, 2, 3]


async def test_one_person_in_two_competitions_at_once_is_one_person(small: Small, database: str) -> None:
    """Two organisers enter the same new person at the same moment: both forms go in, and there is one person."""
    row = row_of(0)
    index = SEALER.index("document", row.document_kind, row.document_number)
    connection = await asyncpg.connect(database)
    try:
        async with connection.transaction():
            query = "INSERT INTO person SELECT gen_random_uuid(), $1, '', NULL, '', '', '', '', '', $2, '', ''"
            await connection.execute(query, row.name, index)
            late = asyncio.create_task(enter(await small.competition(), form("唐山市", [row]), SEALER, small.staff, AT))
            await waiting_for_a_lock(database)
    finally:
        await connection.close()
    assert (await late).entries == 1 and await Person.count() == 1


async def test_nobody_slips_in_behind_a_draw(database: str) -> None:
    """A form that is going in while the draw is to be held: the draw waits, says that somebody is not reviewed, and is held later
    with everybody."""
    small = await brought(await founded(), "registration")
    await entered(small, ("唐山市",))
    await approved(small)
    connection = await asyncpg.connect(database)
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM decision_head FOR UPDATE")
            late = asyncio.create_task(
                enter(await small.competition(), form("廊坊市", [row_of(1)]), SEALER, small.staff, AT)
            )
            await waiting_for_a_lock(database)
            drawing = asyncio.create_task(opened(small, "drawn"))
            await waiting_for_a_lock(database, 2)
    finally:
        await connection.close()
    await asyncio.wait_for(late, 10)
    with pytest.raises(Refusal, match=r"review\.open"):
        await asyncio.wait_for(drawing, 10)
    assert await Place.count() == 0
    await opened(small, "drawn")
    assert await Entry.count() == await Place.count() == 2
    assert (await Draw.select().first())["entries"] is not None and len(
        await codes_of((await small.event())["id"])
    ) == 2


async def test_teams_become_entries_and_their_people_members(small: Small) -> None:
    """Two people with one team number are one entry with two members in the order of the form."""
    rows = [row_of(n, row=5 + n, event=PAIR, team=str(1 + n // 2)) for n in range(4)]
    made = await enter(await small.competition(), form("唐山市", rows), SEALER, small.staff, AT)
    assert (made.persons, made.entries) == (4, 2)
    members = await Member.select(
        Member.position, Member.entry.number.as_alias("entry"), Member.entry.team.as_alias("team")
    ).order_by(Member.entry.number, Member.position)
    assert [(row["entry"], row["team"], row["position"]) for row in members] == [
        (1, "1", 1),
        (1, "1", 2),
        (2, "2", 1),
        (2, "2", 2),
    ]


async def test_what_was_held_at_entry_is_kept_with_the_entry(small: Small) -> None:
    """Level, certificate, unit and identity are those of the day of entry; the birth date comes from the form or the number."""
    row = row_of(0, level=level("senior"), level_certificate="S000013990001", identity="student")
    await enter(await small.competition(), form("唐山市", [row]), SEALER, small.staff, AT)
    kept = await Member.select(Member.level, Member.level_certificate, Member.identity, Member.unit).first()
    assert kept == {"level": "senior", "level_certificate": "S000013990001", "identity": "student", "unit": row.unit}
    passport = row_of(1, document_kind="passport", document_number="E12345678")
    await enter(await small.competition(), form("廊坊市", [passport]), SEALER, small.staff, AT)
    born = {
        one["document_kind"]: one["birth_date"] for one in await Person.select(Person.document_kind, Person.birth_date)
    }
    assert born == {"resident-id": passport.birth, "passport": passport.birth}


async def test_no_identity_number_lies_open_anywhere(small: Small, database: str) -> None:
    """Every column of every table is searched for the number and the telephone, as text and as bytes: neither is there."""
    hidden = [number(17), "13912345678"]
    row = row_of(0, document_number=hidden[0], phone=hidden[1])
    await enter(await small.competition(), form("唐山市", [row]), SEALER, small.staff, AT)
    connection = await asyncpg.connect(database)
    try:
        tables = await connection.fetch(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        everything = [line for (table,) in tables for line in await connection.fetch(f'SELECT * FROM "{table}"')]
    finally:
        await connection.close()
    texts = [value for line in everything for value in line.values()]
    assert len(texts) > 100
    for secret in hidden:
        assert not [value for value in texts if isinstance(value, str) and secret in value]
        assert not [value for value in texts if isinstance(value, bytes) and secret.encode() in value]
    person = await Person.select(Person.document_masked, Person.document_sealed, Person.id).first()
    assert person["document_masked"] == "139*************" + hidden[0][-2:]
    assert SEALER.open(person["document_sealed"], f"document:{person['id']}") == hidden[0]


@pytest.mark.parametrize(
    ("whole", "shown"),
    [("11010519491231002X", "110*************2X"), ("E12345678", "E12****78"), ("1234567", "*******"), ("", "")],
)
def test_a_number_is_shown_masked(whole: str, shown: str) -> None:
    """The first three signs and the last two, and of a short number nothing."""
    assert masked(whole) == shown


async def test_a_form_without_rows_is_refused(small: Small) -> None:
    """A form that enters nobody does not count as the delegation's form."""
    with pytest.raises(Refusal, match=r"registration\.no-people"):
        await enter(await small.competition(), Form("空", "空.xlsx", b"", []), SEALER, small.staff, AT)
    assert await counts() == [0] * 5


async def test_rows_with_one_number_on_two_sheets_are_two_people(small: Small) -> None:
    """A workbook with a sheet per event counts its rows anew on each: nobody is taken for somebody else."""
    rows = [row_of(0, row=5, sheet="一"), row_of(1, row=5, sheet="二")]
    made = await enter(await small.competition(), form("唐山市", rows), SEALER, small.staff, AT)
    names = await Member.select(Member.person.name.as_alias("name"), Member.unit).order_by(Member.unit)
    assert (made.persons, made.entries) == (2, 2)
    assert {row["name"]: row["unit"] for row in names} == {row.name: row.unit for row in rows}
