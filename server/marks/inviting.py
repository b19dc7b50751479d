"""The office's side of a panel: take a proposal over, change a seat by hand, name the chief, make the links.

Every change goes into the ledger of decisions. One by hand that sends somebody away, or seats somebody against whom a
rule speaks, carries its reason; nobody is seated who has to stand back.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import No, Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Invitation, InvitationLink
from server.errors import Refusal, missing, refuse
from server.ledger import hold, record
from server.marks.gathering import situation
from server.marks.panel import CLOSED, make_chief, unseat
from server.marks.planning import NEVER, OPEN, WAITING, Sitter, Situation
from server.people.flow import digest

REASON = Refusal(
    "panel.reason",
    Words("这样改要写明理由。", "A change like this needs a reason."),
    Words("写一句理由；它会记入操作记录。", "Write it in a sentence; it goes into the ledger."),
    status=422,
)

UNFIT = Refusal(
    "panel.unfit",
    Words("按规则这位裁判不能进本裁判组。", "The rules do not allow this judge on this panel."),
    Words("请另选一位，或请主办方处理。", "Choose somebody else, or ask the organiser."),
)
OWN_SEAT = Refusal(
    "panel.own-seat",
    Words("裁判长自己的席位由主办方更换。", "The chief judge's own seat is changed by the organiser."),
    Words("请联系主办方。", "Please turn to the organiser."),
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody of a proposal who was not asked, because things have changed since it was made."""

    event: str
    name: str
    why: Words


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of a proposal: seats that are new, seats that went, and who was left out."""

    added: int
    gone: int
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A judge's link: shown once, kept only as its hash."""

    judge: Mapping[str, Any]
    token: str
    expires: datetime
    events: tuple[str, ...]


async def take_over(
    competition: Mapping[str, Any], proposal: Mapping[str, Any], codes: Collection[str], actor: Actor, at: datetime
) -> TakenOver:
    """Make the panels of some events those of a proposal. Seats that somebody chose, was asked for or holds stay."""
    content = proposal["content"]
    async with DB.transaction():
        await hold(competition["id"])
        now = await situation(competition)
        labels = {str(id): label for id, label in now.labels.items()}
        wanted = {
            code: [labels.get(content["ids"].get(name, ""), name) for name in names]
            for code, names in content["panels"].items()
            if code in codes and code in now.events and now.changes(code)
        }
        kept = {code: [one for one in now.sitting[code] if _stays(one, wanted[code])] for code in wanted}
        panels: dict[str, list[str]] = {code: [one.label for one in sitters] for code, sitters in now.sitting.items()}
        panels |= {code: [one.label for one in kept[code]] for code in wanted}
        added, gone, left_out = 0, 0, []
        for code, names in wanted.items():
            new, out = _joining(now, code, names, panels)
            left_out += out
            leaving = [one for one in now.sitting[code] if one not in kept[code]]
            for sitter in leaving:
                await _replaced(sitter, "", at)
            for label in new:
                await _add(now, code, label, at)
            added, gone = added + len(new), gone + len(leaving)
            data = {"proposal": str(proposal["id"]), "panel": panels[code], "out": [one.label for one in leaving]}
            event = now.events[code]["id"]
            await record(competition["id"], "panel.proposed", actor, at, event=event, data=data)
    return TakenOver(added, gone, tuple(left_out))


def _stays(sitter: Sitter, wanted: Sequence[str]) -> bool:
    return sitter.by_hand or sitter.state != "proposed" or sitter.label in wanted


def _joining(
    now: Situation, code: str, names: Sequence[str], panels: dict[str, list[str]]
) -> tuple[list[str], list[LeftOut]]:
    """Who of a proposed panel joins it now; whoever joins is added to `panels`."""
    new, out = [], []
    for label in (name for name in names if name not in panels[code]):
        judge, event = now.known.get(label), now.asked[code]
        if judge is None or len(panels[code]) >= event.seats:
            gone, full = Words("已不在裁判库", "is no longer in the pool"), Words("席位已满", "the seats are taken")
            out.append(LeftOut(code, label, gone if judge is None else full))
            continue
        verdict = now.planned(panels).verdict(judge, event)
        if isinstance(verdict, No):
            out.append(LeftOut(code, label, verdict.reason))
            continue
        panels[code].append(label)
        new.append(label)
    return new, out


async def put(
    competition: Mapping[str, Any],
    code: str,
    judge: UUID,
    actor: Actor,
    at: datetime,
    instead: str = "",
    reason: str = "",
    chief: bool = False,
) -> None:
    """Want a judge on a panel, in an open seat or instead of somebody; `chief` when it is the chief judge who wants it.

    Raises Refusal `panel.closed`, `panel.full`, `panel.reason`, or the no of a rule that nobody can set aside. A chief
    judge always says why, sets no rule aside (`panel.unfit`, which does not say which rule: it could name whose work the
    judge would see) and leaves only by the organiser's hand (`panel.own-seat`).
    """
    if chief and not reason.strip():
        raise REASON
    async with DB.transaction():
        await hold(competition["id"])
        now = await situation(competition)
        label, leaving = _candidate(now, code, judge), _sitter(now, code, instead) if instead else None
        against = {one.id: nos for one, nos in now.candidates(code, leaving.label if leaving else "")}[label]
        if chief and against:
            raise UNFIT
        if chief and leaving and leaving.chief:
            raise OWN_SEAT
        if never := next((no for no in against if no.rule in NEVER), None):
            raise refuse(never, Words("请另选一位。", "Choose somebody else."))
        if (against or leaving) and not reason.strip():
            raise REASON
        if leaving is None and not now.open_seats(code):
            raise Refusal(
                "panel.full",
                Words("席位已满。", "The seats are taken."),
                Words("请选定由谁让出席位。", "Say whose seat it is to be."),
            )
        if leaving:
            await _leave(now.events[code], leaving, reason, actor, at)
        await _add(now, code, label, at, by_hand=True, reason=reason.strip())
        data = {
            "in": label,
            "judge": str(judge),
            "out": leaving.label if leaving else "",
            "against": [no.rule for no in against],
            **({"by": "chief"} if chief else {}),
        }
        event = now.events[code]["id"]
        await record(competition["id"], "panel.changed", actor, at, event=event, reason=reason.strip(), data=data)


async def take_off(
    competition: Mapping[str, Any], code: str, key: str, reason: str, actor: Actor, at: datetime
) -> None:
    """Take somebody off a panel. Raises Refusal `panel.closed` or `panel.reason`."""
    if not reason.strip():
        raise REASON
    async with DB.transaction():
        await hold(competition["id"])
        now = await situation(competition)
        sitter = _sitter(now, code, key)
        await _leave(now.events[code], sitter, reason, actor, at)
        data = {"in": "", "judge": str(sitter.judge or ""), "out": sitter.label}
        event = now.events[code]["id"]
        await record(competition["id"], "panel.changed", actor, at, event=event, reason=reason.strip(), data=data)


async def name_chief(
    competition: Mapping[str, Any], code: str, key: str, reason: str, actor: Actor, at: datetime
) -> None:
    """Name the chief judge; in the place of another one only with a reason."""
    async with DB.transaction():
        await hold(competition["id"])
        now = await situation(competition)
        sitter = _sitter(now, code, key)
        if sitter.chief:
            return
        if any(one.chief for one in now.sitting[code]) and not reason.strip():
            raise REASON
        await make_chief(now.events[code], sitter, reason.strip(), actor, at)


async def make_links(
    competition: Mapping[str, Any], judges: Collection[UUID], until: datetime, actor: Actor, at: datetime
) -> list[Link]:
    """A link for each of these judges who is wanted and has not answered, for all their events; older links end.

    Raises Refusal `invitation.until` when the last moment to answer is past.
    """
    if until <= at:
        raise Refusal("invitation.until", Words("答复期限已过。", "The last day to answer is past."), status=422)
    async with DB.transaction():
        await hold(competition["id"])
        now = await situation(competition)
        asked: dict[UUID, list[str]] = {}
        for code, sitter in waiting(now):
            if sitter.judge in judges:
                asked.setdefault(sitter.judge, []).append(code)
                await Invitation.update({Invitation.state: "invited"}).where(Invitation.id == sitter.invitation)
        made = [await _link(now, competition["id"], judge, codes, until, at) for judge, codes in asked.items()]
        if made:
            data = {"judges": [now.labels[one.judge["id"]] for one in made], "until": until.isoformat()}
            await record(competition["id"], "judges.invited", actor, at, data=data)
    return made


def waiting(now: Situation) -> list[tuple[str, Any]]:
    """Who is wanted and has not answered, by event; panels that can no longer change ask nobody."""
    return [
        (code, sitter)
        for code, sitters in now.sitting.items()
        for sitter in sitters
        if now.changes(code) and sitter.state in WAITING
    ]


async def _link(
    now: Situation, competition: UUID, judge: UUID, codes: Sequence[str], until: datetime, at: datetime
) -> Link:
    before = (InvitationLink.competition == competition) & (InvitationLink.judge == judge)
    await InvitationLink.update({InvitationLink.withdrawn: True}).where(before)
    token = secrets.token_urlsafe(18)
    row = InvitationLink(
        id=digest(token), competition=competition, judge=judge, made=at, expires=until, answered=None, withdrawn=False
    )
    await InvitationLink.insert(row)
    return Link(now.pool[now.labels[judge]], token, until, tuple(codes))


def _candidate(now: Situation, code: str, judge: UUID) -> str:
    label = now.labels.get(judge)
    if label is None or label not in now.known:
        raise missing(Words("这位裁判", "judge"))
    if not now.changes(code):
        raise CLOSED
    if any(one.label == label for one in now.sitting[code]):
        raise Refusal("panel.seated", Words("这位裁判已在裁判组里。", "This judge is on the panel already."))
    return label


def _sitter(now: Situation, code: str, key: str) -> Sitter:
    found = next((one for one in now.sitting[code] if one.key == key), None)
    if found is None:
        raise Refusal(
            "panel.gone",
            Words("这个席位刚刚变了。", "This seat has just changed."),
            Words("请看看现在的样子，再决定。", "Look at it as it is now, then decide again."),
        )
    return found


async def _leave(event: Mapping[str, Any], sitter: Sitter, reason: str, actor: Actor, at: datetime) -> None:
    if event["state"] not in OPEN:
        raise CLOSED
    if sitter.account:
        await unseat(event, sitter.account, reason.strip(), actor, at)
    if sitter.invitation:
        await _replaced(sitter, reason.strip(), at)


async def _replaced(sitter: Sitter, why: str, at: datetime) -> None:
    """End an invitation; with the reason of a person this judge is not proposed for the event again."""
    changes: dict[Any, Any] = {Invitation.state: "replaced", Invitation.answer: why, Invitation.answered: at}
    await Invitation.update(changes).where(Invitation.id == sitter.invitation)


async def _add(now: Situation, code: str, label: str, at: datetime, by_hand: bool = False, reason: str = "") -> None:
    row = Invitation(
        id=uuid4(),
        event=now.events[code]["id"],
        judge=now.pool[label]["id"],
        state="proposed",
        chief=False,
        by_hand=by_hand,
        reason=reason,
        made=at,
        answer="",
        answered=None,
    )
    await Invitation.insert(row)
