"""Attachments: asked for by the organiser, sent by clerk or applicant, sealed, served to nobody else, missing until they are there."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from server.database.tables import Attachment, AttachmentKind, Competition, Decision, Member
from server.errors import Refusal
from server.registration.applications import sweep
from server.registration.attachment_kinds import MOST_KINDS, add_kind, kinds_of, remove_kind
from server.registration.attachments import incomplete
from tests.admin.attachments.test_paper import BAD, document, picture
from tests.server.conftest import Site
from tests.server.registration import test_applications as applying
from tests.server.registration.intaking import Desk, desk_at
from tests.server.registration.test_applications import desk, link, send, waiting
from tests.server.registration.test_typed_entries import typed
from tests.server.small import AT
from tests.server.test_access import clerk_of

__all__ = ["desk"]
PAGE = {"accept": "text/html"}


async def asked(desk: Desk, name: str = "社会保险缴纳证明", event: str = "", required: bool = True) -> UUID:
    """Ask for a kind of paper."""
    competition = await desk.small.competition()
    of = await desk.small.event(event) if event else None
    return await add_kind(competition, of, name, "", required, desk.small.staff, AT)


async def entered(desk: Desk, place: int = 0, event: str = "M01") -> UUID:
    """Enter somebody; the person."""
    answer = await desk.visitor.post(
        f"{desk.url}/entry/new", data=typed(applying.person(place), event=event), headers=PAGE
    )
    assert answer.status_code == 303, answer.text
    name = applying.person(place)["name"]
    row = await Member.select(Member.person).where(
        (Member.entry.delegation == desk.delegation) & (Member.person.name == name)
    ).first()  # fmt: skip
    return UUID(str(row["person"]))


async def attach(desk: Desk, person: object, kind: object, data: bytes, name: str = "社保.pdf") -> Any:
    """Send one file by the desk's form."""
    return await desk.visitor.post(
        f"{desk.url}/attachments/{person}/{kind}", files={"file": (name, data)}, headers=PAGE
    )


async def lacking(desk: Desk, person: UUID) -> list[str]:
    """What somebody lacks, by code and what it is."""
    found = await incomplete((await desk.small.competition())["id"], desk.delegation)
    return [f"{one.code} {one.place.key}" for one in found.get(person, [])]


async def test_missing_until_it_is_there(desk: Desk) -> None:
    """Required papers and the photo are told as missing, on the list as well; optional ones are not."""
    kind, _ = await asked(desk), await asked(desk, "在职证明", required=False)
    person = await entered(desk)
    assert await lacking(desk, person) == ["photo.missing 照片", "attachment.missing 社会保险缴纳证明"]
    assert "缺社会保险缴纳证明" in (await desk.visitor.get(desk.url, headers=PAGE)).text
    assert (await attach(desk, person, kind, document(2))).status_code == 303
    assert await lacking(desk, person) == ["photo.missing 照片"]
    page = (await desk.visitor.get(f"{desk.url}/attachments", headers=PAGE)).text
    assert "必交材料 1 份，已交 1 份" in page and "2 页" in page


async def test_what_is_kept_is_sealed_and_comes_back_as_a_download(desk: Desk) -> None:
    """Nothing of the file is readable in the table; it is served as an attachment that no browser runs or keeps."""
    kind, sent = await asked(desk), document()
    person = await entered(desk)
    await attach(desk, person, kind, sent, "130199199001010011.pdf")
    row = await Attachment.select().where(Attachment.person == person).first()
    assert sent[:40] not in bytes(row["sealed"]) and b"%PDF" not in bytes(row["sealed"])
    assert not any("130199199001010011" in str(value) for value in row.values())
    answer = await desk.visitor.get(f"{desk.url}/attachments/{person}/{kind}")
    assert answer.content == sent and answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    competition = (await desk.small.competition())["id"]
    decided = Decision.select().where((Decision.competition == competition) & (Decision.kind == "attachment.taken"))
    (one,) = await decided.output(load_json=True)
    assert set(one["data"]) == {"person", "kind", "sha256"}


@pytest.mark.parametrize("what", [name for name in BAD if name != "too many bytes"])
async def test_bad_files_are_refused_beside_their_kind(desk: Desk, what: str) -> None:
    """Each with its code on the page, and nothing is kept."""
    kind = await asked(desk)
    person = await entered(desk)
    code, made = BAD[what]
    answer = await attach(desk, person, kind, made(), "证书.jpg")
    assert answer.status_code == 422 and f"<code>{code}</code>" in answer.text
    assert not await Attachment.exists().where(Attachment.person == person)


async def test_a_file_that_is_too_large_is_refused(desk: Desk) -> None:
    """Told, not cut off."""
    kind = await asked(desk)
    person = await entered(desk)
    answer = await attach(desk, person, kind, b"%PDF-" + bytes(10 << 20))
    assert answer.status_code == 422 and "attachment.too-heavy" in answer.text
    assert (await attach(desk, person, kind, bytes(13_000_000))).status_code == 413
    empty = await desk.visitor.post(f"{desk.url}/attachments/{person}/{kind}", data={"x": "1"}, headers=PAGE)
    assert empty.status_code in (400, 422)


async def test_a_picture_is_kept_without_what_was_hidden_in_it(desk: Desk) -> None:
    """A phone's photo of a paper loses its place on the map."""
    kind = await asked(desk)
    person = await entered(desk)
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    await attach(desk, person, kind, picture(exif=exif), "拍照.png")
    answer = await desk.visitor.get(f"{desk.url}/attachments/{person}/{kind}")
    assert answer.headers["content-type"] == "image/jpeg" and b"SecretCamera" not in answer.content
    assert (
        answer.headers["content-disposition"].endswith(".jpg") and not Image.open(io.BytesIO(answer.content)).getexif()
    )


async def test_the_newest_counts_and_the_same_is_kept_once(desk: Desk) -> None:
    """Nothing is overwritten; what comes twice is there once."""
    kind = await asked(desk)
    person = await entered(desk)
    for sent in (document(1), document(1), document(2)):
        await attach(desk, person, kind, sent)
    assert await Attachment.count().where(Attachment.person == person) == 2
    assert (await desk.visitor.get(f"{desk.url}/attachments/{person}/{kind}")).content == document(2)


async def test_an_event_asks_for_more_than_the_others(desk: Desk) -> None:
    """A kind of one event is asked of its people alone, and cannot be sent for others."""
    kind = await asked(desk, "电工证", event="M02")
    welder, electrician = await entered(desk, 0), await entered(desk, 1, "M02")
    assert await lacking(desk, welder) == ["photo.missing 照片"]
    assert await lacking(desk, electrician) == ["photo.missing 照片", "attachment.missing 电工证"]
    assert (await attach(desk, welder, kind, document())).status_code == 404


async def test_nobody_elses_papers_are_reached(desk: Desk, site: Site) -> None:
    """Another delegation's clerk neither reads nor replaces a file; who is not signed in even less; the organiser reads it."""
    kind = await asked(desk)
    person = await entered(desk)
    await attach(desk, person, kind, document())
    other = await desk_at(site, desk.small, "唐山市")
    other.visitor = await site.visitor(await clerk_of(desk.small, other.delegation))
    assert (await other.visitor.get(f"{other.url}/attachments/{person}/{kind}")).status_code == 404
    assert (await attach(other, person, kind, document(2))).status_code == 404
    assert (await other.visitor.get(f"{desk.url}/attachments/{person}/{kind}")).status_code == 403
    assert (await (await site.visitor()).get(f"{desk.url}/attachments/{person}/{kind}")).status_code == 401
    staff = await site.visitor(desk.small.staff.account)
    assert (await staff.get(f"{desk.url}/attachments/{person}/{kind}")).content == document()


async def test_an_applicants_papers_become_the_persons(desk: Desk, site: Site) -> None:
    """Sent from the phone, seen by the clerk before the decision, the person's afterwards."""
    kind = await asked(desk)
    stranger, address = await site.visitor(), await link(desk, "M01")
    own = (await send(stranger, address, applying.person(0))).headers["location"].partition("?")[0]
    assert "必交，还没有" in (await stranger.get(own, headers=PAGE)).text
    bad = await stranger.post(f"{own}/attachments/{kind}", files={"file": ("x.jpg", BAD["a ZIP"][1]())}, headers=PAGE)
    assert bad.status_code == 422 and "不是 PDF" in bad.text
    for sent in (document(2), document(1)):
        answer = await stranger.post(f"{own}/attachments/{kind}", files={"file": ("x.pdf", sent)}, headers=PAGE)
        assert answer.status_code == 303
    assert "换一份" in (await stranger.get(own, headers=PAGE)).text
    (one,) = await waiting(desk)
    assert f'href="{one}/{kind}"' in (await desk.visitor.get(one, headers=PAGE)).text
    assert (await desk.visitor.get(f"{one}/{kind}")).content == document(1)
    assert (await desk.visitor.post(one, data=typed(applying.person(0)), headers=PAGE)).status_code == 303
    row = await Member.select(Member.person).where(Member.entry.delegation == desk.delegation).first()
    assert (await desk.visitor.get(f"{desk.url}/attachments/{row['person']}/{kind}")).content == document(1)
    late = await stranger.post(f"{own}/attachments/{kind}", files={"file": ("x.pdf", document(3))}, headers=PAGE)
    assert late.status_code == 404 and await Attachment.count().where(Attachment.kind == kind) == 1


async def test_papers_go_with_an_application_that_goes(desk: Desk, site: Site) -> None:
    """Withdrawn or swept: the files are gone as well."""
    kind = await asked(desk)
    stranger, address = await site.visitor(), await link(desk, "M01")
    owns = []
    for place in range(2):
        own = (await send(stranger, address, applying.person(place))).headers["location"].partition("?")[0]
        await stranger.post(f"{own}/attachments/{kind}", files={"file": ("x.pdf", document())}, headers=PAGE)
        owns.append(own)
    assert await Attachment.count().where(Attachment.kind == kind) == 2
    await stranger.post(f"{owns[0]}/withdraw", headers=PAGE)
    assert await Attachment.count().where(Attachment.kind == kind) == 1
    closes = datetime(2026, 10, 1, tzinfo=UTC)
    await Competition.update({Competition.registration_closes: closes}).where(Competition.slug == desk.small.slug)
    await sweep(closes + timedelta(days=8))
    assert await Attachment.count().where(Attachment.kind == kind) == 0


async def test_the_organiser_asks_on_a_page(desk: Desk, site: Site) -> None:
    """Added, listed, taken out; twice the same is refused; what was attached outlives the asking."""
    staff = await site.visitor(desk.small.staff.account)
    url = f"/office/{desk.small.slug}/setup/attachments"
    added = await staff.post(url, data={"name": "职业技能等级证书", "required": "1"}, headers=PAGE)
    assert added.status_code == 303
    page = (await staff.get(added.headers["location"], headers=PAGE)).text
    assert "职业技能等级证书" in page and "必交" in page
    twice = await staff.post(url, data={"name": "职业技能等级证书", "event": "M01"}, headers=PAGE)
    assert twice.status_code == 409 and (await staff.post(url, data={"name": " "}, headers=PAGE)).status_code == 422
    (kind,) = await kinds_of((await desk.small.competition())["id"])
    assert kind["name_en"] == "Skill level certificate"
    person = await entered(desk)
    await attach(desk, person, kind["id"], document())
    assert (await staff.post(f"{url}/{kind['id']}/remove", headers=PAGE)).status_code == 303
    assert await kinds_of((await desk.small.competition())["id"]) == []
    assert await Attachment.count().where(Attachment.person == person) == 1
    other = await asked(desk, "体检表")
    await remove_kind(await desk.small.competition(), other, desk.small.staff, AT)
    assert not await AttachmentKind.exists().where(AttachmentKind.id == other)
    assert (await staff.post(f"{url}/{other}/remove", headers=PAGE)).status_code == 404


async def test_a_competition_does_not_ask_for_everything(desk: Desk) -> None:
    """There is an end to what may be asked for."""
    for number in range(MOST_KINDS):
        await asked(desk, f"材料{number}")
    with pytest.raises(Refusal, match=r"attachment-kind\.many"):
        await asked(desk, "又一种")


async def test_after_the_end_only_the_organiser_sends(desk: Desk, site: Site) -> None:
    """A clerk's time is over with registration; what they read stays readable."""
    kind = await asked(desk)
    person = await entered(desk)
    await attach(desk, person, kind, document())
    over = {Competition.registration_closes: datetime(2020, 1, 1, tzinfo=UTC)}
    await Competition.update(over).where(Competition.slug == desk.small.slug)
    late = await attach(desk, person, kind, document(2))
    assert late.status_code == 409 and await Attachment.count().where(Attachment.person == person) == 1
    assert (await desk.visitor.get(f"{desk.url}/attachments/{person}/{kind}")).status_code == 200
    desk.visitor = await site.visitor(desk.small.staff.account)
    assert (await attach(desk, person, kind, document(2))).status_code == 303


async def test_an_import_that_is_undone_keeps_whoever_has_papers(desk: Desk) -> None:
    """Undoing takes the entry out; the person stays as long as a file of theirs is kept, and nothing breaks."""
    kind = await asked(desk)
    person = await entered(desk)
    await attach(desk, person, kind, document())
    page = (await desk.visitor.get(desk.url, headers=PAGE)).text
    undo = page.split('/undo"')[0].rsplit('action="', 1)[1] + "/undo"
    assert (await desk.visitor.post(undo, headers=PAGE)).status_code == 303
    assert not await Member.exists().where(Member.person == person)
    assert (await desk.visitor.get(f"{desk.url}/attachments/{person}/{kind}")).status_code == 404
