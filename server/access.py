"""Who may do what. Every route names its access in `opt={"access": …}`; the program does not start when one does not.

An *actor* is whoever asks, with the places they hold: staff of organisers, supervisor of competitions, clerk of
delegations, seats on panels. An access decision is a function of the actor and of what the address names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from scoring.verdict import No, Words, Yes


@dataclass(frozen=True, slots=True)
class Seat:
    """A judge's place on a panel: J1, J2 …"""

    number: int
    chief: bool


SCOPES: Mapping[str, Words] = {
    "marks": Words("打分：只限下面选定的评分项", "give marks, for the chosen aspects only"),
    "setup:read": Words("看竞赛设置、代表队和名额", "read the set-up, delegations and places"),
    "progress:read": Words("看各赛项进度和打印进度", "read how far events and the printing are"),
    "entries:read": Words("看报名名单和审核状态", "read the entries and their review"),
    "promotions:read": Words("看晋升名单", "read the promotions"),
    "appeals:read": Words("看申诉", "read the appeals"),
    "certificates:read": Words("看证书清单，下载证书", "read the certificates and their files"),
    "certificates:issue": Words("预览并颁发证书，开始打印", "preview and issue certificates, and begin to print them"),
}
"""What a key may be given. A route names the one that opens it in `opt={"scope": …}`; one that names none stays closed."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a program's key opens: scopes of one competition, and the aspects that it may mark, by event."""

    competition: UUID
    scopes: frozenset[str]
    aspects: Mapping[UUID, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks. Nobody signed in has no account. A program with a key has one, and no place but its key's."""

    account: UUID | None = None
    name: str = ""
    session: bytes = b""
    organisers: frozenset[UUID] = frozenset()
    supervises: frozenset[UUID] = frozenset()
    delegations: frozenset[UUID] = frozenset()
    seats: Mapping[UUID, Seat] = field(default_factory=dict)
    key: Key | None = None
    superuser: bool = False


NOBODY = Actor()
PROGRAM = Actor(name="Podium")
"""The program itself, where no person acts."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an address names: a competition and its organiser, perhaps an event or a delegation of it."""

    competition: Mapping[str, Any] | None = None
    organiser: UUID | None = None
    event: Mapping[str, Any] | None = None
    delegation: Mapping[str, Any] | None = None


Access = Callable[[Actor, Scope], Yes | No]

SIGN_IN = No("access.sign-in", Words("请先登录。", "Sign in first."))


def by_key(key: Key, scope: Scope, wanted: str) -> Yes | No:
    """Whether a key opens a route of this scope at this address.

    An address without a competition is left to what it takes: `/api/marks` decides for each mark.
    """
    elsewhere = scope.competition is not None and scope.competition["id"] != key.competition
    if wanted not in key.scopes or elsewhere:
        return KEY_CLOSED
    if wanted == "marks" and scope.event is not None and scope.event["id"] not in key.aspects:
        return KEY_CLOSED
    return Yes("access.key")


KEY_CLOSED = No("access.key", Words("这个密钥没有这项权限。", "This key does not open this."))


def everyone(actor: Actor, scope: Scope) -> Yes | No:
    """Public: what stands on a notice board."""
    return Yes("access.public")


def nobody(actor: Actor, scope: Scope) -> Yes | No:
    """What a route gets that names no access."""
    return No("access.closed", Words("这里没有对外开放。", "This is not open to anybody."))


def signed_in(actor: Actor, scope: Scope) -> Yes | No:
    """Anybody with an account."""
    return Yes("access.signed-in") if actor.account else SIGN_IN


def any_organiser(actor: Actor, scope: Scope) -> Yes | No:
    """Staff of some organiser, where the address names no competition."""
    return _if(bool(actor.organisers), actor, Words("主办方人员", "organiser's staff"))


def any_office(actor: Actor, scope: Scope) -> Yes | No:
    """Staff of some organiser or a supervisor of some competition, where the address names none."""
    may = bool(actor.organisers or actor.supervises)
    return _if(may, actor, Words("主办方人员或监督", "organiser's staff or a supervisor"))


def organiser(actor: Actor, scope: Scope) -> Yes | No:
    """Staff of the organiser whose competition it is."""
    return _if(scope.organiser in actor.organisers, actor, Words("主办方人员", "organiser's staff"))


def office(actor: Actor, scope: Scope) -> Yes | No:
    """The organiser's staff or a supervisor of this competition."""
    may = scope.organiser in actor.organisers or _supervises(actor, scope)
    return _if(may, actor, Words("主办方人员或监督", "organiser's staff or a supervisor"))


def clerk(actor: Actor, scope: Scope) -> Yes | No:
    """Whoever registers for this delegation, or staff of the organiser whose competition it is."""
    own = scope.delegation is not None and scope.delegation["id"] in actor.delegations
    may = own or scope.organiser in actor.organisers
    return _if(may, actor, Words("本代表队的报名员或主办方人员", "this delegation's clerks or the organiser's staff"))


def own_clerk(actor: Actor, scope: Scope) -> Yes | No:
    """Whoever registers for this delegation, and nobody in their place."""
    own = scope.delegation is not None and scope.delegation["id"] in actor.delegations
    return _if(own, actor, Words("本代表队的报名员", "this delegation's clerks"))


def reviewer(actor: Actor, scope: Scope) -> Yes | No:
    """Whoever may have a step in the review: the office, or a clerk; each entry is checked against its own step."""
    may = isinstance(office(actor, scope), Yes) or bool(actor.delegations)
    return _if(may, actor, Words("审核报名的人", "somebody who reviews entries"))


def supervisor(actor: Actor, scope: Scope) -> Yes | No:
    """A supervisor of this competition."""
    return _if(_supervises(actor, scope), actor, Words("本次竞赛的监督", "a supervisor of this competition"))


def judge(actor: Actor, scope: Scope) -> Yes | No:
    """A judge on the panel of this event."""
    seated = scope.event is not None and scope.event["id"] in actor.seats
    return _if(seated, actor, Words("本赛项的裁判", "a judge of this event"))


def any_judge(actor: Actor, scope: Scope) -> Yes | No:
    """A judge on some panel; each mark is checked against its own event's panel."""
    return _if(bool(actor.seats), actor, Words("裁判", "a judge"))


def chief_judge(actor: Actor, scope: Scope) -> Yes | No:
    """The chief judge of this event."""
    seat = actor.seats.get(scope.event["id"]) if scope.event else None
    return _if(seat is not None and seat.chief, actor, Words("本赛项的裁判长", "the chief judge of this event"))


def leads_hall(actor: Actor, scope: Scope) -> Yes | No:
    """The chief judge of this event, or a supervisor of its competition."""
    may = isinstance(chief_judge(actor, scope), Yes) or _supervises(actor, scope)
    return _if(may, actor, Words("本赛项的裁判长或监督", "the chief judge of this event or a supervisor"))


def approves(actor: Actor, scope: Scope) -> Yes | No:
    """Who may approve what the chief judge of this event proposes: the office, but nobody who sits on the panel."""
    may = isinstance(office(actor, scope), Yes) and not isinstance(judge(actor, scope), Yes)
    return _if(
        may, actor, Words("不在裁判组的主办方人员或监督", "organiser's staff or a supervisor who is not on the panel")
    )


def reads_corrections(actor: Actor, scope: Scope) -> Yes | No:
    """Whoever proposes corrections of this event's marks, and whoever may approve them."""
    may = isinstance(chief_judge(actor, scope), Yes) or isinstance(approves(actor, scope), Yes)
    return _if(may, actor, Words("裁判长、主办方人员或监督", "the chief judge, organiser's staff or a supervisor"))


def anyone_in_event(actor: Actor, scope: Scope) -> Yes | No:
    """Whoever has work in this event: organiser, supervisor, or a judge of its panel."""
    may = isinstance(office(actor, scope), Yes) or isinstance(judge(actor, scope), Yes)
    return _if(may, actor, Words("本赛项的工作人员", "somebody who works in this event"))


def reads_keys(actor: Actor, scope: Scope) -> Yes | No:
    """Who may look at the list of keys that sign: whoever issues with them, and whoever may change them."""
    may = bool(actor.organisers) or isinstance(superuser(actor, scope), Yes)
    return _if(may, actor, Words("主办方人员", "organiser's staff"))


def superuser(actor: Actor, scope: Scope) -> Yes | No:
    """Who may open the raw tables, of every organiser, and change the keys that sign for all of them: named on the machine
    itself, and no judge, who would see others' marks."""
    return _if(actor.superuser and not actor.seats, actor, Words("超级管理员", "a superuser"))


def _supervises(actor: Actor, scope: Scope) -> bool:
    return scope.competition is not None and scope.competition["id"] in actor.supervises


def _if(may: bool, actor: Actor, who: Words) -> Yes | No:
    if may:
        return Yes("access.granted")
    if not actor.account:
        return SIGN_IN
    return No("access.role", Words(f"只有{who.zh}可以进行这一步。", f"Only {who.en} may do this."))
