"""The award ceremony and its slides: out of the published snapshot, with photos of those alone who agreed."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import pypdfium2
from PIL import Image
from pptx import Presentation

from admin.award_pages import slides_of
from server.database.tables import Member
from server.registration.photos import take_photos
from server.results.awarding import agree, calls_of, consented
from server.results.flow import snapshot_of
from tests.server.conftest import Site
from tests.server.small import SEALER, Small, brought, founded


class Portrait:
    """A photo as the intake hands it on."""

    name, width, height = "", 413, 579

    def __init__(self, colour: str) -> None:
        file = io.BytesIO()
        Image.new("RGB", (self.width, self.height), colour).save(file, "JPEG")
        self.jpeg = file.getvalue()


async def photographed(small: Small) -> dict[str, Any]:
    """Everybody has a photo; name → person."""
    query = Member.select(Member.person, Member.person.name.as_alias("name"))
    people = {row["name"]: row["person"] for row in await query.where(Member.event.competition.slug == small.slug)}
    for number, person in enumerate(people.values()):
        portrait = Portrait(f"#{number + 1:02}4488")
        await take_photos(await small.competition(), None, [portrait], SEALER, small.staff, small.at, person=person)
    return people


def texts_of(deck: bytes) -> tuple[list[str], list[int]]:
    """What every slide of a presentation says, and how many pictures it has; everything lies on the slide."""
    made = Presentation(io.BytesIO(deck))
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= made.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= made.slide_height
    said = ["\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) for slide in made.slides]
    return said, [sum(shape.shape_type == 13 for shape in slide.shapes) for slide in made.slides]


async def test_the_ceremony_calls_bronze_silver_gold_as_published(site: Site) -> None:
    """Page, PDF and presentation call the same people in the same order, the lowest award first, as the snapshot has them; a
    photo is on them only of who agreed, and goes when they take it back; before the publication there is nothing to be had.
    """
    small = await brought(await founded("ceremony"), "reviewed")
    visitor, url = await site.visitor(small.staff.account), f"/office/{small.slug}"
    for path in ("ceremony", "ceremony/M01", "slides.pdf", "slides.pptx"):
        assert (await visitor.get(f"{url}/{path}")).json()["code"] == "ceremony.nobody"
    await brought(small, "published")
    event, people = await small.event(), await photographed(small)
    snapshot = await snapshot_of(event["id"])
    assert snapshot
    by_award = {row["award"]["id"]: row["members"][0]["name"] for row in snapshot["content"]["rows"] if row["award"]}
    order = [by_award[award] for award in ("bronze", "silver", "gold")]
    gold = order[-1]
    assert (await visitor.get(f"{url}/ceremony")).text.count("data:image/jpeg") == 0
    answer = await visitor.post(f"{url}/ceremony/M01", data={f"agreed-{people[gold]}": "1"})
    assert answer.status_code == 303
    page = (await visitor.get(f"{url}/ceremony")).text
    called = re.findall(r'<section class="step winner.*?<p class="name[^"]*">([^<]+)</p>', page, re.S)
    assert [name for name in called if name in order] == order
    assert "赵" in page and page.count("data:image/jpeg") == 1 and 'src="http' not in page
    told = slides_of("焊接技术", await calls_of(event, SEALER), "zh")
    assert [slide.kind for slide in told if slide.kind != "list"] == ["title", *["winner"] * len(called), "podium"]
    said, pictures = texts_of((await visitor.get(f"{url}/slides.pptx?event=M01")).content)
    assert [name for name in called if name in said[1 + called.index(name) + len(told) - 2 - len(called)]] == called
    assert sum(pictures) == 1 and gold in said[pictures.index(1)]
    pdf = pypdfium2.PdfDocument((await visitor.get(f"{url}/slides.pdf")).content)
    texts = [page.get_textpage().get_text_range() for page in pdf]
    assert len(texts) == len(told) == len(said)
    assert all(name in text for name, text in zip(called, texts[-1 - len(called) : -1], strict=True))
    silver = order[1]
    older = {"known": "1", f"agreed-{people[silver]}": "1"}  # a page from before the winner agreed
    await visitor.post(f"{url}/ceremony/M01", data=older)
    agreed = await consented(event["competition"], list(people.values()))
    assert agreed == {people[gold], people[silver]}, "an older page takes back nobody's word"
    older = {"known": "1", **{f"{what}-{people[gold]}": "1" for what in ("known", "agreed")}}
    await visitor.post(f"{url}/ceremony/M01", data={"known": "1", f"known-{people[silver]}": "1"})
    await visitor.post(
        f"{url}/ceremony/M01", data={**older, **{f"{what}-{people[silver]}": "1" for what in ("known", "agreed")}}
    )
    agreed = await consented(event["competition"], list(people.values()))
    assert agreed == {people[gold]}, "nor gives it again after it was taken back"
    await agree(event, list(people.values()), [], small.staff, datetime.now(UTC))
    assert "data:image/jpeg" not in (await visitor.get(f"{url}/ceremony")).text


async def test_the_desk_opens_freezes_and_reveals(site: Site) -> None:
    """Staff open every board at once, freeze one and reveal it; a time that is none is refused in words and changes nothing."""
    small = await brought(await founded("desk-boards"), "marking")
    visitor, url = await site.visitor(small.staff.account), f"/office/{small.slug}/live"
    site.app.state.live.patience = 0.0
    board = f"/api/competitions/{small.slug}/events/M01/board"
    assert (await visitor.post(url, data={"shows": "progress"})).status_code == 303
    assert (await visitor.get(board)).json()["event"]["shows"] == "progress"
    bad = await visitor.post(
        f"{url}/M01", data={"shows": "standings", "freezes": "soon"}, headers={"accept": "text/html"}
    )
    assert bad.status_code == 422 and 'role="alert"' in bad.text
    assert (await visitor.get(board)).json()["event"]["shows"] == "progress"
    for act, frozen in (("freeze", True), ("reveal", False)):
        assert (await visitor.post(f"{url}/M01", data={"shows": "standings", "act": act})).status_code == 303
        told = (await visitor.get(board)).json()["event"]
        assert (told["shows"], bool(told["frozen"])) == ("standings", frozen)
    page = await visitor.get(url, headers={"accept": "text/html"})
    stale = {"shows": "nothing", "freezes": "", "known": "1"}
    second = await visitor.post(f"{url}/M01", data=stale, headers={"accept": "text/html"})
    assert second.status_code == 409 and "现在是" in second.text, "an older page takes no freeze away"
    assert re.search(r'<option value="nothing" selected>', second.text), "what its sender chose still stands there"
    all_of_them = await visitor.post(url, data={"shows": "nothing", "known-M01": "1"}, headers={"accept": "text/html"})
    assert all_of_them.status_code == 409 and (await visitor.get(board)).json()["event"]["shows"] == "standings"
    assert page.status_code == 200 and 'value="reveal"' not in page.text
