"""What people typed stays text wherever it goes: no page, feed, file, workbook or certificate takes it for anything else."""

from __future__ import annotations

import csv
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest
from openpyxl import load_workbook
from pptx import Presentation

from certificates.verification import attached
from server.competitions.facts import NewEvent
from server.competitions.flow import add_event, choose_scheme
from server.competitions.news import announce
from server.database.tables import Certificate, Competition
from server.issuing.printing import place_of, print_pending
from tests.server import small as hall
from tests.server.conftest import Site, Visitor
from tests.server.small import AT, SCHEME, SEALER, WELDER, Small, brought, enter, form, founded, row_of

MARKUP = '</script><img src="x" onerror=alert(1)>{{ 7*191 }}'
FORMULAS = ('=HYPERLINK("http://evil.example")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1,1)", '"a",b;c\u3000厂', MARKUP)
NAMES = ("-王", "'王", "龑䶮𬀩", "Ö’Brien-Müller Jr.", "阿卜杜热西提·阿卜杜热合曼·买买提艾力江", "葛É")
EVENT = f"=焊接{MARKUP}"


@pytest.fixture
async def small(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Small:
    """A competition whose every text is a formula or markup, with its certificates printed."""

    async def entered(small: Small) -> None:
        for place, (name, typed) in enumerate(zip(NAMES, FORMULAS, strict=True)):
            row = row_of(place, name=name, unit=typed, event=EVENT, note=typed)
            await enter(await small.competition(), form(typed, [row]), SEALER, small.staff, AT)

    async def add_welding(small: Small) -> None:
        new = NewEvent(
            "M01", EVENT, f"@Welding{MARKUP}", "-制造", "职工组", *WELDER, policy="hebei-skills-2025", judges=3
        )
        await add_event(await small.competition(), new, small.staff, AT)
        await choose_scheme(await small.event(), SCHEME, small.staff, AT)

    monkeypatch.setattr(hall, "entered", entered)
    monkeypatch.setattr(hall, "add_welding", add_welding)
    small = await founded()
    renamed: dict[Any, Any] = {Competition.name: f"+大赛{MARKUP}", Competition.name_en: f"@Contest{MARKUP}"}
    await Competition.update(renamed).where(Competition.slug == small.slug)
    told = {"title": f"=公告{MARKUP}", "body": f"]]>{MARKUP}\nEND:VEVENT"}
    await announce(await small.competition(), told, small.staff, AT)
    await brought(small, "certified")
    folder = Path(site.app.state.settings.data) / "certificates" / small.slug
    with ThreadPoolExecutor(1) as press:
        async for _ in print_pending((await small.competition())["id"], folder, SEALER, "组委会", press):  # type: ignore[arg-type]
            pass
    return small


class Page(HTMLParser):
    """A page as a browser takes it apart: what would act in it, and the data that it carries for machines."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.acts: list[str] = []
        self.data: list[str] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element."""
        had = dict(attrs)
        self.inside = tag == "script" and had.get("type") in ("application/ld+json", "application/json")
        if (
            had.get("src") == "x"
            or any(name.startswith("on") for name in had)
            or (tag == "script" and not had.get("src") and not self.inside)
        ):
            self.acts.append(f"<{tag} {had}>")

    def handle_data(self, data: str) -> None:
        """What stands in it."""
        if self.inside:
            self.data.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Its end."""
        self.inside = False


async def test_what_people_typed_is_text_wherever_it_goes(site: Site, small: Small) -> None:
    """Formulas, markup, templates' braces and separators in every name, from the registration to the certificate: pages hold no
    element of theirs, workbooks no formula, CSV no cell that begins one, feeds and data parse, and paper, credential and verification
    say the name as it was typed."""
    public, staff = await site.visitor(), await site.visitor(small.staff.account)
    (first, *_) = rows = await Certificate.select().order_by(Certificate.number)
    c, office = f"/c/{small.slug}", f"/office/{small.slug}"
    verified = f"/verify?number={first['number']}"
    for visitor, path in (
        *((public, path) for path in ("/", c, f"{c}/results", f"{c}/results/M01", f"{c}/news", f"{c}/programme", f"{c}/live/M01")),
        *((public, path) for path in (f"/v/{first['token']}", verified, f"{c}/data")),
        *((staff, f"{office}{path}") for path in ("", "/lists/entries", "/lists/delegations", "/certificates", "/ceremony/M01")),
        *((staff, f"{office}{path}") for path in ("/events/M01/standings", "/setup", "/setup/events/M01", "/papers", "/judges")),
    ):  # fmt: skip
        answer = await visitor.get(path, headers={"accept": "text/html"})
        page = Page(answer.text)
        assert answer.status_code == 200 and not page.acts and "1337" not in answer.text, (path, page.acts)
        assert all(json.loads(data) is not None for data in page.data), path
    for visitor, path in (
        (public, f"{c}/results/M01/table.xlsx"),
        *(
            (staff, f"{office}/{path}.xlsx")
            for path in ("certificates/list", "lists/entries/workbook", "lists/delegations/workbook")
        ),
    ):
        cells = [cell for sheet in load_workbook(io.BytesIO(await got(visitor, path))) for row in sheet for cell in row]
        assert any(cell.value in (*NAMES, *FORMULAS) for cell in cells), path
        assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink], path
    for kind in ("results", "entries", "delegations"):
        lines = list(csv.reader(io.StringIO((await got(public, f"{c}/data/{kind}.csv")).decode("utf-8-sig"))))
        assert len({len(line) for line in lines}) == 1 and len(lines) > 3
        assert not [cell for line in lines for cell in line if re.match(r"[=+@-]", cell)]
    assert f"=公告{MARKUP}" in "".join(ElementTree.fromstring(await got(public, f"{c}/news.atom")).itertext())
    calendar = (await got(public, f"{c}/programme.ics")).decode()
    assert calendar.count("END:VCALENDAR") == 1 and "END:VEVENT" not in calendar.replace("\r\n ", "")
    deck = Presentation(io.BytesIO(await got(staff, f"{office}/slides.pptx")))
    shown = "".join(shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame)
    assert MARKUP in shown.replace("\v", "").replace("\n", "") and "-王" in shown
    folder = Path(site.app.state.settings.data) / "certificates" / small.slug
    assert {json.loads(row["content"])["name"] for row in rows} < set(NAMES)
    for row in rows:
        name, pdf = json.loads(row["content"])["name"], place_of(folder, row["number"]).read_bytes()
        said = "".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())
        assert "".join(name.split()) in said and "".join(MARKUP.split()) in said
        assert name in json.dumps(json.loads(attached(pdf)), ensure_ascii=False)
        found = (await public.get(f"/api/verify/code/{row['token']}")).json()
        assert (found["outcome"], found["paper"]["name"]) == ("genuine", name)


async def got(visitor: Visitor, path: str) -> bytes:
    """What is at an address."""
    answer = await visitor.get(path)
    assert answer.status_code == 200, (path, answer.text[:200])
    return answer.content
