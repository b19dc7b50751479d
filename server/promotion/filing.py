"""The filing list: what an authority is told of everybody whom a competition promotes, or asks to approve.

The columns are those of the notices on filing (备案); no official form was found, so their order is our own. Document
numbers leave the database here, so every list that is made stands in the ledger of decisions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scoring.identity import KINDS
from scoring.ladder import LEVELS
from server.access import Actor
from server.competitions.facts import TIERS
from server.competitions.flow import policy_of
from server.database.piccolo_conf import DB
from server.database.tables import Certificate, Member, Snapshot
from server.ledger import hold, record
from server.promotion.deciding import cases_of
from server.sealing import Sealer

LISTED = {"waiting": ("waiting",), "granted": ("automatic", "granted")}
"""Which lists there are, and the states of the cases in them."""
IDENTITY = {"worker": "职工", "teacher": "教师", "student": "学生", "other": "其他"}
PEOPLE = """SELECT m.id AS member, m.unit, m.identity, m.level_certificate, p.id AS person, p.document_kind, p.document_sealed
FROM member m JOIN person p ON p.id = m.person JOIN event e ON e.id = m.event WHERE e.competition = {}"""


async def filed(
    competition: Mapping[str, Any], which: str, sealer: Sealer, actor: Actor, at: datetime
) -> list[dict[str, Any]]:
    """The lines of a list (`waiting` or `granted`), by event and name; each as the columns of the list name it."""
    cases = [case for case in await cases_of(competition["id"]) if case["state"] in LISTED[which]]
    people = {row["member"]: row for row in await Member.raw(PEOPLE, competition["id"])}
    snapshots = {case["snapshot"] for case in cases}
    standings = await _standings(snapshots) if snapshots else {}
    numbers = await _certificates(competition)
    lines = []
    for case in cases:
        line = _line(competition, case, people[case["member"]], sealer)
        lines.append({**line, **standings[str(case["member"])], **numbers.get(case["member"], {})})
    async with DB.transaction():
        await hold(competition["id"])
        await record(competition["id"], "promotions.filed", actor, at, data={"list": which, "people": len(lines)})
    return lines


def _line(
    competition: Mapping[str, Any], case: Mapping[str, Any], person: Mapping[str, Any], sealer: Sealer
) -> dict[str, Any]:
    level = case["granted"] or case["level"]
    rules = {f"promotion.{rule.id}": rule.clause.zh for rule in policy_of(case).promotion.rules}
    return {
        "key": str(case["id"]),
        "competition": competition["name"],
        "tier": TIERS[competition["tier"]].zh,
        "event": case["event_name"],
        "occupation": case["occupation"],
        "occupation_code": case["occupation_code"],
        "division": case["division"],
        "name": case["name"],
        "document_kind": KINDS[person["document_kind"]].zh,
        "document_number": sealer.open(bytes(person["document_sealed"]), f"document:{person['person']}"),
        "unit": person["unit"],
        "identity": IDENTITY[person["identity"]],
        "held": LEVELS[case["held"]].printed if case["held"] else "--",
        "held_certificate": person["level_certificate"] or "--",
        "level": LEVELS[level].printed,
        "clause": rules.get(case["rule"], case["reason_zh"]),
        "way": {"approval": "核准", "application": "申报"}.get(case["mode"], "自动" if case["mode"] else "裁定"),
        "document": case["document"] or "",
    }


async def _standings(snapshots: set[Any]) -> dict[str, dict[str, Any]]:
    """Member → rank, marks and the size of the field, as the snapshots froze them."""
    found = {}
    for row in await Snapshot.select(Snapshot.content).where(Snapshot.id.is_in(list(snapshots))):
        content = json.loads(row["content"])
        for standing in content["rows"]:
            modules = standing["modules"]
            for listed in standing["members"]:
                found[listed["member"]] = {
                    "theory": modules.get("theory", ""),
                    "practice": modules.get("practice", ""),
                    "total": standing["total"],
                    "rank": standing["rank"],
                    "field": content["field"]["entries"],
                }
    return found


async def _certificates(competition: Mapping[str, Any]) -> dict[Any, dict[str, Any]]:
    """Member → number and day of the certificate of the level, where one was issued."""
    query = Certificate.select(Certificate.member, Certificate.number, Certificate.issued)
    where = (Certificate.kind == "level") & (Certificate.competition == competition["id"])
    return {row["member"]: {"certificate": row["number"], "issued": row["issued"]} for row in await query.where(where)}
