"""Setting up: a series, its next edition, and the events with their occupation, policy and scheme."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import msgspec

from scoring import policy as policies
from scoring.fitting import policy_misfits
from scoring.marks import Scheme, scheme_as_data, scheme_fingerprint, scheme_from_data
from scoring.verdict import Words
from server.access import Actor
from server.competitions.checking import (
    LONGEST,
    NAMED_TWICE,
    NAMED_TWICE_MEND,
    check_address,
    check_competition,
    check_event,
    invalid,
)
from server.competitions.facts import NewCompetition, NewEvent, columns
from server.competitions.own_policies import policy_for_event
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Ceremony, Competition, Custodian, Event, MarkHead, Series, Supervisor, Witness
from server.errors import Refusal, missing
from server.ledger import GENESIS, hold, open_ledger, record
from server.people.flow import add_account, one_time_login


async def add_competition(new: NewCompetition, organiser: UUID, actor: Actor, at: datetime) -> dict[str, Any]:
    """The next edition of a series; the series is made with its first edition.

    The address is `slug`, with the edition's number behind it from the second edition on. Nothing is overwritten.
    Raises Refusal `competition.address`, `competition.dates` or `competition.invalid`.
    """
    check_address(new.slug)
    check_competition(new)
    async with DB.transaction():
        series = await _series(new, organiser)
        edition = await Competition.count().where(Competition.series == series) + 1
        slug = new.slug if edition == 1 else f"{new.slug}-{edition}"
        while await Competition.exists().where(Competition.slug == slug):
            slug = f"{slug}-{organiser.hex[:4]}"
        facts = {name: value for name, value in columns(new).items() if name not in ("series", "series_en", "slug")}
        row = Competition(id=uuid4(), series=series, edition=edition, slug=slug, version=0, **facts)
        await Competition.insert(row)
        await open_ledger(row.id)
        await record(row.id, "competition.added", actor, at, data={"slug": slug, "edition": edition})
    return {"id": row.id, "slug": slug, "edition": edition, "name": new.name, "name_en": new.name_en}


async def _series(new: NewCompetition, organiser: UUID) -> UUID:
    found = (
        await Series.select(Series.id)
        .where((Series.organiser == organiser) & (Series.name == new.series))
        .lock_rows()
        .first()
    )
    if found:
        return UUID(str(found["id"]))
    series = Series(id=uuid4(), organiser=organiser, name=new.series, name_en=new.series_en)
    await Series.insert(series)
    return UUID(str(series.id))


async def add_event(competition: Mapping[str, Any], new: NewEvent, actor: Actor, at: datetime) -> UUID:
    """A new event in the state `setup`.

    Raises Refusal `event.code`, `event.invalid`, `event.taken`, `event.policy`, or the policy's own no: a template, not
    in force.
    """
    check_event(new)
    async with DB.transaction():
        policy = await policy_for_event(competition["organiser"], new.policy, competition["starts"], at)
        facts = {**columns(new), **policy}
        event = Event(id=uuid4(), competition=competition["id"], scheme={}, entered_state=at, **facts)
        added = await Event.insert(event).on_conflict(action="DO NOTHING").returning(Event.id)
        if not added:
            raise Refusal("event.taken", Words(f"编号 {new.code} 已经用过。", f"The code {new.code} is taken."))
        await MarkHead.insert(MarkHead(id=event.id, sequence=0, hash=GENESIS, open=False))
        data = {"code": new.code, "policy": new.policy, "policy_fingerprint": event.policy_fingerprint}
        await record(competition["id"], "event.added", actor, at, event=event.id, data=data)
    return UUID(str(event.id))


async def choose_scheme(
    event: Mapping[str, Any], scheme: Scheme, actor: Actor, at: datetime, seen: str | None = None
) -> str:
    """Bind a marking scheme to an event, until marking begins; its fingerprint. `seen` is that of the scheme which the chooser's page
    showed; None asks nothing.

    Raises Refusal `scheme.too-late`, `scheme.changed` when somebody else has chosen another one since, or `scheme.policy` when the
    event's policy speaks of something that the scheme lacks.
    """
    problems = tuple(policy_misfits(policy_of(event), scheme)) if event["policy"] else ()
    if problems:
        raise Refusal(
            "scheme.policy",
            Words("评分方案与规则对不上。", "The scheme and the policy do not fit together."),
            Words("换一份评分方案，或换一套规则。", "Choose another scheme, or another policy."),
            problems=problems,
            status=422,
        )
    async with DB.transaction():
        await hold(event["competition"])
        query = Event.select(Event.state, Event.scheme, Event.scheme_fingerprint).where(Event.id == event["id"])
        now = await the_row(query.output(load_json=True).first())
        if now["state"] not in ("setup", "registration", "drawn"):
            raise Refusal(
                "scheme.too-late",
                Words("打分已经开始，评分方案不能再换。", "Marking has begun; the scheme can no longer be changed."),
            )
        fingerprint = scheme_fingerprint(scheme)
        if seen is not None and now["scheme_fingerprint"] not in ("", seen, fingerprint):
            name = now["scheme"]["name"]
            raise Refusal(
                "scheme.changed",
                Words(
                    f"有人已改选评分方案“{name}”，您选的没有采用。",
                    f"Somebody has chosen the scheme “{name}” meanwhile; yours was not taken.",
                ),
                Words("请核对；要换成您的，再选一次。", "Look at it; to have yours instead, choose it once more."),
            )
        changes: dict[Any, Any] = {Event.scheme: scheme_as_data(scheme), Event.scheme_fingerprint: fingerprint}
        await Event.update({**changes, Event.version: Event.version + 1}).where(Event.id == event["id"])
        data = {"name": scheme.name, "fingerprint": fingerprint}
        await record(event["competition"], "scheme.chosen", actor, at, event=event["id"], data=data)
    return fingerprint


async def invite_supervisor(competition: Mapping[str, Any], name: str, actor: Actor, at: datetime) -> tuple[UUID, str]:
    """An account for a supervisor; the account and the token of a link that signs it in once.

    Raises Refusal `supervisor.name`, or `supervisor.taken`: a second one of the same name is the same person, named twice.
    """
    if not 0 < len(kept := name.strip()) <= LONGEST:
        raise invalid("supervisor.name", "请写监督的姓名", "Write the supervisor's name")
    async with DB.transaction():
        await hold(competition["id"])
        if await Supervisor.exists().where(
            (Supervisor.competition == competition["id"]) & (Supervisor.account.name == kept)
        ):
            raise Refusal("supervisor.taken", NAMED_TWICE, NAMED_TWICE_MEND)
        account = await add_account(f"supervisor-{secrets.token_hex(6)}", kept)
        await add_supervisor(competition, account, actor, at)
        token = await one_time_login(account, at)
    return account, token


async def add_supervisor(competition: Mapping[str, Any], account: UUID, actor: Actor, at: datetime) -> None:
    """Appoint a supervisor of a competition."""
    async with DB.transaction():
        row = Supervisor(id=uuid4(), competition=competition["id"], account=account)
        await Supervisor.insert(row).on_conflict(action="DO NOTHING")
        await record(competition["id"], "supervisor.appointed", actor, at, data={"account": str(account)})


async def remove_supervisor(competition: Mapping[str, Any], account: UUID, actor: Actor, at: datetime) -> None:
    """Take back that somebody supervises. Raises Refusal `supervisor.needed` while a draw waits for them or they keep a layer."""
    here = Ceremony.event.competition == competition["id"]
    open_ones = Ceremony.select(Ceremony.id).where(here & (Ceremony.outcome == ""))
    kept = Ceremony.select(Ceremony.id).where(
        here
        & (Ceremony.outcome != "withdrawn")
        & Ceremony.event.state.is_in(["registration", "drawn", "marking", "sealed"])
    )
    async with DB.transaction():
        await hold(competition["id"])
        waited = [row["id"] for row in await open_ones] or [uuid4()]
        sealed = [row["id"] for row in await kept] or [uuid4()]
        witness = await Witness.exists().where((Witness.account == account) & Witness.ceremony.is_in(waited))
        keeper = await Custodian.exists().where((Custodian.account == account) & Custodian.ceremony.is_in(sealed))
        if witness or keeper:
            raise Refusal(
                "supervisor.needed",
                Words(
                    "一次抽签正等着这名监督，或由他保管一层。",
                    "A draw waits for this supervisor, or they keep one of its layers.",
                ),
                Words(
                    "先撤回那次抽签的公告，或等到解码之后。", "Withdraw that draw first, or wait until it is decoded."
                ),
            )
        where = (Supervisor.competition == competition["id"]) & (Supervisor.account == account)
        await Supervisor.delete().where(where)
        await record(competition["id"], "supervisor.removed", actor, at, data={"account": str(account)})


async def competition_named(slug: str) -> dict[str, Any]:
    """A competition with its organiser's id as `organiser`. Raises Refusal `not-found`."""
    query = Competition.select(*Competition.all_columns(), Competition.series.organiser.as_alias("organiser"))
    row = await query.where(Competition.slug == slug).output(load_json=True).first()
    if not row:
        raise missing(Words("这项竞赛", "competition"))
    return dict(row)


async def event_named(competition: Mapping[str, Any], code: str) -> dict[str, Any]:
    """An event of a competition by its code. Raises Refusal `not-found`."""
    where = (Event.competition == competition["id"]) & (Event.code == code)
    row = await Event.select().where(where).output(load_json=True).first()
    if not row:
        raise missing(Words("这个赛项", "event"))
    return dict(row)


async def events_of(competition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The events of a competition by their codes."""
    query = Event.select().where(Event.competition == competition["id"]).order_by(Event.code)
    return [dict(row) for row in await query.output(load_json=True)]


async def events_listed(competition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same without their schemes, for whoever names or counts them: the schemes of a province are megabytes."""
    columns = [column for column in Event.all_columns() if column._meta.name != "scheme"]
    query = Event.select(*columns).where(Event.competition == competition["id"]).order_by(Event.code)
    return [dict(row) for row in await query]


def scheme_of(event: Mapping[str, Any]) -> Scheme | None:
    """The scheme bound to an event, if there is one."""
    return _read(msgspec.json.encode(event["scheme"])) if event["scheme"] else None


@lru_cache(maxsize=256)
def _read(scheme: bytes) -> Scheme:
    """A scheme is read and checked once for what it says: a province's take eight milliseconds each."""
    return scheme_from_data(msgspec.json.decode(scheme))


def policy_of(event: Mapping[str, Any]) -> policies.Policy:
    """The policy of an event as it was when it was chosen. Raises Refusal `policy.changed` when that text was touched."""
    policy = _parsed(event["policy_text"], event["policy"])
    if policy.fingerprint != event["policy_fingerprint"]:
        raise Refusal(
            "policy.changed",
            Words(f"规则 {policy.id} 在选定之后被改动过。", f"The policy {policy.id} was changed after it was chosen."),
            Words("请从备份恢复，并核验记录。", "Restore it from a backup, and verify the ledgers."),
        )
    return policy


@lru_cache(maxsize=64)
def _parsed(text: str, name: str) -> policies.Policy:
    return policies.parse(text, name)
