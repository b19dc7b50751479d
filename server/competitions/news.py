"""Announcements: what an organiser tells everybody, in the order in which it was told.

An announcement is plain text in Chinese, and in English where the organiser writes it. It may be corrected, which says when,
and withdrawn; the ledger keeps what it said before. It is public as soon as the competition is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Place, Problem, Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Announcement
from server.errors import Refusal
from server.ledger import hold, record
from server.signs import listed, unreadable

LONGEST_TITLE, LONGEST_BODY = 120, 8000
TEXTS = ("title", "title_en", "body", "body_en")
GONE = Refusal(
    "not-found",
    Words("这则公告已经撤下。", "This announcement has been withdrawn."),
    Words("下面列出的是现在有的。", "What is listed below is what there is now."),
    status=404,
)


async def announcements(competition: UUID, withdrawn: bool = False) -> list[dict[str, Any]]:
    """The newest first; with `withdrawn`, those too that nobody reads any more."""
    where: Any = Announcement.competition == competition
    if not withdrawn:
        where = where & Announcement.withdrawn.is_null()
    return [dict(row) for row in await Announcement.select().where(where).order_by(Announcement.at, ascending=False)]


async def announce(competition: Mapping[str, Any], texts: Mapping[str, str], actor: Actor, at: datetime) -> UUID:
    """Tell it to everybody; what stands there word for word already was sent twice and is told once.

    Raises Refusal `announcement.invalid` with every problem.
    """
    said = checked(texts)
    async with DB.transaction():
        await hold(competition["id"])
        for there in await announcements(competition["id"]):
            if said == {name: there[name] for name in TEXTS}:
                return UUID(str(there["id"]))
        id = uuid4()
        row = Announcement(
            id=id, competition=competition["id"], account=actor.account, at=at, changed=None, withdrawn=None, version=1, **said
        )  # fmt: skip
        await Announcement.insert(row)
        await record(competition["id"], "announcement.made", actor, at, data={"announcement": str(id), **said})
    return id


async def correct(
    competition: Mapping[str, Any], id: UUID, version: int, texts: Mapping[str, str], actor: Actor, at: datetime
) -> None:
    """Say it differently. Raises Refusal `announcement.invalid`, `not-found`, or `announcement.changed` for an old version."""
    said = checked(texts)
    async with DB.transaction():
        await hold(competition["id"])
        now = await _one(competition["id"], id)
        _as_seen(now, version, tuple(_now(name, now[name]) for name in TEXTS if now[name] != said[name]))
        if said == {name: now[name] for name in TEXTS}:
            return
        changes: dict[Any, Any] = {**said, "changed": at, "version": version + 1}
        await Announcement.update(changes).where(Announcement.id == id)
        await record(competition["id"], "announcement.corrected", actor, at, data={"announcement": str(id), **said})


def _as_seen(now: Mapping[str, Any], version: int, differs: tuple[Problem, ...] = ()) -> None:
    if now["version"] != version:
        raise Refusal(
            "announcement.changed",
            Words(
                f"这则公告已被改为“{now['title']}”，您的修改没有保存。",
                f"Somebody has changed it to “{now['title']}”; yours was not saved.",
            ),
            Words("请核对后再保存一次。", "Compare, then save once more."),
            differs,
        )


def _now(name: str, text: str) -> Problem:
    what = {
        "title": Words("标题", "heading"),
        "title_en": Words("英文标题", "heading in English"),
        "body": Words("正文", "text"),
        "body_en": Words("英文正文", "text in English"),
    }[name]
    words = Words(f"现在的{what.zh}：{text or '空'}", f"The {what.en} is now: {text or 'empty'}")
    return Problem("announcement.changed", Place(key=name), words, Words("", ""))


async def withdraw(competition: Mapping[str, Any], id: UUID, version: int, actor: Actor, at: datetime) -> None:
    """Take it back. Raises Refusal `not-found`, or `announcement.changed` for an old version."""
    async with DB.transaction():
        await hold(competition["id"])
        now = await _one(competition["id"], id)
        _as_seen(now, version)
        await Announcement.update({Announcement.withdrawn: at}).where(Announcement.id == id)
        data = {"announcement": str(id), "title": now["title"]}
        await record(competition["id"], "announcement.withdrawn", actor, at, data=data)


async def _one(competition: UUID, id: UUID) -> Mapping[str, Any]:
    where = (Announcement.id == id) & (Announcement.competition == competition) & Announcement.withdrawn.is_null()
    row = await Announcement.select().where(where).lock_rows().first()
    if row is None:
        raise GONE
    return row


def checked(texts: Mapping[str, str]) -> dict[str, Any]:
    """The texts without space around them. Raises Refusal `announcement.invalid` with every problem."""
    said: dict[str, Any] = {name: texts.get(name, "").replace("\r\n", "\n").strip() for name in TEXTS}
    problems = tuple(_wrong(said))
    if problems:
        words = Words("公告没有发布。", "It was not announced.")
        raise Refusal("announcement.invalid", words, problems=problems, status=422)
    return said


def _wrong(said: Mapping[str, str]) -> list[Problem]:
    found = []
    for name, what in (("title", Words("标题", "title")), ("body", Words("正文", "text"))):
        most = LONGEST_TITLE if name == "title" else LONGEST_BODY
        if not said[name]:
            words = Words(f"请写{what.zh}。", f"Write the {what.en}.")
            found.append(Problem("announcement.empty", Place(key=name), words, Words("", "")))
        for one in (name, f"{name}_en"):
            if signs := listed(unreadable(said[one], lines=name == "body")):
                words = Words(
                    f"{what.zh}里有读不出的符号：{signs}。", f"The {what.en} has signs that nobody can read: {signs}."
                )
                found.append(Problem("announcement.sign", Place(key=one), words, Words("", "")))
            if len(said[one]) > most:
                words = Words(f"{what.zh}最多 {most} 字。", f"The {what.en} has at most {most} characters.")
                found.append(Problem("announcement.long", Place(key=one), words, Words("", "")))
    return found
