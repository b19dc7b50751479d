"""Honorary titles: what the policy says about every member of every entry of a published result.

A title is not written into the skill record: its certificate is what shows that somebody has it. So whoever has one in
force is not given the same title again, unless the policy allows it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
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
from server.promotion.flow import achievement_of, job_of, records_of

Answer = Title | No | Silent


async def titles_in(
    competition: Mapping[str, Any], published: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]], at: datetime
) -> dict[UUID, Sequence[Answer]]:
    """Member → an answer for each title that means them, by the published results of these events. Titles won in the very
    event count as not yet given.
    """
    entitling = [(event, content) for event, content in published if policy_of(event).titles]
    if not entitling:
        return {}
    rows = await Member.select().where(Member.event.is_in([event["id"] for event, _ in entitling]))
    members = {str(row["id"]): row for row in rows}
    held = dict(zip(members, await records_of(rows, at), strict=True))
    given = await _given({row["person"] for row in rows})
    found: dict[UUID, Sequence[Answer]] = {}
    for event, content in entitling:
        policy = policy_of(event)
        for standing in content["rows"]:
            achievement = achievement_of(competition, event, standing, Field(**content["field"]))
            for listed in standing["members"]:
                member, record = members[listed["member"]], held[listed["member"]]
                others = _others(policy, event, given.get(member["person"], ()))
                record = replace(record, titles=record.titles | others)
                found[member["id"]] = titles(record, achievement, job_of(event), policy)
    return found


def _others(policy: Policy, event: Mapping[str, Any], given: Sequence[tuple[UUID | None, str]]) -> frozenset[str]:
    """The policy's titles that certificates of other events give."""
    names = {rule.name.zh: rule.id for rule in policy.titles}
    return frozenset(names[honour] for where, honour in given if where != event["id"] and honour in names)


async def _given(people: Collection[UUID]) -> dict[UUID, list[tuple[UUID | None, str]]]:
    """Person → the titles that certificates in force give them: of which event, and the title's name."""
    if not people:
        return {}
    gone = Revocation.select(Revocation.certificate)
    where = (Certificate.kind == "title") & Certificate.person.is_in(list(people)) & Certificate.id.not_in(gone)
    query = Certificate.select(Certificate.person, Certificate.event, Certificate.content)
    found: dict[UUID, list[tuple[UUID | None, str]]] = {}
    for row in await query.where(where):
        found.setdefault(row["person"], []).append((row["event"], json.loads(row["content"]).get("honour", "")))
    return found
