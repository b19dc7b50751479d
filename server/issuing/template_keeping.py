"""Taking an organiser's own template: checked in a process of its own, then kept as the next version of its name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Organiser, OwnTemplate
from server.errors import Refusal
from server.issuing.apart import apart
from server.issuing.own import MARK, organiser_of
from server.issuing.template_faults import refused
from server.ledger import hold, record

if TYPE_CHECKING:
    from certificates.own.checking import Checked

MOST_NAME = 40
MOST_VERSIONS = 99
SAMPLES = 5


async def check(archive: bytes, organiser: UUID) -> Checked:
    """Look a ZIP through and set every sample. Raises Refusal with file and line where it cannot be relied on."""
    checked: Checked = await apart(organiser, SAMPLES, "check_template", archive)
    if checked.fault:
        raise refused(checked.fault.rule, checked.fault.file, checked.fault.line, checked.fault.detail)
    return checked


async def keep(competition: Mapping[str, Any], name: str, archive: bytes, actor: Actor, at: datetime) -> str:
    """Check a template and keep it as the next version of its name; the design's name. Raises Refusal as `check` does."""
    name = " ".join(name.split())
    if not 0 < len(name) <= MOST_NAME or not name.isprintable():
        words = Words("模板要有名称，最多 40 字。", "A template has a name of at most 40 characters.")
        raise Refusal("template.name", words, status=422)
    organiser = await organiser_of(competition)
    checked = await check(archive, organiser)
    picture = next(iter(checked.pictures.values()))
    async with DB.transaction():
        await hold(competition["id"])
        await Organiser.select(Organiser.id).where(Organiser.id == organiser).lock_rows().first()
        version = 1 + await OwnTemplate.count().where((OwnTemplate.organiser == organiser) & (OwnTemplate.name == name))
        if version > MOST_VERSIONS:
            words = Words(f"一个模板最多 {MOST_VERSIONS} 版。", f"A template has at most {MOST_VERSIONS} versions.")
            raise Refusal("template.versions", words, Words("请换个名称。", "Use another name."))
        id = uuid4()
        await OwnTemplate.insert(
            OwnTemplate(
                id=id, organiser=organiser, name=name, version=version, archive=archive, picture=picture,
                form=checked.form, by_name=actor.name, at=at,
            )
        )  # fmt: skip
        data = {"template": str(id), "name": name, "version": version}
        await record(competition["id"], "template.kept", actor, at, data=data)
    return f"{MARK}{id}"
