"""Flags of delegations: found by the name of a file, made fit, and shown beside the name wherever everybody sees it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date

import pypdfium2
from PIL import Image
from pptx import Presentation

from server.competitions.flow import competition_named
from server.database.tables import Decision, Delegation, Flag
from server.registration.editions import NextEdition, next_edition
from server.registration.flags import flag_pictures
from server.results.boards import open_board
from tests.server.conftest import Site
from tests.server.small import DELEGATIONS, brought, founded

PLAIN = {"accept": "text/html"}


def picture(colour: str, size: tuple[int, int] = (900, 600), form: str = "PNG", **more: object) -> bytes:
    """A flag of two colours."""
    drawn = Image.new("RGB", size, "white")
    drawn.paste(Image.new("RGB", (size[0], size[1] // 2), colour))
    file = io.BytesIO()
    drawn.save(file, form, **more)
    return file.getvalue()


def packed(**files: bytes) -> bytes:
    """A ZIP."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


async def test_a_flag_stands_beside_its_delegation_wherever_everybody_sees_it(site: Site) -> None:
    """A ZIP finds its delegations by the files' names and tells what it cannot use; public results, medal tables, boards, the
    hall, the ceremony and its slides show the flag, and a monogram for who has none; its address changes with the picture and
    may be kept for ever; programs read the same address in open data and in the API, with another ETag for another picture, and the
    next edition has the same flags; nothing of what the file held besides the picture is in it; taken out, all is as before."""
    small = await brought(await founded("flags"), "reviewed")
    await open_board(await small.event(), "standings", None, small.staff, small.at)
    await brought(small, "published")
    site.app.state.live.patience = 0.0
    staff, stranger = await site.visitor(small.staff.account), await site.visitor()
    office, public = f"/office/{small.slug}", f"/c/{small.slug}"
    pages = [public, f"{public}/results/M01", f"{public}/board", f"{public}/board/M01", f"{public}/hall"]

    async def shown() -> list[list[str]]:
        texts = [(await stranger.get(path, headers=PLAIN)).text for path in pages]
        return [re.findall(r'class="flag" src="([^"]+)" alt=""|class="(flag none)"', text) for text in texts]

    assert not any(await shown())
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    exif = Image.Exif()
    exif[0x010E] = "Shijiazhuang, home of the clerk"
    sent = packed(**{
        f"{DELEGATIONS[0]}.png": picture("red"), "旗/廊坊.jpg": picture("blue", form="JPEG", exif=exif), "nowhere.png": picture("green"),
        f"{DELEGATIONS[2]}.svg": svg, f"{DELEGATIONS[3]}.png": picture("red", (40, 30)), f"{DELEGATIONS[4]}.png": picture("white"),
        f"{DELEGATIONS[5]}.png": picture("red", (900, 100)),
    })  # fmt: skip
    answer = await staff.post(f"{office}/flags?lang=en", files={"file": ("flags.zip", sent)}, headers=PLAIN)
    assert answer.status_code == 422 and "2 kept" in answer.text and answer.text.count('<td class="mono">') == 5
    written = await Decision.select().where(Decision.kind == "flags.taken").output(load_json=True)
    assert [len(row["data"]["flags"]) for row in written] == [2]

    for path, seen in zip(pages, await shown(), strict=True):
        assert seen, path
    _, results, *_ = await shown()
    assert len({address for address, _ in results if address}) == 2 and any(none for _, none in results)
    whose = (await Delegation.select().where(Delegation.name == DELEGATIONS[0]).first())["id"]  # type: ignore[index]
    (address,) = {address for address, _ in results if str(whose) in address}
    one = await stranger.get(address)
    assert one.headers["content-type"] == "image/png" and "immutable" in one.headers["cache-control"]
    assert Image.open(io.BytesIO(one.content)).size == (96, 64) and len(one.content) < 4000

    whole, api = site.app.state.settings.base_url, f"/api/competitions/{small.slug}"
    data, table = await stranger.get(f"{api}/open/delegations"), await stranger.get(f"{public}/data/delegations.csv")
    told = {row["delegation"]: row["flag"] for row in data.json()["rows"]}
    assert told[DELEGATIONS[0]] == whole + address and sum(map(bool, told.values())) == 2 and len(told) == 6
    lines = csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff")))
    assert {row["delegation"]: row["flag"] for row in lines} == told
    assert {row["name"]: row["flag"] for row in (await staff.get(f"{api}/delegations")).json()} == told
    later = NextEdition(starts=date(2027, 10, 15), ends=date(2027, 10, 17))
    last = await small.competition()
    edition = await competition_named((await next_edition(last, later, small.staff, small.at))["slug"])
    assert await flag_pictures(edition["id"]) == await flag_pictures(last["id"]) != {}
    kept = await Flag.select(Flag.large, Flag.small)
    assert not any(b"Shijiazhuang" in bytes(row[name]) for row in kept for name in ("large", "small"))
    assert (await stranger.get(f"{public}/flags/main.js")).status_code == 404
    assert (await stranger.get(f"{public}/flags/{small.staff.account}-000000000000.png")).status_code == 404

    ceremony = (await staff.get(f"{office}/ceremony", headers=PLAIN)).text
    assert 'src="data:image/jpeg;base64,' in ceremony and 'src="data:image/png;base64,' in ceremony
    deck = Presentation(io.BytesIO((await staff.get(f"{office}/slides.pptx")).content))
    assert sum(shape.shape_type == 13 for slide in deck.slides for shape in slide.shapes) >= 3
    paper = pypdfium2.PdfDocument((await staff.get(f"{office}/slides.pdf")).content)
    assert any(one.type == 3 for page in paper for one in page.get_objects())

    form = {"file": ("IMG_1.png", picture("purple"))}
    answer = await staff.post(f"{office}/flags", data={"delegation": str(whose)}, files=form, headers=PLAIN)
    assert answer.status_code == 200 and len(await flag_pictures(last["id"])) == 2
    assert (await stranger.get(data.url, headers={"if-none-match": data.headers["etag"]})).status_code == 200
    again = {address for seen in await shown() for address, _ in seen}
    assert str(whose) in "".join(again) and address not in again
    assert (await stranger.get(address)).headers["cache-control"] == "no-cache", (
        "whoever holds an old page sees the new one"
    )
    for delegation in {
        row["delegation"] for row in await Flag.select(Flag.delegation).where(Flag.delegation.competition == last["id"])
    }:
        await staff.post(f"{office}/flags/{delegation}/remove")
    assert not any(await shown()) and (await stranger.get(address)).status_code == 404
