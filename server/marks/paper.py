"""Marks that were written on paper, typed by two people who do not see each other's.

A sheet of paper is what one judge owes for one entry, or what the panel records once for it. Whoever types says every cell
of it; when a second person has typed the same, the sheet becomes marks of that judge, by the one path that all marks take
(device `paper`). Where the two differ, both see where, and each looks at the paper again and mends their own; nobody
overwrites what another typed. What a tablet has sent meanwhile is not owed any more and drops out of the sheet. Both also say
who signed the paper: a judge their own sheet, every judge and a contestant the panel's. What they agree on counts as signed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from ulid import ULID

from scoring.cells import owed
from scoring.language.checking import NOT_ASKED, SILENT
from scoring.marks import Aspect, Mark, Scheme, check_mark
from scoring.verdict import No, Place, Problem, Words
from server.access import Actor
from server.competitions.flow import policy_of, scheme_of
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Event, PaperTyping, Seat
from server.errors import Refusal, explained, missing
from server.ledger import hold, record
from server.marks.batch import Post
from server.marks.floor import facts_of_entries
from server.marks.flow import Panel, current_marks, current_rows, panel_of, rounds_of
from server.marks.signing import CONTESTANT, asked_of
from server.marks.writer import Writer
from server.wire import Answer, NewMark

DEVICE = "paper"
PANEL = "panel"
"""The label of the sheet with what the panel records once."""
LIVE = ("typed", "agreed")

NOT_OPEN = Refusal(
    "paper.not-open",
    Words("这个赛项现在不收分。", "This event takes no marks now."),
    Words(
        "封存以后，纸上和账本不一致的，由裁判长在看板上提出更正。",
        "After the seal, where the paper and the ledger differ the chief judge proposes a correction on the board.",
    ),
)
MOST_REASON = 300
NO_REASON = Refusal(
    "paper.reason",
    Words("请写明为什么重录，最多 300 字。", "Say why it is begun anew, in at most 300 characters."),
    status=422,
)
NO_SHEET = missing(Words("这张评分表", "sheet"))
JUDGES_IT = Refusal(
    "paper.judge",
    Words("本赛项的裁判不能录入纸质评分表。", "Whoever judges this event does not type its sheets."),
    Words("请由两名工作人员录入。", "Let two people of the staff type them."),
    status=403,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is owed: its aspect, the round it is of, and the mark that it replaces in a later round."""

    aspect: Aspect
    round: int = 1
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is owed on one sheet, and what was typed from it so far."""

    entry: str
    label: str
    judge: UUID
    cells: tuple[Cell, ...]
    typings: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def state(self) -> str:
        """owed, typed (by one person), differs (between two), agreed (and not stored yet) or done."""
        if any(row["state"] == "agreed" for row in self.typings):
            return "agreed"
        if not self.cells:
            return "done"
        return ("owed", "typed", "differs")[min(len(self.typings), 2)]


async def sheets_of(event: Mapping[str, Any]) -> list[Sheet]:
    """Every sheet of an event in the order of its entries and judges, the panel's own first."""
    scheme, panel = scheme_of(event), await panel_of(event["id"])
    if scheme is None or not panel.labels:
        return []
    entries, rows = await facts_of_entries(event["id"]), await current_rows(event["id"])
    marks = current_marks(rows, panel, scheme)
    cells: dict[tuple[str, str], list[Cell]] = {}
    for one in owed(scheme, panel.names, entries, marks):
        cells.setdefault((one.entry, one.judge or PANEL), []).append(Cell(scheme.aspect(one.aspect)))
    for again in await rounds_of(event, rows, panel, scheme, entries):
        for judge in again.waiting:
            last = _newest(rows, again.entry, again.aspect, panel, judge)
            cells.setdefault((again.entry, judge), []).append(Cell(scheme.aspect(again.aspect), again.number, last))
    accounts = {label: account for account, label in panel.labels.items()} | {PANEL: await _chief(event, panel)}
    typed = await _typings(event["id"])
    order = {aspect.id: place for place, aspect in enumerate(scheme.aspects)}
    return [
        Sheet(
            entry,
            label,
            accounts[label],
            tuple(sorted(cells.get((entry, label), ()), key=lambda cell: order[cell.aspect.id])),
            tuple(typed.get((entry, accounts[label], label == PANEL), ())),
        )
        for entry in entries
        for label in _labels(scheme, panel)
    ]


def _labels(scheme: Scheme, panel: Panel) -> list[str]:
    once = [PANEL] if any(aspect.recorded == "one" for aspect in scheme.aspects) else []
    alone = panel.names if any(aspect.recorded == "all" for aspect in scheme.aspects) else ()
    return [*once, *alone]


def _newest(rows: Sequence[Mapping[str, Any]], entry: str, aspect: str, panel: Panel, judge: str) -> str:
    found = [row for row in rows if (row["entry"], row["aspect"], panel.labels[row["judge"]]) == (entry, aspect, judge)]
    return str(max(found, key=lambda row: row["sequence"])["id"]) if found else ""


async def _chief(event: Mapping[str, Any], panel: Panel) -> UUID:
    leads = (Seat.event == event["id"]) & Seat.chief.eq(True)
    chief = await Seat.select(Seat.account).where(leads).first()
    return UUID(str(chief["account"])) if chief else next(iter(panel.labels))


async def _typings(event: UUID) -> dict[tuple[str, UUID, bool], list[dict[str, Any]]]:
    query = PaperTyping.select().where((PaperTyping.event == event) & PaperTyping.state.is_in(list(LIVE)))
    found: dict[tuple[str, UUID, bool], list[dict[str, Any]]] = {}
    for row in await query.order_by(PaperTyping.at).output(load_json=True):
        found.setdefault((row["entry"], row["judge"], row["panel"]), []).append(dict(row))
    return found


async def sheet_of(event: Mapping[str, Any], entry: str, label: str) -> Sheet:
    """One sheet. Raises Refusal `not-found`."""
    found = (one for one in await sheets_of(event) if (one.entry, one.label) == (entry, label))
    sheet = next(found, None)
    if sheet is None:
        raise NO_SHEET
    return sheet


def may_sign(event: Mapping[str, Any], sheet: Sheet, panel: Panel) -> tuple[str, ...]:
    """Who signs a sheet of paper, as the policy wants it: accounts, and `contestant`; nobody where it asks nobody."""
    scheme, rule = scheme_of(event), policy_of(event).signing if event["policy"] else SILENT
    accounts = panel.labels if sheet.label == PANEL else (sheet.judge,)
    judges = () if rule.judges == NOT_ASKED else tuple(str(account) for account in accounts)
    asked = sheet.label == PANEL and scheme is not None and asked_of(CONTESTANT, scheme, rule)
    return (*judges, CONTESTANT) if asked else judges


def signing_differs(sheet: Sheet, mine: UUID) -> frozenset[str]:
    """Whom only one of two people saw to have signed; nothing before both have typed."""
    own = next((row["signers"] for row in sheet.typings if row["typist"] == mine), None)
    other = next((row["signers"] for row in sheet.typings if row["typist"] != mine), None)
    return frozenset() if own is None or other is None else frozenset(own) ^ frozenset(other)


def differing(sheet: Sheet, mine: UUID) -> dict[str, tuple[int | None, int | None]]:
    """Aspect → (what this person typed, what the other did) where two people's typing differs; nothing before both have."""
    own = next((row["values"] for row in sheet.typings if row["typist"] == mine), None)
    other = next((row["values"] for row in sheet.typings if row["typist"] != mine), None)
    if own is None or other is None:
        return {}
    ids = [cell.aspect.id for cell in sheet.cells]
    return {id: (own.get(id), other.get(id)) for id in ids if own.get(id) != other.get(id)}


async def type_in(
    event: Mapping[str, Any],
    entry: str,
    label: str,
    values: Mapping[str, int | None],
    actor: Actor,
    at: datetime,
    signers: Collection[str] = (),
) -> Sheet:
    """Keep what this person typed from a sheet, and who signed it; when another person typed the same, the sheet is agreed.

    Raises Refusal: `paper.not-open`, `not-found`, `paper.judge`, `paper.two` when two others have typed it, `paper.wrong`
    with a problem for each cell that is empty or cannot be given.
    """
    async with DB.transaction():
        await hold(event["competition"])
        now = await the_row(Event.select(Event.state).where(Event.id == event["id"]).first())
        if now["state"] != "marking":
            raise NOT_OPEN
        sheet = await sheet_of(event, entry, label)
        _may_type(sheet, actor)
        if problems := [problem async for problem in _wrong(event, sheet, values)]:
            words = Words("有几格没有填好。", "Some cells are not filled in as they should be.")
            raise Refusal("paper.wrong", words, problems=tuple(problems), status=422)
        typed = {cell.aspect.id: values[cell.aspect.id] for cell in sheet.cells}
        signed = sorted(set(signers) & set(may_sign(event, sheet, await panel_of(event["id"]))))
        await _keep(event, sheet, typed, signed, actor, at)
        sheet = await sheet_of(event, entry, label)
        others = [row for row in sheet.typings if row["typist"] != actor.account]
        if others and not differing(sheet, _account(actor)) and not signing_differs(sheet, _account(actor)):
            await _agree(event, sheet, actor, at)
            sheet = await sheet_of(event, entry, label)
    return sheet


def _may_type(sheet: Sheet, actor: Actor) -> None:
    if sheet.state == "agreed" or not sheet.cells:
        raise Refusal(
            "paper.done",
            Words("这张评分表不用再录。", "Nothing of this sheet is owed any more."),
            Words("请看列表。", "Look at the list."),
        )
    others = [row["typist_name"] for row in sheet.typings if row["typist"] != actor.account]
    if len(others) > 1:
        names = "、".join(others)
        raise Refusal(
            "paper.two",
            Words(f"{names} 已录过这张表。", f"{names} have typed this sheet."),
            Words("由他们核对，或作废后重录。", "Let them compare it, or drop what they typed and begin again."),
        )


async def _wrong(event: Mapping[str, Any], sheet: Sheet, values: Mapping[str, int | None]) -> Any:
    scheme, panel, entries = scheme_of(event), await panel_of(event["id"]), await facts_of_entries(event["id"])
    assert scheme is not None  # sheet_of has found a sheet
    judge = panel.labels[sheet.judge]
    for cell in sheet.cells:
        value, place = values.get(cell.aspect.id), Place(key=cell.aspect.id)
        if value is None:
            empty = Words("没有填，或不是分数", "empty, or not a mark")
            mend = Words("按纸上的分数填写", "type what stands on the paper")
            yield Problem("paper.empty", place, empty, mend)
            continue
        verdict = check_mark(scheme, panel.names, entries, Mark(judge, sheet.entry, cell.aspect.id, value, cell.round))
        if isinstance(verdict, No):
            yield Problem(verdict.rule, place, verdict.reason, Words("请核对纸上的分数", "look at the paper again"))


async def _keep(
    event: Mapping[str, Any], sheet: Sheet, values: Mapping[str, Any], signers: list[str], actor: Actor, at: datetime
) -> None:
    mine = next((row for row in sheet.typings if row["typist"] == actor.account), None)
    if mine:
        changes: dict[Any, Any] = {PaperTyping.values: values, PaperTyping.signers: signers}
        await PaperTyping.update(changes).where(PaperTyping.id == mine["id"])
        return
    row = PaperTyping(
        id=uuid4(), event=event["id"], entry=sheet.entry, judge=sheet.judge, panel=sheet.label == PANEL,
        typist=actor.account, typist_name=actor.name, values=values, marks={}, state="typed", signers=signers, at=at,
    )  # fmt: skip
    await PaperTyping.insert(row)


async def _agree(event: Mapping[str, Any], sheet: Sheet, actor: Actor, at: datetime) -> None:
    marks = {
        cell.aspect.id: {"id": str(ULID()), "round": cell.round, "replaces": cell.replaces} for cell in sheet.cells
    }
    changes: dict[Any, Any] = {PaperTyping.state: "agreed", PaperTyping.marks: marks}
    await PaperTyping.update(changes).where(PaperTyping.id.is_in([row["id"] for row in sheet.typings]))
    data = {
        "entry": sheet.entry,
        "judge": sheet.label,
        "typists": [row["typist_name"] for row in sheet.typings],
        "marks": [mark["id"] for mark in marks.values()],
        "signed": sheet.typings[0]["signers"],
    }
    await record(event["competition"], "marks.typed", actor, at, event=event["id"], data=data)


async def store(event: Mapping[str, Any], sheet: Sheet, writer: Writer, at: datetime) -> list[Answer]:
    """Store the marks of a sheet that two people agree on; the answers that were no refusal end it.

    Safe to call again after a crash: the marks keep the ids that they were given when the two agreed.
    """
    posts = list(_posts(event, sheet, at))
    if not posts:
        return []
    answers = await writer.write(posts)
    if all(answer.status != "refused" for answer in answers):
        ids = [row["id"] for row in sheet.typings]
        async with DB.transaction():
            await PaperTyping.update({PaperTyping.state: "stored"}).where(PaperTyping.id.is_in(ids))
            if sheet.typings[0]["signers"]:  # the tablets' shifts say who has signed: they are told anew
                await Event.update({Event.version: Event.version + 1}).where(Event.id == event["id"])
    return answers


def _posts(event: Mapping[str, Any], sheet: Sheet, at: datetime) -> Iterator[Post]:
    agreed = next((row for row in sheet.typings if row["state"] == "agreed"), None)
    for counter, (aspect, mark) in enumerate(agreed["marks"].items() if agreed else ()):
        assert agreed is not None
        said = NewMark(
            mark["id"], event["id"], sheet.entry, aspect, agreed["values"][aspect], DEVICE, counter, at,
            mark["round"], mark["replaces"],
        )  # fmt: skip
        yield Post(said, sheet.judge)


async def drop(event: Mapping[str, Any], entry: str, label: str, reason: str, actor: Actor, at: datetime) -> None:
    """Begin a sheet anew: what was typed is put aside with a reason. Raises Refusal `paper.reason`, `not-found`."""
    reason = explained(reason, MOST_REASON, NO_REASON)
    async with DB.transaction():
        await hold(event["competition"])
        sheet = await sheet_of(event, entry, label)
        ids = [row["id"] for row in sheet.typings]
        await PaperTyping.update({PaperTyping.state: "dropped"}).where(PaperTyping.id.is_in(ids or [uuid4()]))
        data = {"entry": entry, "judge": label, "typists": [row["typist_name"] for row in sheet.typings]}
        await record(
            event["competition"], "marks.typing-dropped", actor, at, event=event["id"], reason=reason, data=data
        )


def _account(actor: Actor) -> UUID:
    assert actor.account  # whoever types is signed in
    return actor.account
