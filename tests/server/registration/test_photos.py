"""Photos find their people by number or by a name that one person alone has, and are kept once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from server.database.tables import Decision, Member, Photo
from server.registration.photos import Taken, photo_of, photos_by_person, take_photos
from tests.server.small import AT, SEALER, Row, Small, founded, number, opened
from tests.server.small import entered as enter_rows


@dataclass(frozen=True)
class Sent:
    """A photo that was checked already."""

    name: str
    jpeg: bytes = b"a photo"
    width: int = 295
    height: int = 413


@pytest.fixture
async def small(database: str) -> Small:
    """An open event that everybody has entered."""
    made = await founded()
    await opened(made, "registration")
    await enter_rows(made)
    return made


async def people() -> list[dict[str, Any]]:
    """Everybody, with names, by their order."""
    query = Member.select(
        Member.person, Member.person.name.as_alias("name"), Member.entry.delegation.as_alias("delegation")
    )
    return [dict(row) for row in await query.order_by(Member.entry.number)]


async def take(small: Small, *sent: Sent, days: int = 0, delegation: Any = None) -> Taken:
    at = AT + timedelta(days=days)
    return await take_photos(await small.competition(), delegation, sent, SEALER, small.staff, at)


async def test_by_name_and_by_number_however_typed(small: Small) -> None:
    """A name, a name with signs around it, a number with a name: each finds its person; the photo is sealed."""
    first, second, *_ = await people()
    found = await take(small, Sent(f"{first['name']}.jpg", b"one"), Sent(f"02_{second['name']} (1).png", b"two"))
    assert found == Taken((first["name"], second["name"]), (), ())
    competition = (await small.competition())["id"]
    assert await photo_of(competition, first["person"], SEALER) == b"one"
    stored = await Photo.select(Photo.sealed).first()
    assert b"one" not in bytes(stored["sealed"])
    have = {one["name"] for one in await photos_by_person(competition) if one["has"]}
    assert have == {first["name"], second["name"]}


async def test_the_number_decides(small: Small) -> None:
    """A document's number in the file's name finds its holder, whatever else is in it."""
    row = await first_row()
    found = await take(small, Sent(f"{row.document_number}_某人.jpg"), Sent("ｘ" + row.document_number + ".jpg", b"x"))
    assert found.kept == (row.name,)


async def first_row() -> Row:
    """The first line of the form as it was sent."""
    one = (await people())[0]
    return Row(1, one["name"], number(1))


async def test_nobody_and_two_of_one_name(small: Small) -> None:
    """A stranger's photo, and one of two people of one name, are told by file, and the others are kept."""
    one, *_ = await people()
    found = await take(small, Sent("陌生人.jpg"), Sent(f"{one['name']}.jpg"))
    assert found.kept == (one["name"],)
    (problem,) = found.problems
    assert (problem.code, problem.place.sheet) == ("photo.nobody", "陌生人.jpg")
    assert problem.mend.zh and problem.mend.en


async def test_two_people_of_one_name_are_told_apart_by_number(database: str) -> None:
    """A name that two people have is nobody's; the number still finds its holder."""
    made = await founded()
    await opened(made, "registration")
    await enter_rows(made, name="张三")
    found = await take(made, Sent("张三.jpg"), Sent(f"{number(3)}.jpg", b"x"))
    assert found.kept == ("张三",)
    assert [problem.code for problem in found.problems] == ["photo.two-people"]


async def test_a_photo_sent_again_is_kept_once_and_a_new_one_counts(small: Small) -> None:
    """The same ZIP twice changes nothing and enters no decision; a newer photo takes the place of the first."""
    one, *_ = await people()
    await take(small, Sent(f"{one['name']}.jpg", b"old"))
    again = await take(small, Sent(f"{one['name']}.jpg", b"old"), days=1)
    assert (again.kept, again.known) == ((), (one["name"],))
    assert await Decision.count().where(Decision.kind == "photos.taken") == 1
    await take(small, Sent(f"{one['name']}.jpg", b"new"), days=2)
    assert await photo_of((await small.competition())["id"], one["person"], SEALER) == b"new"


async def test_a_delegation_reaches_its_own_people_only(small: Small) -> None:
    """A clerk who sends somebody else's photo is told that nobody has this name."""
    one, other, *_ = await people()
    assert one["delegation"] != other["delegation"]
    found = await take(small, Sent(f"{other['name']}.jpg"), delegation=one["delegation"])
    assert found.kept == () and found.problems[0].code == "photo.nobody"
