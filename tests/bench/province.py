"""A competition of a province's size for `podium bench pages`: 113 events, 1 278 entries, 640 000 marks in their chains.

People enter, events are drawn, sealed, published and certified by the program's own flows. Only the marks are written by
hand, a hundred thousand at a time, because posting them would take minutes; each has the hash of the one before it, so
that the ledger holds (`podium audit verify`). Events stand at every door of the corridor.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from ulid import ULID

from scoring.identity import check_digit
from scoring.marks import Aspect, Criterion, Module, Scheme, SubCriterion
from server import pipeline
from server.access import Actor, Seat
from server.appeals.writing import results_open_to, write
from server.competitions.facts import NewEvent
from server.competitions.flow import add_event, choose_scheme, competition_named, event_named, events_of
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.tables import Account, Competition, Delegation, Judge, JudgeAccount, Mark, Quota
from server.database.tables import Seat as SeatRow
from server.draw.flow import codes_of
from server.ledger import link
from server.marks.batch import Head, Post, mark_fields
from server.marks.ledger import grow, store
from server.marks.rules import Rules
from server.registration.flow import enter
from server.registration.review import Seen, decide, entries_in
from server.registration.sending import add_clerk
from tests.server.small import BASE, SEALER, WELDER, Row, Small, form, founded, mark

EVENTS, ENTRIES, MARKS, PANEL = 113, 1278, 640_000, 5
APPEALS = 45
STANDS = (
    *["registration"] * 8, *["drawn"] * 3, *["marking"] * 12, *["sealed"] * 10, *["reviewed"] * 5,
    *["published"] * 15, *["final"] * 10, *["certified"] * 50,
)  # fmt: skip
"""Where every event stands."""
CITIES = (
    "石家庄市",
    "唐山市",
    "秦皇岛市",
    "邯郸市",
    "邢台市",
    "保定市",
    "张家口市",
    "承德市",
    "沧州市",
    "廊坊市",
    "衡水市",
    "定州市",
    "辛集市",
    "雄安新区",
)
SKILLS = (
    "焊接技术",
    "电工",
    "数控车",
    "数控铣",
    "机电一体化",
    "工业机器人",
    "网站设计",
    "网络安全",
    "汽车维修",
    "砌筑",
    "美发",
    "烹饪",
    "花艺",
    "茶艺",
    "养老护理",
    "增材制造",
    "物联网",
    "云计算",
    "餐厅服务",
    "木工",
)
LEVELS = ("", "intermediate", "senior", "technician")
AT = datetime(2026, 10, 16, 1, 0, tzinfo=UTC)
GIVEN = [
    "一",
    "芳",
    "伟",
    "娜",
    "强",
    "敏",
    "静",
    "磊",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "霞",
    "平",
    "刚",
]
FAMILY = [
    "赵",
    "钱",
    "孙",
    "李",
    "周",
    "吴",
    "郑",
    "王",
    "冯",
    "陈",
    "褚",
    "卫",
    "蒋",
    "沈",
    "韩",
    "杨",
    "朱",
    "秦",
    "尤",
    "许",
]


def scheme(aspects: int) -> Scheme:
    """Half measured, half judged, all of them marked by every judge; theory first."""
    judged = ("差", "可", "良", "优")
    parts = [(letter, aspects // 10 + (place < aspects % 10)) for place, letter in enumerate("ABCDEFGHIJ")]
    criteria = []
    for letter, size in parts:
        made = tuple(
            Aspect(f"{letter}1.{n:02}", "measured", f"测量 {letter}{n}", 1000, "all")
            if n % 2
            else Aspect(f"{letter}1.{n:02}", "judged", f"评价 {letter}{n}", 1000, "all", anchors=judged)
            for n in range(1, size + 1)
        )
        module = "theory" if letter in "AB" else "practice"
        criteria.append(
            Criterion(letter, letter, 1000 * size, module, (SubCriterion(f"{letter}1", f"{letter}1", made),))
        )
    return Scheme("province", (Module("theory", "理论", 30), Module("practice", "实操", 70)), tuple(criteria))


async def built(dsn: str) -> Small:
    """Fill a migrated database. The Piccolo engine has to be connected."""
    dice = random.Random(7)
    small = await founded("province", code="E000")
    await _events(small)
    await _entries(small, dice)
    await _panels(small, dice)
    connection = await asyncpg.connect(dsn)
    try:
        for event in await events_of(await small.competition()):
            if event["code"] != "E000":
                await _walk(small, event, STANDS[int(event["code"][1:]) - 1], connection, dice)
        await appealed(small)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    return small


@dataclass(frozen=True, slots=True)
class There:
    """A province that is filled: who asks for its pages, and what stands in their addresses."""

    slug: str
    competition: UUID
    accounts: Mapping[str, UUID | None]
    names: Mapping[str, str]


PEOPLE = """SELECT c.id AS competition,
    (SELECT s.account FROM staff s JOIN series z ON z.organiser = s.organiser WHERE z.id = c.series LIMIT 1) AS organiser,
    (SELECT account FROM supervisor WHERE competition = c.id LIMIT 1) AS supervisor,
    (SELECT k.account FROM clerk k JOIN delegation d ON d.id = k.delegation WHERE d.competition = c.id LIMIT 1) AS clerk,
    (SELECT k.delegation FROM clerk k JOIN delegation d ON d.id = k.delegation WHERE d.competition = c.id LIMIT 1) AS delegation,
    (SELECT s.account FROM seat s JOIN event e ON e.id = s.event WHERE e.competition = c.id AND e.code = 'E012' AND s.chief) AS chief,
    (SELECT number FROM appeal WHERE competition = c.id ORDER BY number LIMIT 1) AS appeal,
    (SELECT number FROM certificate WHERE competition = c.id ORDER BY number LIMIT 1) AS certificate
FROM competition c WHERE c.slug = {}"""


async def people_of(slug: str) -> There | None:
    """Who is there; None where nobody filled it yet. The Piccolo engine has to be connected."""
    rows = await Competition.raw(PEOPLE, slug)
    if not rows or rows[0]["appeal"] is None:
        return None
    one = rows[0]
    accounts = {"organiser": one["organiser"], "supervisor": one["supervisor"], "clerk": one["clerk"], "chief judge": one["chief"], "public": None}  # fmt: skip
    names = {"slug": slug, "delegation": str(one["delegation"]), "number": one["certificate"], "entry": (await codes_of((await event_named(await competition_named(slug), "E060"))["id"]))[0], "policy": "hebei-skills-2025"}  # fmt: skip
    return There(slug, one["competition"], accounts, {**names, "appeal": str(one["appeal"])})


async def appealed(small: Small) -> None:
    """A clerk of the first delegation, and appeals about published results, each by the delegation that it belongs to."""
    competition, filed = await small.competition(), 0
    delegations = await Delegation.select().where(Delegation.competition == competition["id"]).order_by(Delegation.name)
    for delegation in delegations:
        account, _ = await add_clerk(competition, str(delegation["id"]), "报名员", small.staff, AT)
        clerk = Actor(account, "报名员", delegations=frozenset({delegation["id"]}))
        for one in (await results_open_to(delegation, AT))[: -(-APPEALS // len(delegations))]:
            if filed < APPEALS and one["event"]["state"] == "published":
                entry = UUID(one["row"]["entry"])
                await write(competition, delegation, entry, "请复查评分", None, SEALER, clerk, AT)
                filed += 1


async def marked_once(slug: str, code: str) -> None:
    """The next mark of an event that is half marked, by the judge whose turn it is."""
    event = await event_named(await competition_named(slug), code)
    judges = await SeatRow.select(SeatRow.account).where(SeatRow.event == event["id"]).order_by(SeatRow.number)
    aspects, number = (
        [one.id for one in scheme(_aspects()).aspects],
        await Mark.count().where(Mark.event == event["id"]),
    )
    cell, judge = divmod(number, len(judges))
    entry, aspect = divmod(cell, len(aspects))
    new = mark(event["id"], (await codes_of(event["id"]))[entry], aspects[aspect], 0, device="bench", counter=number)
    assert DB.pool
    async with DB.pool.acquire() as connection:
        (answer,) = await store(connection, [Post(new, judges[judge]["account"])], Rules(), datetime.now(UTC))
    assert answer.status == "stored", answer


async def _events(small: Small) -> None:
    competition, size = await small.competition(), _aspects()
    for number in range(1, EVENTS + 1):
        students = number % 9 == 0
        new = NewEvent(
            code=f"E{number:03}", name=f"{SKILLS[number % len(SKILLS)]}（{number}）", name_en=f"Skill {number}", category="制造",
            division="学生组" if students else "职工组", occupation=WELDER[0], occupation_code=WELDER[1],
            policy="hebei-skills-2025", judges=PANEL, stations=12,
        )  # fmt: skip
        await add_event(competition, new, small.staff, AT)
    for event in await events_of(competition):
        if event["code"] != "E000":
            await choose_scheme(event, scheme(size), small.staff, AT)
            await _take(small, event, "registration", small.staff)


def _aspects() -> int:
    """So many aspects make 640 000 marks of the entries of the events that are being marked (half) or are sealed."""
    whole = sum(
        size for stand, size in zip(STANDS, _sizes(), strict=True) if stand not in ("registration", "drawn", "marking")
    )
    half = sum(size for stand, size in zip(STANDS, _sizes(), strict=True) if stand == "marking") / 2
    return round(MARKS / PANEL / (whole + half))


def _sizes() -> list[int]:
    return [ENTRIES // EVENTS + (number < ENTRIES % EVENTS) for number in range(EVENTS)]


async def _entries(small: Small, dice: random.Random) -> None:
    competition = await small.competition()
    rows: dict[str, list[Row]] = {city: [] for city in CITIES}
    people, cities = itertools.count(), itertools.cycle(CITIES)
    for number, size in enumerate(_sizes(), start=1):
        for _ in range(size):
            person, city = next(people), next(cities)
            female = person % 3 == 0
            born = date(1966 + person % 42, 1 + person % 12, 1 + person % 28)
            start = f"139999{born:%Y%m%d}{2 * (person % 499) + (0 if female else 1):03}"
            rows[city].append(
                Row(
                    len(rows[city]) + 5, f"{FAMILY[person % 20]}{dice.choice(GIVEN)}{GIVEN[person // 20 % 20]}",
                    start + check_digit(start), event=f"{SKILLS[number % len(SKILLS)]}（{number}）",
                    group="学生组" if number % 9 == 0 else "职工组", sex="female" if female else "male", unit=f"{city}第{person % 30 + 1}机械厂",
                    identity="student" if number % 9 == 0 else "worker", phone=f"139{person:08}", birth=born,
                )
            )  # fmt: skip
    for city, lines in rows.items():
        await enter(competition, form(city, lines), SEALER, small.staff, AT)
    found = await entries_in(competition["id"])
    await decide(
        competition,
        "approve",
        [Seen(row["id"], row["version"]) for row in found if row["code"] >= "E005"],
        "",
        small.staff,
        AT,
    )
    delegations = await Delegation.select(Delegation.id).where(Delegation.competition == competition["id"])
    events = await events_of(competition)
    await insert_rows(Quota, [
        {"id": uuid4(), "delegation": one["id"], "event": event["id"], "places": 2} for one in delegations for event in events
    ])  # fmt: skip


async def _panels(small: Small, dice: random.Random) -> None:
    competition, judges, accounts, links, seats = await small.competition(), [], [], [], []
    for place, event in enumerate(await events_of(competition)):
        for number in range(1, PANEL + 1):
            account, judge, name = uuid4(), uuid4(), f"{dice.choice(FAMILY)}{dice.choice(GIVEN)}{dice.choice(GIVEN)}"
            accounts.append(
                {"id": account, "login": f"judge-{place}-{number}", "name": name, "password_hash": "", "active": True}
            )
            phone = f"138{place:04}{number:04}"
            judges.append({
                "id": judge, "organiser": competition["organiser"], "name": name, "unit": f"第{place}职业学院", "delegation": CITIES[place % 14],
                "level": LEVELS[number % 4], "title": "senior", "occupations": '["6-18-02-04"]', "years": 3 + place % 20,
                "phone_sealed": SEALER.seal(phone, f"judge-phone:{judge}"), "phone_masked": f"138****{number:04}", "phone_index": phone.encode(), "active": True, "version": 0,
            })  # fmt: skip
            links.append({"id": uuid4(), "judge": judge, "account": account})
            seats.append(
                {"id": uuid4(), "event": event["id"], "account": account, "number": number, "chief": number == 1}
            )
    await insert_rows(Account, accounts)
    await Judge.insert(*(Judge(**one) for one in judges))
    await insert_rows(JudgeAccount, links)
    await insert_rows(SeatRow, seats)


async def _walk(
    small: Small, event: Mapping[str, Any], stand: str, connection: asyncpg.Connection, dice: random.Random
) -> None:
    """One event from open registration to where it stands."""
    chief = await SeatRow.select().where((SeatRow.event == event["id"]) & SeatRow.chief.eq(True)).first()
    who = {
        "sealed": Actor(chief["account"], "裁判长", seats={event["id"]: Seat(1, True)}),
        "reviewed": small.supervisor,
    }
    for into in pipeline.STATES[2 : pipeline.STATES.index(stand) + 1]:
        await _take(small, event, into, who.get(into, small.staff))
        if into == "marking":
            await _mark(event, connection, dice, part=0.5 if stand == "marking" else 1.0)


async def _take(small: Small, event: Mapping[str, Any], into: str, actor: Actor) -> None:
    more: dict[str, Any] = {"commitments": ("甲", "乙"), "public": "号码 1234"} if into == "drawn" else {}
    step = pipeline.Step(await small.competition(), event, actor, AT, base_url=BASE, sealer=SEALER, **more)
    await pipeline.take(step, into)


async def _mark(event: Mapping[str, Any], connection: asyncpg.Connection, dice: random.Random, part: float) -> None:
    """Every judge marks every aspect of the first `part` of the entries; judged scores of a cell are at most one apart."""
    codes = await codes_of(event["id"])
    judges = await SeatRow.select(SeatRow.account).where(SeatRow.event == event["id"]).order_by(SeatRow.number)
    rows = list(_rows(event["id"], codes[: round(len(codes) * part)], [one["account"] for one in judges], dice))
    await grow(connection, rows, {event["id"]: Head(rows[-1]["sequence"], rows[-1]["hash"], open=True)})


def _rows(event: UUID, codes: Sequence[str], judges: Sequence[UUID], dice: random.Random) -> Iterator[dict[str, Any]]:
    previous, sequence = bytes(32), 0
    mild = [dice.choice((-1, 0, 0, 1)) for _ in judges]
    for place, code in enumerate(codes):
        for aspect in scheme(_aspects()).aspects:
            middle = dice.randrange(35, 96) - 2 * place
            for judge, leaning in zip(judges, mild, strict=True):
                if aspect.kind == "judged":
                    value = 100 * max(0, min(3, (1 if middle < 60 else 2) + (leaning > 0 and dice.random() < 0.7)))
                else:
                    value = 10 * max(0, min(100, middle + 2 * leaning + dice.randrange(-3, 4)))
                sequence += 1
                row = {
                    "id": str(ULID()), "event": event, "sequence": sequence, "entry": code, "aspect": aspect.id, "judge": judge,
                    "value": value, "round": 1, "device": "tablet-1", "counter": sequence, "made_at": AT, "stored_at": AT,
                    "replaces": "", "conflict": False, "previous": previous,
                }  # fmt: skip
                row["hash"] = previous = link(previous, mark_fields(row))
                yield row
