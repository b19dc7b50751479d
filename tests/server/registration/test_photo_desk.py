"""Photos at a delegation's own desk: the office's checks, and nobody else's people."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from server.database.tables import Competition, Member, Photo
from server.web import portions
from tests.server.conftest import Site, Visitor
from tests.server.registration.intaking import Desk, desk_at, person
from tests.server.small import founded, opened
from tests.server.test_access import clerk_of

PAGE = {"accept": "text/html"}


def portrait(colour: str = "navy", size: tuple[int, int] = (295, 413)) -> bytes:
    """A picture with something on it."""
    picture = Image.new("RGB", size, colour)
    picture.paste("white", (size[0] // 3, size[1] // 3, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(scope="module")
async def desks(site: Site) -> tuple[Desk, Desk]:
    """Two delegations with two people each, and a clerk at each desk."""
    small = await founded()
    await opened(small, "registration")
    made = []
    for place, name in enumerate(("石家庄市", "唐山市")):
        desk = await desk_at(site, small, name)
        await desk.enters(person(2 * place), person(2 * place + 1))
        desk.visitor = await site.visitor(await clerk_of(small, desk.delegation))
        made.append(desk)
    return made[0], made[1]


async def people_of(desk: Desk) -> dict[str, UUID]:
    """Who is in, by name."""
    query = Member.select(Member.person, Member.person.name.as_alias("name"))
    return {row["name"]: row["person"] for row in await query.where(Member.entry.delegation == desk.delegation)}


async def send(desk: Desk, *files: tuple[str, bytes], to: str = "", visitor: Visitor | None = None) -> Any:
    """Send files by the desk's form."""
    sent = [("file", one) for one in files]
    return await (visitor or desk.visitor).post(f"{desk.url}/photos{to}", files=sent, headers=PAGE)


async def test_a_clerk_sends_a_zip_and_sees_who_is_missing(
    desks: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ZIP finds its people; who lacks a photo is listed first, on the first page where there are several; the photo that was
    kept can be seen."""
    desk, _ = desks
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("照片/赵一明.jpg", portrait())
    page = await send(desk, ("photos.zip", packed.getvalue()))
    assert page.status_code == 200 and "收下 1 张" in page.text
    assert page.text.index("钱二亮") < page.text.index("赵一明"), "who lacks one comes first"
    mine = (await people_of(desk))["赵一明"]
    photo = await desk.visitor.get(f"{desk.url}/photos/{mine}")
    assert photo.headers["content-type"] == "image/jpeg" and photo.headers["cache-control"] == "private, no-store"
    assert Image.open(io.BytesIO(photo.content)).size == (295, 413)
    monkeypatch.setattr(portions, "AT_ONCE", 1)
    for query, there in (("", "钱二亮"), ("?page=2", "赵一明"), ("?find=赵一", "赵一明"), ("?all=1", "赵一明钱二亮")):
        shown = (await desk.visitor.get(f"{desk.url}/photos{query}", headers=PAGE)).text
        assert {name for name in ("赵一明", "钱二亮") if f"<b>{name}</b>" in shown} == {there[:3], there[-3:]}
        assert "2 人中 1 人有照片。" in shown


async def test_one_persons_photo_needs_no_name_of_a_file(desks: tuple[Desk, Desk]) -> None:
    """A phone calls its pictures what it likes: sent beside a person it is theirs."""
    desk, _ = desks
    theirs = (await people_of(desk))["钱二亮"]
    page = await send(desk, ("IMG_0001.jpg", portrait("green")), to=f"/{theirs}")
    assert page.status_code == 200 and "收下 1 张" in page.text
    assert await Photo.exists().where(Photo.person == theirs)


async def test_nobody_elses_people_are_reached(desks: tuple[Desk, Desk]) -> None:
    """Another delegation's competitor: no photo by name, none by id, and theirs is not shown."""
    desk, other = desks
    assert (await send(other, ("李四维.jpg", portrait("red")))).status_code == 200
    theirs = (await people_of(other))["李四维"]
    by_name = await send(desk, ("李四维.jpg", portrait("black")))
    assert by_name.status_code == 422 and "名单里没有这个人" in by_name.text
    assert (await send(desk, ("x.jpg", portrait("black")), to=f"/{theirs}")).status_code == 404
    assert (await desk.visitor.get(f"{desk.url}/photos/{theirs}")).status_code == 404
    assert (await other.visitor.get(f"{other.url}/photos/{theirs}")).status_code == 200
    assert await Photo.count().where(Photo.person == theirs) == 1


async def test_bad_pictures_are_told_as_the_office_tells_them(desks: tuple[Desk, Desk]) -> None:
    """An SVG that is called .jpg, a picture of another shape, a cut-off one: refused by file, and nothing is kept."""
    desk, _ = desks
    before = await Photo.count()
    files = [
        ("赵一明.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("钱二亮.jpg", portrait(size=(500, 500))),
        ("钱二亮.png", portrait()[:-200]),
    ]
    page = await send(desk, *files)
    assert page.status_code == 422 and await Photo.count() == before
    assert all(words in page.text for words in ("不是 JPEG 或 PNG 图片", "应为 5:7", "图片已损坏或不完整"))


async def test_no_file_is_said_so(desks: tuple[Desk, Desk]) -> None:
    """A form sent empty says that no file was chosen."""
    desk, _ = desks
    page = await desk.visitor.post(f"{desk.url}/photos", files={"file": ("", b"")}, headers=PAGE)
    assert page.status_code == 422 and "没有选文件" in page.text


async def test_after_the_end_only_the_organiser_sends_photos(site: Site, desks: tuple[Desk, Desk]) -> None:
    """The clerk's time is over with registration; the organiser's staff still send what was late."""
    desk, _ = desks
    over = {Competition.registration_closes: datetime(2020, 1, 1, tzinfo=UTC)}
    await Competition.update(over).where(Competition.slug == desk.small.slug)
    try:
        late = await send(desk, ("赵一明.jpg", portrait("purple")))
        assert late.status_code == 409 and "已于" in late.text and 'name="file"' not in late.text
        staff = await site.visitor(desk.small.staff.account)
        assert (await send(desk, ("赵一明.jpg", portrait("purple")), visitor=staff)).status_code == 200
    finally:
        await Competition.update({Competition.registration_closes: None}).where(Competition.slug == desk.small.slug)


async def test_a_refused_zip_does_not_say_that_other_photos_are_in(desks: tuple[Desk, Desk]) -> None:
    """The word that the others are in stands only where something was kept."""
    desk, _ = desks
    climbing = io.BytesIO()
    with zipfile.ZipFile(climbing, "w") as archive:
        archive.writestr("../1.jpg", portrait("gold"))
    for file in (("照片.zip", climbing.getvalue()), ("谁.jpg", b"no picture")):
        assert "其余的已收下" not in (await send(desk, file)).text
    names = list(await people_of(desk))
    mixed = await send(desk, (f"{names[0]}.jpg", portrait("olive")), ("谁.jpg", b"no picture"))
    assert "其余的已收下" in mixed.text
