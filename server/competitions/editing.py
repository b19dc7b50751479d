"""Mending what was set up, as long as nothing rests on it.

What rests on a fact is said in its refusal: results on the days and the names, entries on the occupation that they were
checked against, a draw on the stations. Nothing is overwritten unseen: an edit of a version that is not the newest is
refused with what stands there now, and the next one, made on the newest, goes through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import asyncpg
import msgspec

from scoring import policy as policies
from scoring.verdict import No, Place, Problem, Words
from server.access import Actor
from server.competitions.checking import check_competition, check_event
from server.competitions.facts import NAMES, CompetitionEdit, EventEdit, columns, with_roles
from server.competitions.own_policies import policy_for_event
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Competition, Entry, Event, MarkHead, Quota
from server.errors import Refusal
from server.ledger import hold, record
from server.web.words import both

BEFORE_THE_DRAW = ("setup", "registration")
OPEN_ENDED = frozenset({"regions", "venue", "venue_en", "registration_opens", "registration_closes"})
"""Facts of a competition that no result rests on."""
ENTERED_UNDER = frozenset({"code", "name", "division", "occupation", "occupation_code", "occupation_edition"}) | {
    *("work_type", "team_size", "policy")
}
"""Facts of an event that entries were checked against."""


class Changed(Refusal):
    """An edit of what somebody else has changed: `theirs` are the facts that stand there now, under `version`."""

    def __init__(self, theirs: Mapping[str, Any], mine: Mapping[str, Any], version: int, zone: str) -> None:
        super().__init__(
            "setup.changed",
            Words(
                "有人在你之后改过，你的修改没有保存。",
                "Somebody changed this after you opened it; yours was not saved.",
            ),
            Words(
                "请看现在的内容；仍要按你的改，就再保存一次。",
                "Look at what is there now; to have it your way, save once more.",
            ),
            problems=tuple(
                _differs(name, theirs[name], mine[name], zone) for name in mine if mine[name] != theirs[name]
            ),
        )
        self.theirs = theirs
        self.version = version


async def edit_competition(competition: Mapping[str, Any], edit: CompetitionEdit, actor: Actor, at: datetime) -> int:
    """Change the facts of an edition; its version after that.

    Raises Refusal `competition.…` for what cannot be, `setup.changed`, or `setup.used` with every fact that is in use.
    """
    check_competition(edit)
    async with DB.transaction():
        await hold(competition["id"])
        where = Competition.id == competition["id"]
        now = await the_row(Competition.select().where(where).output(load_json=True).first())
        now["organisations"] = with_roles(now["organisations"])
        mine = columns(edit)
        if now["version"] != edit.version:
            raise Changed({name: now[name] for name in mine}, mine, now["version"], now["time_zone"])
        changed = {name: value for name, value in mine.items() if value != now[name]}
        if not changed:
            return edit.version
        await _refuse_used(await _used_of_competition(competition, changed))
        changes: dict[Any, Any] = {**changed, "version": edit.version + 1}
        await Competition.update(changes).where(where)
        data = _told(now, changed)
        await record(competition["id"], "competition.edited", actor, at, data=data)
    return edit.version + 1


async def edit_event(
    competition: Mapping[str, Any], event: Mapping[str, Any], edit: EventEdit, actor: Actor, at: datetime
) -> int:
    """Change the facts of an event before its draw; its version after that.

    Raises Refusal `event.…` for what cannot be, a policy's no, `setup.changed`, or `setup.used`.
    """
    check_event(edit)
    async with DB.transaction():
        await hold(competition["id"])
        now = await the_row(Event.select().where(Event.id == event["id"]).output(load_json=True).first())
        mine = columns(edit)
        if now["version"] != edit.version:
            raise Changed({name: now[name] for name in mine}, mine, now["version"], competition["time_zone"])
        changed = {name: value for name, value in mine.items() if value != now[name]}
        if not changed:
            return edit.version
        await _refuse_used(await _used_of_event(now, changed))
        if "code" in changed and await Event.exists().where(
            (Event.competition == competition["id"]) & (Event.code == edit.code)
        ):
            raise Refusal("event.taken", Words(f"编号 {edit.code} 已经用过。", f"The code {edit.code} is taken."))
        policy = {}
        if "policy" in changed:
            policy = await policy_for_event(competition["organiser"], edit.policy, competition["starts"], at)
        changes: dict[Any, Any] = {**changed, **policy, "version": now["version"] + 1}
        await Event.update(changes).where(Event.id == event["id"])
        await record(competition["id"], "event.edited", actor, at, event=event["id"], data=_told(now, changed))
    return edit.version + 1


async def remove_event(
    competition: Mapping[str, Any], event: Mapping[str, Any], version: int, actor: Actor, at: datetime
) -> None:
    """Take an event out that is being set up and that nothing belongs to. Its code is free again; the ledger remembers it.

    Raises Refusal `event.in-use` or `setup.changed`.
    """
    async with DB.transaction():
        await hold(competition["id"])
        now = await the_row(Event.select().where(Event.id == event["id"]).first())
        if now["version"] != version:
            raise Changed({}, {}, now["version"], competition["time_zone"])
        if now["state"] != "setup":
            raise _in_use(Words("报名已经开放。", "Registration has been opened."))
        data = {"code": now["code"], "name": now["name"]}
        await record(competition["id"], "event.removed", actor, at, event=event["id"], data=data)
        await Quota.delete().where(Quota.event == event["id"])
        await MarkHead.delete().where(MarkHead.id == event["id"])
        try:
            await Event.delete().where(Event.id == event["id"])
        except (asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError) as used:
            raise _in_use(Words("已有裁判或名单属于它。", "Judges or entries belong to it.")) from used


async def _used_of_competition(competition: Mapping[str, Any], changed: Mapping[str, Any]) -> list[Problem]:
    query = Event.select(Event.code, Event.name, Event.state, Event.policy, Event.policy_text)
    events = await query.where(Event.competition == competition["id"]).order_by(Event.code)
    problems = []
    published = [row["name"] for row in events if row["state"] in ("published", "final", "certified")]
    if published:
        zh, en = f"“{published[0]}”的成绩已经公示", f'the results of "{published[0]}" are public'
        problems += [_used(name, zh, en) for name in changed if name not in OPEN_ENDED | {"review_steps"}]
    entered = await Entry.exists().where(Entry.event.competition == competition["id"])
    if "review_steps" in changed and entered:
        problems.append(_used("review_steps", "已有人按原步骤报名", "people have entered under these steps"))
    if "starts" in changed and not published:
        for row in events:
            if row["state"] == "setup" or not row["policy"]:
                continue
            usable = policies.parse(row["policy_text"], row["policy"]).usable(changed["starts"])
            if isinstance(usable, No):
                zh, en = (
                    f"“{row['name']}”的规则到那天不能用",
                    f'the policy of "{row["name"]}" cannot be used on that day',
                )
                problems.append(_used("starts", zh, en))
    return problems


async def _used_of_event(now: Mapping[str, Any], changed: Mapping[str, Any]) -> list[Problem]:
    if now["state"] not in BEFORE_THE_DRAW:
        return [_used(name, "这个赛项已经抽签", "this event has been drawn") for name in changed]
    entries = await Entry.count().where((Entry.event == now["id"]) & Entry.state.not_in(["waiting", "rejected"]))
    problems = []
    if entries:
        zh, en = f"已有 {entries} 个参赛单元按它报名", f"{entries} entries were made under it"
        problems += [_used(name, zh, en) for name in changed if name in ENTERED_UNDER]
    if 0 < changed.get("capacity", 0) < entries:
        problems.append(_used("capacity", f"已经报名 {entries} 个", f"{entries} have entered already"))
    return problems


async def _refuse_used(problems: Iterable[Problem]) -> None:
    if found := tuple(problems):
        words = Words("有的内容已经用上，不能再改；什么都没有保存。", "Some of it is in use; nothing was saved.")
        raise Refusal("setup.used", words, Words("请改回原来的内容再保存。", "Put it back, then save."), problems=found)


def _used(name: str, zh: str, en: str) -> Problem:
    fact = NAMES[name]
    words = Words(f"{fact.zh}不能再改：{zh}。", f"{fact.en} can no longer be changed: {en}.")
    return Problem("setup.used", Place(key=name), words, Words("请改回原来的内容。", "Put it back."))


def _differs(name: str, theirs: Any, mine: Any, zone: str) -> Problem:
    fact, there, here = NAMES[name], _said(theirs, zone), _said(mine, zone)
    words = Words(
        f"{fact.zh}现在是“{there.zh}”，你写的是“{here.zh}”。", f'{fact.en} is "{there.en}" now, you wrote "{here.en}".'
    )
    return Problem("setup.changed", Place(key=name), words, Words("", ""))


def _said(value: Any, zone: str) -> Words:
    if isinstance(value, date):
        return both(value, zone)
    if isinstance(value, list):
        names = [one["name"] if isinstance(one, dict) else str(one) for one in value]
        return Words("、".join(names), ", ".join(names))
    text = "" if value is None else str(value)
    return Words(text, text)


def _told(now: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """What the ledger keeps of an edit: every changed fact before and after."""
    told: dict[str, Any] = msgspec.to_builtins({name: [now[name], value] for name, value in sorted(changed.items())})
    return told


def _in_use(why: Words) -> Refusal:
    words = Words(f"这个赛项不能删去：{why.zh}", f"This event cannot be taken out: {why.en}")
    return Refusal("event.in-use", words, Words("什么都没有改动。", "Nothing was changed."))
