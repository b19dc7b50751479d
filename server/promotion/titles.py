"""Honorary titles: what the policy says about every member of every entry of a published result.

A title is not written into the skill record: its certificate is what shows that somebody has it. So whoever has one in
force is not given the same title again, unless the policy allows it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from scoring.awards import Field
from scoring.policy import Policy
from scoring.titles import Title, titles
from scoring.verdict import No, Silent
from server.competitions.flow import policy_of
from server.database.tables import Certificate, Member, Revocation
from server.promotion.flow import achievement_of, job_of, record_of

Answer = Title | No | Silent


async def titles_in(
    competition: Mapping[str, Any], event: Mapping[str, Any], content: Mapping[str, Any], at: datetime
) -> dict[UUID, Sequence[Answer]]:
    """Member → an answer for each title that means them. Titles won in this very event count as not yet given."""
    policy = policy_of(event)
    found: dict[UUID, Sequence[Answer]] = {}
    if not policy.titles:
        return {}
    members = {str(row["id"]): row for row in await Member.select().where(Member.event == event["id"])}
    given = await _given(policy, event, [row["person"] for row in members.values()])
    for standing in content["rows"]:
        achievement = achievement_of(competition, event, standing, Field(**content["field"]))
        for listed in standing["members"]:
            member = members[listed["member"]]
            held = await record_of(member, at)
            held = replace(held, titles=held.titles | given.get(member["person"], frozenset()))
            found[member["id"]] = titles(held, achievement, job_of(event), policy)
    return found


async def _given(policy: Policy, event: Mapping[str, Any], people: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """Person → the policy's titles that a certificate of another event gives them."""
    names = {rule.name.zh: rule.id for rule in policy.titles}
    gone = Revocation.select(Revocation.certificate)
    where = (Certificate.kind == "title") & Certificate.person.is_in(list(people)) & Certificate.id.not_in(gone)
    query = Certificate.select(Certificate.person, Certificate.content)
    found: dict[UUID, frozenset[str]] = {}
    for row in await query.where(where & (Certificate.event != event["id"])) if people else []:
        if id := names.get(json.loads(row["content"]).get("honour", "")):
            found[row["person"]] = found.get(row["person"], frozenset()) | {id}
    return found
