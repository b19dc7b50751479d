"""Nobody who judges learns whose work it is before it is decoded: every address, asked as a judge would, in every state
before the review, searched for everything that names a competitor. Then leaks are planted, and the search has to find them.
"""

from __future__ import annotations

import html
import io
import itertools
import json
import logging
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from jinja2 import ChoiceLoader, DictLoader
from openpyxl import Workbook

import server.app
import server.marks.http
import server.marks.shift
from scoring.__main__ import run
from server import pipeline
from server.database.tables import Intake, Member
from server.draw.flow import codes_of, draws_of
from server.draw.layers import open_layer
from server.draw.record import secrets_of
from server.registration.flow import masked
from tests.server.conftest import Site, Visitor
from tests.server.draw.ceremonies import (
    LATER,
    PASSPHRASES,
    announced,
    committed,
    held,
    ready,
    under_custody,
    with_witnesses,
)
from tests.server.small import DELEGATIONS, SEALER, Small, entered, founded, opened, owed_marks, posted, row_of, seated
from tests.server.test_access import ALLOWED, FILLED, routes

pytestmark = pytest.mark.slow
BLIND = pipeline.STATES[: pipeline.STATES.index("reviewed")]
IN_PUBLIC = ("announced", "held in public", "kept by custodians", "half decoded")
"""Draws with a ceremony: before and after it, and with layers that custodians keep."""
WAYS = ("text/html", "application/json")
SPOKEN = {"text/html": ("zh", "en"), "application/json": ("zh",)}
"""The languages in which each is asked: JSON has the words of both beside each other."""


async def prepared(state: str) -> Small:
    """A competition in a state, with its panel from the first day on, so that there is always a judge who could look."""
    small = await founded(f"blind-{state}")
    await seated(small)
    for door in pipeline.STATES[1 : pipeline.STATES.index(state) + 1]:
        if door == "drawn":
            await entered(small)
        elif door == "sealed":
            await posted(small, owed_marks(small, (await small.event())["id"]))
        await opened(small, door)
        small.codes = await codes_of((await small.event())["id"])
    if state == "registration":
        await entered(small)
    return small


async def prepared_in_public(stage: str) -> Small:
    """A competition whose draw was announced: still open, held, or held under custody and then partly decoded."""
    slug = stage.replace(" ", "-")
    if stage == "announced":
        small, witnesses = await with_witnesses(slug)
        await announced(small, witnesses, related="第1机械厂、廊坊市")
        await committed(small, witnesses)
        return small
    if stage == "held in public":
        small, witnesses = await ready(slug, related="第1机械厂、廊坊市")
        await held(small)
    else:
        small, witnesses, _ = await under_custody(slug)
        await held(small)
    event = await small.event()
    small.codes = await codes_of(event["id"])
    await opened(small, "marking", at=LATER)
    if stage == "half decoded":
        await posted(small, owed_marks(small, event["id"]))
        await opened(small, "sealed", at=LATER)
        for layer in ("code", "station"):
            await open_layer(event, layer, PASSPHRASES[layer], "", SEALER, witnesses[0], LATER)
    return small


# ---------- what may not be found ----------


async def naming(small: Small) -> dict[str, str]:
    """Everything that names a competitor of this competition, as the database has it → what it is."""
    query = Member.select(
        Member.unit,
        Member.entry.team.as_alias("team"),
        Member.entry.delegation.name.as_alias("delegation"),
        Member.person.id.as_alias("id"),
        Member.person.name.as_alias("name"),
        Member.person.document_sealed.as_alias("document"),
        Member.person.phone_sealed.as_alias("phone"),
    )
    found: dict[str, str] = {}
    for row in await query.where(Member.event.competition.slug == small.slug):
        document = SEALER.open(row["document"], f"document:{row['id']}")
        found |= {
            row["name"]: "name",
            row["unit"]: "unit",
            row["delegation"]: "delegation",
            document: "document",
            masked(document): "masked document",
            SEALER.open(row["phone"], f"phone:{row['id']}"): "phone",
            str(row["id"]): "person",
            row["team"]: "team",
        }
    return {secret: what for secret, what in found.items() if secret} | await leading(small)


async def leading(small: Small) -> dict[str, str]:
    """What a work code could be computed from: the seed of a typed draw, and the secrets of the layers."""
    found: dict[str, str] = {}
    for drawn in await draws_of((await small.event())["id"]):
        if drawn["way"] == "typed":
            found[drawn["seed"]] = "seed"
        found |= {secret: f"secret of {layer}" for layer, secret in (await secrets_of(drawn, SEALER)).items()}
    return found


def disguises(secret: str) -> set[bytes]:
    """How a text stands in pages, addresses, headers, JSON, workbooks and PDF files."""
    wide = secret.encode("utf-16-be")
    return {
        secret.encode(),
        quote(secret).encode(),
        json.dumps(secret)[1:-1].encode(),
        html.escape(secret).encode(),
        "".join(f"&#{ord(sign)};" for sign in secret).encode(),
        wide,
        wide.hex().encode(),
        wide.hex().upper().encode(),
    }


def unpacked(content: bytes) -> Iterator[bytes]:
    """The bytes of a body, and what is packed into it: a workbook's parts and their names, a PDF's streams."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield name.encode()
                yield packed.read(name)
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.S) if content.startswith(b"%PDF") else ():
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(stream)


@dataclass
class Seen:
    """What was said somewhere: an address and what came back, or the log."""

    where: str
    content: bytes


def leaks(seen: Iterable[Seen], secrets: dict[str, str]) -> list[str]:
    """Where something was told that may not be, and what."""
    forms = {secret: disguises(secret) for secret in secrets}
    return [
        f"{one.where}: {what} {secret}"
        for one in seen
        for part in unpacked(one.content)
        for secret, what in secrets.items()
        if any(form in part for form in forms[secret])
    ]


# ---------- the walk ----------


class Listening(logging.Handler):
    """Keeps every line of every log, with what failed."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def listening() -> Iterator[Listening]:
    """Hears what the program logs, at whatever level and under whatever name."""
    ear, loggers = Listening(), [logging.getLogger(name) for name in ("", "podium", "litestar", "uvicorn.access")]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.addHandler(ear)
        logger.setLevel(logging.DEBUG)
    try:
        yield ear
    finally:
        for logger, level in before:
            logger.removeHandler(ear)
            logger.setLevel(level)


async def addresses(site: Site, small: Small) -> list[str]:
    """Every route that is read, with what stands in its gaps, and with what nobody has."""
    gaps = {**{name: (value,) for name, value in FILLED.items()}, "slug": (small.slug,)}
    mine = Intake.delegation.competition.slug == small.slug
    sent = await Intake.select(Intake.id, Intake.delegation).where(mine).limit(1)
    gaps["delegation"] = (*(str(row["delegation"]) for row in sent), "0")
    gaps["intake"] = (*(str(row["id"]) for row in sent), "0")
    mine = Member.event.competition.slug == small.slug
    members = await Member.select(Member.entry).where(mine).order_by(Member.entry.number).limit(1)
    gaps["entry"] = (*(str(row["entry"]) for row in members), "0")
    found = []
    for path in sorted(path for method, path in routes(site) if method == "GET"):
        names = re.findall(r"{(\w+):\w+}", path)
        for values in itertools.product(*(gaps[name] for name in names)):
            filled = path
            for name, value in zip(names, values, strict=True):
                filled = re.sub(rf"{{{name}:\w+}}", value, filled)
            found.append(filled)
    return found


def heard(response: httpx.Response, asked: str, read: set[bytes]) -> Iterator[Seen]:
    """An answer: its headers, and its body unless another of this walk had the very same."""
    yield Seen(asked, b"\n".join(name + b": " + value for name, value in response.headers.raw))
    if response.content not in read:
        read.add(response.content)
        yield Seen(asked, response.content)


REFUSED_STEPS = ("final", "published", "reviewed", "drawn", "certified")


async def walk(site: Site, small: Small, visitor: Visitor) -> list[Seen]:
    """Everything that this visitor gets to see: every address in every way, pages in both languages where they
    answer, steps that are refused, the log."""
    seen: list[Seen] = []
    read: set[bytes] = set()
    with listening() as ear:
        for path in await addresses(site, small):
            for accept in WAYS:
                for lang in SPOKEN[accept]:
                    response = await visitor.get(path, params={"lang": lang}, headers={"accept": accept})
                    seen += heard(response, f"GET {path} {accept} {lang}", read)
                    if response.is_error:
                        break
        for into, accept in itertools.product(REFUSED_STEPS, WAYS):
            asked = f"{small.slug}/events/M01/steps"
            for response in (
                await visitor.post(f"/office/{asked}", data={"into": into}, headers={"accept": accept}),
                await visitor.post(f"/api/competitions/{asked}", json={"into": into}, headers={"accept": accept}),
            ):
                assert response.is_error
                seen += heard(response, f"POST {response.url.path} {into} {accept}", read)
    return [*seen, Seen("the log", "\n".join(ear.lines).encode())]


@dataclass
class Stage:
    """A competition in one state, and the two who judge there."""

    small: Small
    secrets: dict[str, str]
    visitors: dict[str, Visitor] = field(default_factory=dict)


@pytest.fixture(scope="module")
async def stages(site: Site) -> AsyncIterator[dict[str, Stage]]:
    """One competition for each state before the review."""
    made = {}
    for state in (*BLIND, *IN_PUBLIC):
        small = await (prepared(state) if state in BLIND else prepared_in_public(state))
        stage = Stage(small, await naming(small))
        for who, account in (("chief judge", small.judges[0]), ("judge", small.judges[1])):
            stage.visitors[who] = await site.visitor(account)
        made[state] = stage
    yield made


WALKS = [
    *((state, "chief judge") for state in (*BLIND, *IN_PUBLIC)),
    *((state, "judge") for state in ("drawn", "marking", "sealed", "half decoded")),
]
"""The chief judge may open whatever a judge may, and is there in every state; a judge where they have codes before them."""


@pytest.mark.parametrize(("state", "who"), WALKS)
async def test_a_judge_finds_nothing_that_names_a_competitor(
    site: Site, stages: dict[str, Stage], state: str, who: str
) -> None:
    """No name, unit, delegation, document, telephone or person's id in any body, header, file name or line of the log."""
    stage = stages[state]
    seen = await walk(site, stage.small, stage.visitors[who])
    assert leaks(seen, stage.secrets) == []
    said = b"\n".join(one.content for one in seen)
    assert all(code.encode() in said for code in stage.small.codes)
    kinds = Counter(stage.secrets.values())
    one_each = ("name", "unit", "delegation", "document", "masked document", "person")
    assert {kinds[what] for what in one_each} == {0 if state == "setup" else 6}


async def test_the_walk_goes_everywhere(site: Site, stages: dict[str, Stage]) -> None:
    """Every route that can be read is on the way, and none is open to a judge that is closed to the chief judge."""
    paths = await addresses(site, stages["marking"].small)
    patterns = [re.sub(r"{\w+:\w+}", ".+", path) for method, path in routes(site) if method == "GET"]
    assert all(any(re.fullmatch(pattern, path) for path in paths) for pattern in patterns)
    assert [way for way, who in ALLOWED.items() if "judge" in who and "chief" not in who] == []


async def test_a_judge_cannot_compute_a_work_code_from_what_is_published(site: Site, stages: dict[str, Stage]) -> None:
    """The record of a draw held in public replays for a judge as for anybody, without one code; a typed draw's is not to be had."""
    for state, told in (("held in public", True), ("half decoded", True), ("marking", False), ("sealed", False)):
        stage = stages[state]
        response = await stage.visitors["judge"].get(f"/c/{stage.small.slug}/draw/M01/record.json")
        assert (response.status_code == 200) is told
        if told:
            code, answer = run(["draw"], lambda text=response.text: text.encode())
            assert (code == 0) is (state == "held in public") and "W-0" not in answer + response.text
        else:
            assert response.json()["code"] == "draw.kept-back"


# ---------- planted leaks ----------

NAME = row_of(2).name
"""Each leak tells of somebody else, so that each is found by itself in one walk."""


def in_a_page(site: Site, patch: pytest.MonkeyPatch) -> str:
    before = site.app.state.templates
    source = before.loader.get_source(before, "marks/tablet.html")[0]
    spoilt = DictLoader({"marks/tablet.html": source.replace("</p>", f" {NAME}</p>", 1)})
    assert NAME in spoilt.mapping["marks/tablet.html"]
    patch.setattr(site.app.state, "templates", before.overlay(loader=ChoiceLoader([spoilt, before.loader])))
    return NAME


def in_an_answer(site: Site, patch: pytest.MonkeyPatch) -> str:
    unit = row_of(0).unit

    async def told(event: Any) -> list[str]:
        return [*await codes_of(event), unit]

    patch.setattr(server.marks.http, "codes_of", told)
    return unit


def in_a_header(site: Site, patch: pytest.MonkeyPatch) -> str:
    patch.setitem(server.app.HEADERS, "x-from", quote(DELEGATIONS[1]))
    return DELEGATIONS[1]


def in_a_file_name(site: Site, patch: pytest.MonkeyPatch) -> str:
    name = row_of(3).name
    named = f"attachment; filename*=UTF-8''{quote(f'{name}.xlsx')}"
    patch.setitem(server.app.HEADERS, "content-disposition", named)
    return name


def in_the_log(site: Site, patch: pytest.MonkeyPatch) -> str:
    unit = row_of(4).unit

    async def told(event: Any) -> list[str]:
        logging.getLogger("podium").info("codes asked for by the panel of %s", unit)
        return await codes_of(event)

    patch.setattr(server.marks.shift, "codes_of", told)
    return unit


def in_what_broke(site: Site, patch: pytest.MonkeyPatch) -> str:
    name = row_of(5).name

    async def breaks(event: Any) -> list[str]:
        raise LookupError(name)

    patch.setattr(server.marks.http, "panel_of", breaks)
    return name


LEAKS = ((in_a_page, in_an_answer, in_a_header, in_a_file_name, in_the_log), (in_what_broke,))
"""What broke is walked past by itself, because nothing else is answered there."""


@pytest.mark.parametrize("plants", LEAKS, ids=["in what is said", "in what broke"])
async def test_each_planted_leak_is_found(
    site: Site, stages: dict[str, Stage], monkeypatch: pytest.MonkeyPatch, plants: Sequence[Any]
) -> None:
    """The walk above would fail: a single name, wherever it stands, is found by it, and nothing else is taken for one."""
    stage = stages["marking"]
    planted = {plant(site, monkeypatch) for plant in plants}
    assert len(planted) == len(plants)
    found = leaks(await walk(site, stage.small, stage.visitors["judge"]), stage.secrets)
    assert {line.rsplit(": ", 1)[1].split(" ", 1)[1] for line in found} == planted


def test_a_name_is_found_inside_a_file() -> None:
    """In the cells of a workbook, in a PDF's compressed text, and in its title."""
    book, buffer = Workbook(), io.BytesIO()
    book.active["B2"] = NAME  # type: ignore[index]
    book.save(buffer)
    squeezed = zlib.compress(f"({NAME})".encode("utf-16-be"))
    text = b"%PDF-1.7\n1 0 obj <<>> stream\n" + squeezed + b"\nendstream endobj"
    title = b"%PDF-1.7\n1 0 obj << /Title <FEFF" + NAME.encode("utf-16-be").hex().upper().encode() + b"> >> endobj"
    clean = b"%PDF-1.7\n1 0 obj << /Title (nobody) >> endobj"
    files = [buffer.getvalue(), text, title, clean]
    assert [bool(leaks([Seen("file", one)], {NAME: "name"})) for one in files] == [True, True, True, False]
