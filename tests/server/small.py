"""A competition that fits on a hand, made by the flows themselves: six delegations, one event, three judges, four marks
an entry. `brought` takes it to any door of the corridor; a test then does the one thing that it is about.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from ulid import ULID

from scoring.identity import check_digit
from scoring.ladder import LEVELS, Level
from scoring.marks import Aspect, Criterion, Module, Scheme, SubCriterion
from server import pipeline
from server.access import Actor
from server.access import Seat as Held
from server.competitions.confirming import confirm_policy, propose_policy
from server.competitions.facts import NewCompetition, NewEvent, Organisation
from server.competitions.flow import (
    add_competition,
    add_event,
    add_supervisor,
    choose_scheme,
    competition_named,
    event_named,
)
from server.competitions.own_policies import own_policy
from server.database.piccolo_conf import DB
from server.draw.flow import codes_of
from server.marks.batch import Post
from server.marks.flow import seat
from server.marks.ledger import store
from server.marks.rules import Rules
from server.people.flow import add_account, add_organiser, employ
from server.registration.flow import Entered, Form, enter
from server.registration.review import Seen, decide, entries_in
from server.sealing import Sealer
from server.settings import Settings
from server.wire import Answer, NewMark

AT = datetime(2026, 10, 16, 1, 0, tzinfo=UTC)
SEALER = Sealer(Settings(Path("/nowhere"), b"small competition's own secret 32"))
BASE = "https://podium.example"
WELDER = ("焊工", "6-18-02-04")

SCHEME = Scheme(
    "small",
    (Module("theory", "理论", 30), Module("practice", "实操", 70)),
    (
        Criterion(
            "A",
            "A",
            1000,
            "theory",
            (SubCriterion("A1", "A1 试卷", (Aspect("A1.01", "measured", "试卷", 1000, "one"),)),),
        ),
        Criterion(
            "B",
            "B",
            2000,
            "practice",
            (
                SubCriterion(
                    "B1",
                    "B1 焊缝",
                    (
                        Aspect("B1.01", "measured", "尺寸", 1000, "all", allowed=(0, 500, 1000)),
                        Aspect("B1.02", "judged", "外观", 1000, "all", anchors=("差", "可", "良", "优")),
                    ),
                ),
            ),
        ),
    ),
)
DELEGATIONS = ("唐山市", "廊坊市", "秦皇岛市", "衡水市", "邢台市", "邯郸市")
_logins = itertools.count(1)


@dataclass(frozen=True)
class Row:
    """One line of a registration form, clean unless a test spoils it."""

    row: int
    name: str
    document_number: str
    event: str = "焊接技术"
    group: str = "职工组"
    team: str = ""
    sex: str = "male"
    ethnicity: str = "汉族"
    document_kind: str = "resident-id"
    education: str = "大专"
    unit: str = ""
    occupation: str = WELDER[0]
    occupation_code: str = WELDER[1]
    level: Level | None = None
    level_certificate: str = ""
    identity: str = "worker"
    phone: str = "13900000000"
    note: str = ""
    birth: date | None = date(1990, 1, 1)
    sheet: str = "报名汇总表"


@dataclass
class Small:
    """The competition and whoever works in it."""

    slug: str
    staff: Actor
    supervisor: Actor
    judges: list[UUID] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    at: datetime = AT
    """When everything happens that `brought` does."""

    async def competition(self) -> dict[str, Any]:
        """As the database has it now."""
        return await competition_named(self.slug)

    async def event(self, code: str = "M01") -> dict[str, Any]:
        """As the database has it now."""
        return await event_named(await self.competition(), code)

    async def actor_for(self, into: str) -> Actor:
        """Who may open the door into this state."""
        if into == "sealed":
            return await self.chief()
        return self.supervisor if into == "reviewed" else self.staff

    async def chief(self) -> Actor:
        """The chief judge of the event."""
        return Actor(self.judges[0], "裁判长", seats={(await self.event())["id"]: Held(1, True)})


def number(sequence: int, born: str = "19900101") -> str:
    """A resident number that is well formed and belongs to nobody: its region is assigned to no place."""
    start = f"139999{born}{sequence:03}"
    return start + check_digit(start)


def row_of(place: int, **more: Any) -> Row:
    """A competitor of the n-th delegation."""
    unit = f"第{place + 1}机械厂"
    return Row(
        **{
            "row": 5,
            "name": f"赵{'一二三四五六七八九'[place]}",
            "document_number": number(2 * place + 1),
            "unit": unit,
            **more,
        }
    )


def form(delegation: str, rows: Sequence[Row], data: bytes = b"") -> Form:
    """A delegation's form; its bytes are as good as its name unless a test says otherwise."""
    return Form(delegation, f"{delegation}.xlsx", data or delegation.encode(), rows)


async def account(name: str) -> UUID:
    """A new account that nobody has a password for."""
    return await add_account(f"small-{next(_logins)}", name)


async def founded(slug: str = "small", **more: Any) -> Small:
    """Organiser, competition, event M01 with its scheme, supervisor; nobody has entered and no judge is seated."""
    organiser = await add_organiser(f"组委会 {slug}", f"Committee {slug}")
    clerk, witness = await account("周敏"), await account("监督甲")
    await employ(organiser, clerk)
    staff = Actor(clerk, "周敏", organisers=frozenset({organiser}))
    new = NewCompetition(
        series=f"技能大赛 {slug}", series_en=f"Contest {slug}", name="技能大赛（示例）", name_en="Skills Contest (example)",
        slug=slug, tier="provincial", rank="1", document="", province="13", venue="石家庄", venue_en="Shijiazhuang",
        starts=date(2026, 10, 16), ends=date(2026, 10, 18), organisations=[Organisation("示例组委会")], notice_days=0,
    )  # fmt: skip
    made = await add_competition(new, organiser, staff, AT)
    competition = await competition_named(made["slug"])
    await add_supervisor(competition, witness, staff, AT)
    small = Small(made["slug"], staff, Actor(witness, "监督甲", supervises=frozenset({competition["id"]})))
    await add_welding(small, **more)
    return small


async def add_welding(small: Small, code: str = "M01", scheme: Scheme | None = SCHEME, **more: Any) -> None:
    """An event of welders with three judges to come."""
    new: dict[str, Any] = {
        "code": code, "name": "焊接技术" if code == "M01" else f"焊接技术{code}", "name_en": "Welding", "category": "制造", "division": "职工组",
        "occupation": WELDER[0], "occupation_code": WELDER[1], "policy": "hebei-skills-2025", "judges": 3, "stations": 4, **more,
    }  # fmt: skip
    await add_event(await small.competition(), NewEvent(**new), small.staff, AT)
    if scheme:
        await choose_scheme(await small.event(code), scheme, small.staff, AT)


async def in_force(small: Small, policy: str) -> None:
    """An organiser's own policy, proposed as it is by the staff and confirmed by the supervisor."""
    organiser = small.staff.organisers
    row = await own_policy(organiser, policy)
    await propose_policy(row, row["revision"], "", small.staff, AT)
    await confirm_policy(row, row["revision"] + 1, small.supervisor, AT)


async def entered(small: Small, delegations: Iterable[str] = DELEGATIONS, **more: Any) -> list[Entered]:
    """One competitor from every delegation."""
    competition = await small.competition()
    return [
        await enter(competition, form(name, [row_of(place, **more)]), SEALER, small.staff, AT)
        for place, name in enumerate(delegations)
    ]


async def seated(small: Small, count: int = 3) -> None:
    """Judges on the panel, the first as its chief."""
    event = await small.event()
    for place in range(count):
        judge = await account(f"裁判{place + 1}")
        await seat(event, judge, place == 0, small.staff, AT)
        small.judges.append(judge)


async def approved(small: Small, event: str = "M01") -> None:
    """Everybody who stands in the review of an event is through it."""
    competition = await small.competition()
    for _ in competition["review_steps"]:
        rows = [
            row
            for row in await entries_in(competition["id"])
            if row["entry_state"] == "review" and row["code"] == event
        ]
        if rows:
            seen = [Seen(row["id"], row["version"]) for row in rows]
            await decide(competition, "approve", seen, "", small.staff, small.at)


async def opened(small: Small, into: str, at: datetime | None = None, **more: Any) -> Any:
    """The door into a state, taken by whoever may."""
    actor = more.pop("actor", None) or await small.actor_for(into)
    if into == "drawn":
        if not more.pop("reviewed", False):
            await approved(small)
        more = {"commitments": ("甲", "乙"), "public": "号码 1234", **more}
    step = pipeline.Step(
        await small.competition(),
        await small.event(),
        actor,
        at or small.at,
        base_url=BASE,
        **{"sealer": SEALER, **more},
    )
    return await pipeline.take(step, into)


async def brought(small: Small, into: str) -> Small:
    """Walk to a state, doing at each door what has to be done before it."""
    state = (await small.event())["state"]
    for door in pipeline.STATES[pipeline.STATES.index(state) + 1 : pipeline.STATES.index(into) + 1]:
        if door == "drawn":
            await entered(small)
        elif door == "marking":
            await seated(small)
        elif door == "sealed":
            await posted(small, owed_marks(small, (await small.event())["id"]))
        await opened(small, door)
        if door == "drawn":
            small.codes = await codes_of((await small.event())["id"])
    return small


def mark(event: UUID, entry: str, aspect: str, value: int, **more: Any) -> NewMark:
    """A mark as a tablet sends it."""
    return NewMark(**{
        "id": str(ULID()), "event": event, "entry": entry, "aspect": aspect, "value": value,
        "device": "tablet-1", "counter": 1, "made_at": AT, **more,
    })  # fmt: skip


def owed_marks(small: Small, event: UUID) -> Iterator[Post]:
    """Every mark that the panel owes; the n-th work code is better than the next."""
    for place, entry in enumerate(sorted(small.codes)):
        yield Post(mark(event, entry, "A1.01", 950 - 50 * place), small.judges[0])
        for judge in small.judges:
            yield Post(mark(event, entry, "B1.01", 1000 if place < 3 else 500), judge)
            yield Post(mark(event, entry, "B1.02", 300 if place < 2 else 200), judge)


async def posted(small: Small, posts: Iterable[Post], rules: Rules | None = None, dsn: str = "") -> list[Answer]:
    """Store a batch as the writer does; on a connection of its own when a DSN is given."""
    batch = list(posts)
    if dsn:
        connection = await asyncpg.connect(dsn)
        try:
            return await store(connection, batch, rules or Rules(), AT)
        finally:
            await connection.close()
    assert DB.pool
    async with DB.pool.acquire() as connection:
        return await store(connection, batch, rules or Rules(), AT)


def level(id: str) -> Level:
    """A rung of the ladder."""
    return LEVELS[id]


async def waiting_for_a_lock(dsn: str, count: int = 1) -> None:
    """Return once so many connections of this database wait for a lock: the moment that a race is about."""
    connection = await asyncpg.connect(dsn)
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    try:
        async with asyncio.timeout(600):
            while await connection.fetchval(query) < count:
                await asyncio.sleep(0.01)
    finally:
        await connection.close()
