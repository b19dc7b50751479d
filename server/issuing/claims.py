"""Who has a claim to a certificate by a published result, to one of which kind, saying what; and who has none, and why.

A *claim* is for a *subject*: a member, or an entry where a team gets one certificate together. Whoever a kind does not
speak of (somebody without an award) is not told of; *barred* are those who would expect one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from certificates.certificate import Kind
from scoring.ladder import LADDER, LEVELS
from scoring.titles import Title
from scoring.verdict import No, Silent, Words
from server.marks.floor import COMPETED, STATUSES
from server.promotion.titles import Answer

Said = Mapping[str, str]
SAYS = ("award", "rank", "score", "promotion", "level", "honour", "skill")
"""What a result makes a certificate say."""
GRADES = {level.printed: 6 - level.rank for level in LADDER if 1 <= level.rank <= 5}
"""五级 … 一级: the digit of a level in a number (人社鉴发〔2019〕2号). No rule of a competition leads above them."""
TOTAL = "total"
"""Under `passed`: the whole event."""


@dataclass(frozen=True, slots=True)
class Result:
    """A published result of an event, and what followed from it."""

    event: Mapping[str, Any]
    content: Mapping[str, Any]
    levels: Mapping[UUID, str]
    """Member → the level that it brought them."""
    titles: Mapping[UUID, Sequence[Answer]] = field(default_factory=dict)
    teams: Mapping[UUID, str] = field(default_factory=dict)
    """Entry → the team's own name."""
    persons: Mapping[UUID, UUID] = field(default_factory=dict)
    """Member → who that is."""
    snapshot: UUID | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A certificate that a subject is to have, as far as the result speaks."""

    subject: UUID
    member: UUID | None
    name: str
    delegation: str
    said: Said
    document: bool = False
    """It waits for an authority's document, whose number has to be given."""


@dataclass(frozen=True, slots=True)
class Barred:
    """Somebody who gets none, and why."""

    name: str
    delegation: str
    event: str
    why: Words
    subject: UUID | None = None
    """Where the claim is good and only the paper cannot be made."""


Found = tuple[list[Claim], list[Barred]]


def claims(kind: Kind, result: Result, per_team: bool, skill: tuple[str, str] | None = None) -> Found:
    """Everybody whom this kind means by a result; `skill` is what passing the event proves, for a special ability."""
    if kind == "ability" and not skill:
        return [], []
    found: Found = ([], [])
    for standing in result.content["rows"]:
        if not standing["members"]:
            continue
        together = per_team and kind in TOGETHER and len(standing["members"]) > 1
        who = [_team(standing, result)] if together else [_member(standing, one, result) for one in standing["members"]]
        for subject, member, name, more in who:
            said = ASKED[kind](standing, member, result, skill)
            if isinstance(said, Words):
                found[1].append(Barred(name, standing["delegation"], result.event["code"], said))
            elif said is not None:
                found[0].append(
                    Claim(
                        subject,
                        member,
                        name,
                        standing["delegation"],
                        {**said, **more},
                        kind == "title" and _waits(member, result),
                    )
                )
    return found


Who = tuple[UUID, UUID | None, str, Said]


def _member(standing: Mapping[str, Any], listed: Mapping[str, Any], result: Result) -> Who:
    member = UUID(listed["member"])
    team = result.teams.get(UUID(standing["entry"]), "") if len(standing["members"]) > 1 else ""
    return member, member, listed["name"], {"team": team} if team else {}


def _team(standing: Mapping[str, Any], result: Result) -> Who:
    entry = UUID(standing["entry"])
    name = result.teams.get(entry, "") or f"{standing['delegation']}代表队"
    return entry, None, name, {"members": "、".join(listed["name"] for listed in standing["members"])}


Ask = Callable[[Mapping[str, Any], UUID | None, Result, tuple[str, str] | None], Said | Words | None]


def _award(standing: Mapping[str, Any], member: UUID | None, result: Result, _: Any) -> Said | None:
    if not standing["award"]:
        return None
    said = {
        "score": in_marks(standing["total"]),
        "rank": str(standing["rank"]),
        "award": standing["award"]["zh"],
        "award_en": standing["award"]["en"],
    }
    level = LEVELS.get(result.levels.get(member, "")) if member else None
    if level:
        said["promotion"] = f"根据竞赛规程，晋升为{level.printed}。"
        said["promotion_en"] = f"By the rules of the competition, promoted to {level.name.en}."
    return said


def _participation(standing: Mapping[str, Any], member: UUID | None, result: Result, _: Any) -> Said | Words:
    status = standing.get("status", COMPETED)
    return {} if status == COMPETED else STATUSES[status]


def _level(standing: Mapping[str, Any], member: UUID | None, result: Result, _: Any) -> Said | Words | None:
    level = LEVELS.get(result.levels.get(member, "")) if member else None
    if level and level.printed not in GRADES:
        return Words("证书编号没有这个等级的代码", "a number has no digit for this level")
    return {"level": level.printed, "level_en": level.name.en} if level else None


def _title(standing: Mapping[str, Any], member: UUID | None, result: Result, _: Any) -> Said | Words | None:
    answers = result.titles.get(member, ()) if member else ()
    won = [answer for answer in answers if isinstance(answer, Title)]
    if won:
        said = {"rank": str(standing["rank"])}
        return {**said, "honour": "、".join(one.name.zh for one in won), "honour_en": ", ".join(one.name.en for one in won)}  # fmt: skip
    withheld = [answer.reason for answer in answers if isinstance(answer, No)]
    silent = [answer.reason for answer in answers if isinstance(answer, Silent)]
    if withheld:
        return withheld[0]
    return Words(f"规则未规定：{silent[0].zh}", f"The rules are silent: {silent[0].en}") if silent else None


def _waits(member: UUID | None, result: Result) -> bool:
    answers = result.titles.get(member, ()) if member else ()
    return any(isinstance(answer, Title) and answer.mode != "automatic" for answer in answers)


def _ability(standing: Mapping[str, Any], member: UUID | None, result: Result, skill: Any) -> Said | Words:
    status = standing.get("status", COMPETED)
    if status != COMPETED:
        return STATUSES[status]
    if TOTAL not in standing.get("passed", ()):
        return Words("没有合格", "did not pass")
    return {"skill": skill[0], **({"skill_en": skill[1]} if skill[1] else {})}


ASKED: dict[Kind, Ask] = {
    "award": _award,
    "participation": _participation,
    "level": _level,
    "title": _title,
    "ability": _ability,
}
TOGETHER: tuple[Kind, ...] = ("award", "participation")


def in_marks(total: int) -> str:
    """Hundredths as a certificate writes them: 8450 is 84.50."""
    return f"{total // 100}.{total % 100:02}"
