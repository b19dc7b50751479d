"""An organiser's own templates of certificates: chosen as our designs are, and printed from the ZIP that was kept.

A version is never changed. A certificate names the version that it was issued in, so that printing it again gives the
same page; another upload under the same name is the next version, and holds for nothing until it is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from certificates.certificate import Kind
from scoring.verdict import Words
from server.database.rows import the_row
from server.database.tables import Competition, OwnTemplate
from server.errors import missing

MARK = "own:"
TEMPLATE = Words("这个模板", "template")


def is_own(design: str) -> bool:
    """Whether the name of a design is that of an organiser's template."""
    return design.startswith(MARK)


def _id(design: str) -> UUID:
    try:
        return UUID(design.removeprefix(MARK))
    except ValueError:
        raise missing(TEMPLATE) from None


async def printed_in(design: str) -> str | bytes:
    """What a press is given: the name of a design of ours, or the ZIP of an organiser's template."""
    if not is_own(design):
        return design
    row = await OwnTemplate.select(OwnTemplate.archive).where(OwnTemplate.id == _id(design)).first()
    if row is None:
        raise missing(TEMPLATE)
    return bytes(row["archive"])


async def called(design: str) -> Words:
    """The name of a template with its version."""
    query = OwnTemplate.select(OwnTemplate.name, OwnTemplate.version)
    row = await query.where(OwnTemplate.id == _id(design)).first()
    if row is None:
        raise missing(TEMPLATE)
    return versioned(row)


def versioned(row: Mapping[str, Any]) -> Words:
    """How a version is called."""
    return Words(f"{row['name']}（第 {row['version']} 版）", f"{row['name']} (version {row['version']})")


async def templates_of(competition: Mapping[str, Any], kind: Kind) -> list[dict[str, Any]]:
    """The versions of its organiser's templates that suit a kind, by name, the newest first."""
    columns = (OwnTemplate.id, OwnTemplate.name, OwnTemplate.version, OwnTemplate.by_name, OwnTemplate.at)
    theirs = OwnTemplate.organiser == await organiser_of(competition)
    query = OwnTemplate.select(*columns).where(theirs & (OwnTemplate.form == (kind == "level")))
    rows = await query.order_by(OwnTemplate.name).order_by(OwnTemplate.version, ascending=False)
    return [{**row, "design": f"{MARK}{row['id']}"} for row in rows]


async def own_suits(competition: Mapping[str, Any], design: str, kind: Kind) -> bool:
    """Whether a template is this organiser's and suits a kind."""
    return any(design == row["design"] for row in await templates_of(competition, kind))


async def picture_of(competition: Mapping[str, Any], template: str) -> bytes:
    """The picture to choose by. Raises Refusal `not-found` also where it is another organiser's."""
    theirs = OwnTemplate.organiser == await organiser_of(competition)
    row = await OwnTemplate.select(OwnTemplate.picture).where((OwnTemplate.id == _id(template)) & theirs).first()
    if row is None:
        raise missing(TEMPLATE)
    return bytes(row["picture"])


async def organiser_of(competition: Mapping[str, Any]) -> UUID:
    """Whose competition it is."""
    query = Competition.select(Competition.series.organiser.as_alias("organiser"))
    row = await the_row(query.where(Competition.id == competition["id"]).first())
    return UUID(str(row["organiser"]))
