"""Which design a kind of certificate is printed in: the organiser's choice, or else the competition's design.

The choice holds for what is issued from then on. A certificate keeps the design that it was issued in, so that printing
it again gives the same page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from certificates import designs
from certificates.certificate import Kind
from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Certificate, Competition
from server.errors import Refusal, missing, unchanged
from server.issuing.own import called, is_own, own_suits
from server.ledger import hold, record

KINDS: dict[Kind, Words] = {
    "award": Words("获奖证书", "Awards"),
    "title": Words("荣誉称号", "Titles"),
    "level": Words("职业技能等级", "Skill levels"),
    "ability": Words("专项职业能力", "Special abilities"),
    "participation": Words("参赛", "Participation"),
    "judge": Words("执裁", "Judges"),
    "organiser": Words("办赛工作", "Organisers"),
}
NAMES: dict[str, Words] = {
    "classical": Words("典雅红金", "Classical red and gold"),
    "classical-portrait": Words("典雅红金（竖版）", "Classical, standing"),
    "craft": Words("匠作", "Craft"),
    "craft-landscape": Words("匠作（横版）", "Craft, lying"),
    "modern": Words("现代", "Modern"),
    "modern-portrait": Words("现代（竖版）", "Modern, standing"),
    "youth": Words("青春", "Youth"),
    "youth-portrait": Words("青春（竖版）", "Youth, standing"),
    "level": Words("等级证书", "Form of a skill level"),
}


def kind_named(text: str) -> Kind:
    """The kind that an address names. Raises Refusal `not-found`."""
    for kind in get_args(Kind):
        if kind == text:
            return kind  # type: ignore[no-any-return]  # get_args is untyped
    raise missing(Words("这种证书", "kind of certificate"))


def design_of(competition: Mapping[str, Any], kind: Kind) -> str:
    """The design that certificates of a kind are issued in."""
    suitable = designs.suitable(kind)
    wished = str(competition["designs"].get(kind) or competition["design"])
    return wished if wished in suitable or is_own(wished) else suitable[0]


async def words_of(design: str) -> Words:
    """The name of a design of ours, or of an organiser's template with its version."""
    return await called(design) if is_own(design) else NAMES[design]


async def choose(
    competition: Mapping[str, Any], kind: Kind, design: str, actor: Actor, at: datetime, known: str | None = None
) -> None:
    """Give a kind a design of its own; choosing what is chosen changes nothing. `known` is the one that was chosen when
    somebody began to choose. Certificates that wait for a template of the organiser's, which may fail, are printed in it too.

    Raises Refusal `design.unsuitable` or `changed.meanwhile`.
    """
    if not (await own_suits(competition, design, kind) if is_own(design) else design in designs.suitable(kind)):
        raise Refusal(
            "design.unsuitable",
            Words("这种证书不能用这个版式。", "This kind of certificate cannot be printed in that design."),
            Words("请从列出的版式里选一个。", "Choose one of those that are shown."),
            status=422,
        )
    async with DB.transaction():
        await hold(competition["id"])
        where = Competition.id == competition["id"]
        columns = Competition.select(Competition.designs, Competition.design)
        now = await the_row(columns.where(where).output(load_json=True).first())
        there = design_of(now, kind)
        unchanged(known, there, await words_of(there))
        if now["designs"].get(kind) == design:
            return
        await Competition.update({Competition.designs: {**now["designs"], kind: design}}).where(where)
        if is_own(there):
            waiting = (Certificate.competition == competition["id"]) & (Certificate.kind == kind)
            # What had a file once is held to that file, whatever is chosen now.
            waiting &= Certificate.printed.is_null() & (Certificate.pdf_sha256 == "") & (Certificate.design == there)
            changes: dict[Any, Any] = {Certificate.design: design, Certificate.design_version: None}
            await Certificate.update(changes).where(waiting)
        await record(competition["id"], "design.chosen", actor, at, data={"kind": kind, "design": design})
