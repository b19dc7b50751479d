"""The demonstration itself: every step through the HTTP API, as organiser, judges and supervisor would take it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.demo.judging import marks_of
from server.demo.office import Client
from server.demo.plan import COMPETITION, EVENTS, INPUTS, SCHEME, WITH_WORKBOOK, staff_name, workbooks
from server.wire import CertificateIssued

Tick = Callable[[str, int, int], None]
"""Tells a stage's name, how much is done, and of how much."""

AT_ONCE = 4
"""Requests at a time where nobody would send more."""
SAFE = ("stored", "duplicate")
POLL, PATIENCE = 0.2, 300.0
"""Seconds between looks at the printing, and for how long it may stand still."""


@dataclass(slots=True)
class Tally:
    """What the closing table says."""

    slug: str = ""
    name: str = ""
    events: int = 0
    delegations: int = 0
    persons: int = 0
    entries: int = 0
    marks: int = 0
    medals: int = 0
    excellence: int = 0
    demonstrations: int = 0
    promoted: int = 0
    silent: int = 0
    refused: list[str] = field(default_factory=list)
    certificates: int = 0
    verified: int = 0
    fingerprint: str = ""
    winner: tuple[str, str] = ("", "")
    """Name and delegation of the first event's gold medallist."""
    judge_links: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class Demo:
    """One competition from its workbooks to its verified certificates."""

    def __init__(self, base: str, seed: str, tick: Tick) -> None:
        self.base, self.seed, self.tick = base, seed, tick
        self.office = self.client()
        self.supervisor = self.client()
        self.judges: dict[str, list[Client]] = {event["code"]: [] for event in EVENTS}
        self.path = ""
        self.tally = Tally(events=len(EVENTS))

    def client(self) -> Client:
        """Somebody new at the door."""
        return Client(self.base)

    async def run(self, organiser_token: str) -> Tally:
        """Hold the whole competition."""
        await self.office.sign_in(token=organiser_token)
        await self.set_up()
        await self.register()
        await self.draw()
        await self.mark()
        await self.finish()
        await self.issue()
        await self.verify()
        return self.tally

    async def set_up(self) -> None:
        """The competition, its events, their schemes, panels and supervisor."""
        made = await self.office.post("/api/competitions", COMPETITION)
        self.tally.slug, self.path = made["slug"], f"/api/competitions/{made['slug']}"
        self.tally.name = made["name"] if made["edition"] == 1 else f"{made['name']} · {made['edition']}"
        await self.each("setup", [self.add_event(event) for event in EVENTS])
        appointed = await self.office.post(f"{self.path}/supervisors", {"name": staff_name(500)})
        await self.supervisor.sign_in(token=appointed["token"])

    async def add_event(self, event: dict[str, Any]) -> None:
        """An event with its scheme and panel, open for registration."""
        await self.office.post(f"{self.path}/events", event)
        path = f"{self.path}/events/{event['code']}"
        if event["code"] == WITH_WORKBOOK:
            await self.office.upload(f"{path}/scheme", SCHEME, (INPUTS / SCHEME).read_bytes())
        else:
            await self.office.post(f"{path}/shipped-scheme", {"id": "theory-practice"})
        for number in range(1, event["judges"] + 1):
            name = staff_name(number * 11 + EVENTS.index(event) * 5)
            seated = await self.office.post(f"{path}/judges", {"name": name, "chief": number == 1})
            judge = self.client()
            await judge.sign_in(token=seated["token"])
            self.judges[event["code"]].append(judge)
        await self.step(event["code"], "registration")

    async def register(self) -> None:
        """The delegations' workbooks, one after the other, so that entries are numbered alike in every run."""
        files = workbooks()
        for done, file in enumerate(files, 1):
            entered = await self.office.upload(f"{self.path}/forms", file.name, file.read_bytes())
            self.tally.persons += entered["persons"]
            self.tally.entries += entered["entries"]
            self.tick("registration", done, len(files))
        self.tally.delegations = len(files)

    async def review(self) -> None:
        """The organiser's staff look at every entry and approve it."""
        for _ in (await self.office.get(f"{self.path}/review"))["steps"]:
            entries = await self.office.of(lambda api: list(api.entries(self.tally.slug, state="review")))
            waiting = [{"id": one.id, "version": one.version} for one in entries]
            if waiting:
                await self.office.post(f"{self.path}/review", {"act": "approve", "entries": waiting})

    async def draw(self) -> None:
        """Every event's draw, from two witnesses' commitments and a public string."""
        await self.review()
        commitments = [hashlib.sha256(f"{self.seed}/{who}".encode()).hexdigest() for who in ("监督甲", "监督乙")]
        for done, event in enumerate(EVENTS, 1):
            await self.step(event["code"], "drawn", commitments=commitments, public=f"示例公开号码 {self.seed}")
            await self.step(event["code"], "marking")
            self.tick("draw", done, len(EVENTS))

    async def mark(self) -> None:
        """Every judge on their own tablet, all at once, one mark a post."""
        tablets = [(code, n, judge) for code, judges in self.judges.items() for n, judge in enumerate(judges, 1)]
        work = []
        for code, n, judge in tablets:
            sheets = await judge.get(f"{self.path}/events/{code}/sheets")
            work.append((judge, list(marks_of(self.seed, sheets, f"{code}-tablet-{n}"))))
        total = sum(len(marks) for _, marks in work)

        async def post(judge: Client, marks: Sequence[dict[str, Any]]) -> None:
            for mark in marks:
                answer = (await judge.post_marks([mark]))[0]
                if answer.status not in SAFE:
                    self.tally.failures.append(f"mark {mark['id']}: {answer}")
                self.tally.marks += 1
                self.tick("marks", self.tally.marks, total)

        await asyncio.gather(*(post(judge, marks) for judge, marks in work))

    async def finish(self) -> None:
        """Seal, review, publish and make final, each by whom it belongs to."""
        for done, event in enumerate(EVENTS, 1):
            code = event["code"]
            await self.step(code, "sealed", self.judges[code][0])
            await self.step(code, "reviewed", self.supervisor, reason="两遍核分一致")
            await self.step(code, "published")
            decided = await self.step(code, "final")
            self.tally.promoted += decided["promoted"]
            self.tally.silent += decided["silent"]
            await self.count(code)
            self.tick("results", done, len(EVENTS))

    async def count(self, code: str) -> None:
        """Medals of an event, and a fingerprint of the standings that must be the same for the same seed."""
        content = (await self.office.of(lambda api: api.results(self.tally.slug, code))).content
        awards = [row.award.id for row in content.rows if row.award]
        self.tally.medals += sum(award in ("gold", "silver", "bronze") for award in awards)
        self.tally.excellence += awards.count("excellence")
        self.tally.demonstrations += not content.awarded["yes"]
        lines = "".join(f"{code}{row.rank}{row.total}{[one.name for one in row.members]}" for row in content.rows)
        self.tally.fingerprint = hashlib.sha256(f"{self.tally.fingerprint}{lines}".encode()).hexdigest()
        if code == EVENTS[0]["code"]:
            first = content.rows[0]
            self.tally.winner = (first.members[0].name, first.delegation)

    async def issue(self) -> None:
        """Numbers for everybody who takes an award, then their PDFs."""
        for event in EVENTS:
            await self.step(event["code"], "certified")
        state = await self.office.post(f"{self.path}/printing", {})
        waited = 0.0
        while state["printed"] < state["issued"] and waited < PATIENCE:
            await asyncio.sleep(POLL)
            before, state = state["printed"], await self.office.get(f"{self.path}/printing")
            waited = 0.0 if state["printed"] > before else waited + POLL
            self.tick("certificates", state["printed"], state["issued"])
        self.tally.certificates = state["issued"]

    async def verify(self) -> None:
        """Every certificate by its code and by its file, as a stranger."""
        slug = self.tally.slug
        listed = await self.office.get(f"{self.path}/certificates")
        issued = await self.office.of(lambda api: list(api.certificates(slug)))
        self.tally.refused = [f"{one['name']}（{one['event']}）：{one['characters']}" for one in listed["refused"]]
        stranger = self.client()

        async def check(one: CertificateIssued) -> None:
            if not one.printed:
                self.tally.failures.append(f"{one.number} was not printed")
                return
            pdf = await self.office.of(lambda api: api.certificate(slug, one.number))
            by_file = await stranger.of(lambda api: api.verify_file(f"{one.number}.pdf", pdf))
            by_code = await stranger.of(lambda api: api.verify_code(one.token))
            if by_file.outcome == by_code.outcome == "genuine" and by_file.number == one.number:
                self.tally.verified += 1
            else:
                self.tally.failures.append(f"{one.number}: {by_file.outcome} by file, {by_code.outcome} by code")

        await self.each("verification", [check(one) for one in issued])

    async def step(self, code: str, into: str, who: Client | None = None, **more: Any) -> Any:
        """Take an event through its next door."""
        return await (who or self.office).post(f"{self.path}/events/{code}/steps", {"into": into, **more})

    async def each(self, stage: str, jobs: Iterable[Awaitable[None]]) -> None:
        """A few at a time."""
        turn, waiting, done = asyncio.Semaphore(AT_ONCE), list(jobs), 0

        async def do(job: Awaitable[None]) -> None:
            nonlocal done
            async with turn:
                await job
            done += 1
            self.tick(stage, done, len(waiting))

        await asyncio.gather(*(do(job) for job in waiting))
