"""Gathers where the panels of a competition stand from its rows: pool, rules, competitors, invitations, seats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from scoring.verdict import Words
from server.competitions.flow import events_listed
from server.competitions.judges import Away, Competitor, Event, Judge, Recusal
from server.competitions.officiating import loads
from server.competitions.pool import pool_of
from server.competitions.recusals import plain, recusals_of, why_of
from server.competitions.wanted import days_between, days_of, rules_of
from server.database.tables import Invitation, InvitationLink, JudgeAccount, JudgeEvent, Member, Seat
from server.marks.planning import LIVE, OPEN, SAID_NO, Sitter, Situation


async def situation(competition: Mapping[str, Any]) -> Situation:
    """Where the panels of a competition stand."""
    organiser = competition["organiser"]
    pool = _called(await pool_of(organiser))
    rules, one_per = await rules_of(competition["id"])
    events = {event["code"]: event for event in await events_listed(competition)}
    competitors = await _competitors(competition["id"])
    days, every = await days_of(competition), frozenset(days_between(competition))
    invitations = await _invitations(competition["id"])
    labels = {row["id"]: label for label, row in pool.items()}
    seats = await _seats(competition["id"], labels)
    sitting = {code: _sitting(event, invitations, seats, labels) for code, event in events.items()}
    asked = {
        code: Event(
            code,
            event["occupation_code"],
            event["judges"] if event["state"] in OPEN else len(sitting[code]),
            (days.get(event["id"], every) & every) or every,
            frozenset(Competitor(str(one["person"]), plain(one["unit"])) for one in competitors.get(event["id"], ())),
            one_per=one_per,  # type: ignore[arg-type]  # the table holds nothing else
        )
        for code, event in events.items()
    }
    declined = {
        code: tuple(row for row in invitations if row["event"] == event["id"] and row["state"] in SAID_NO)
        for code, event in events.items()
    }
    judges = await _judges(competition, pool, events, competitors, invitations)
    return Situation(pool, judges, events, asked, rules, sitting, declined, await _links(competition["id"]))


def _called(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The judges of a pool by a name that no other has."""
    names = Counter(row["name"] for row in rows)
    homes = Counter((row["name"], row["unit"]) for row in rows)
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        label: str = row["name"]
        if names[row["name"]] > 1:
            label = f"{row['name']}（{row['unit']}）"
        if homes[row["name"], row["unit"]] > 1:
            label = f"{row['name']}（{row['unit']}，{row['phone_masked'][-4:]}）"
        found[label if label not in found else f"{label} {row['id'].hex[:4]}"] = row
    return found


async def _judges(
    competition: Mapping[str, Any],
    pool: Mapping[str, Mapping[str, Any]],
    events: Mapping[str, Mapping[str, Any]],
    competitors: Mapping[UUID, Sequence[Mapping[str, Any]]],
    invitations: Sequence[Mapping[str, Any]],
) -> tuple[Judge, ...]:
    organiser, codes = competition["organiser"], {event["id"]: code for code, event in events.items()}
    before, recusals = await loads(organiser, competition), await recusals_of(organiser)
    may: dict[UUID, set[str]] = {}
    for row in await JudgeEvent.select().where(JudgeEvent.event.competition == competition["id"]):
        may.setdefault(row["judge"], set()).add(codes[row["event"]])
    away: dict[UUID, dict[str, Words]] = {}
    for one in invitations:
        if one["state"] in SAID_NO or (one["state"] == "replaced" and one["answer"]):
            away.setdefault(one["judge"], {})[codes[one["event"]]] = _why_away(one)
    people: dict[str, set[str]] = {}
    for competitor in (one for rows in competitors.values() for one in rows):
        people.setdefault(plain(competitor["name"]), set()).add(str(competitor["person"]))
    return tuple(
        Judge(
            label,
            plain(row["unit"]),
            frozenset(row["occupations"]) | may.get(row["id"], set()),
            row["level"],
            row["title"],
            row["years"],
            row["delegation"],
            before.get(row["id"], 0),
            recusals=tuple(one for recusal in recusals.get(row["id"], ()) for one in _recusals(recusal, codes, people)),
            away=tuple(Away(code, why) for code, why in sorted(away.get(row["id"], {}).items())),
        )
        for label, row in pool.items()
        if row["active"]
    )


def _why_away(row: Mapping[str, Any]) -> Words:
    """Why somebody is out of the question for an event: what they said, or what was said of them."""
    said = row["answer"]
    if row["state"] == "declined":
        return Words(f"已谢绝邀请：{said}", f"declined the invitation: {said}")
    if row["state"] == "recused":
        return Words(f"已答复，须回避：{said}", f"answered, and has to stand back: {said}")
    return Words(f"已由人换下：{said}", f"taken off by hand: {said}")


def _recusals(row: Mapping[str, Any], codes: Mapping[UUID, str], people: Mapping[str, Iterable[str]]) -> list[Recusal]:
    """A declaration as the rules know it: a name becomes everybody of that name, an event of elsewhere nothing."""
    reason = why_of(row)
    if row["event"]:
        return [Recusal(reason, event=codes[row["event"]])] if row["event"] in codes else []
    if row["unit"]:
        return [Recusal(reason, unit=plain(row["unit"]))]
    return [Recusal(reason, person=person) for person in sorted(people.get(plain(row["person"]), ()))]


async def _competitors(competition: UUID) -> dict[UUID, list[dict[str, Any]]]:
    query = Member.select(Member.event, Member.person, Member.unit, Member.person.name.as_alias("name"))
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await query.where(Member.event.competition == competition):
        found.setdefault(row["event"], []).append(dict(row))
    return found


async def _invitations(competition: UUID) -> list[dict[str, Any]]:
    query = Invitation.select().where(Invitation.event.competition == competition)
    return [dict(row) for row in await query.order_by(Invitation.made, Invitation.id)]


async def _seats(competition: UUID, labels: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """The seats of a competition, each with its judge of the pool as `judge`, None for somebody who is not in it."""
    query = Seat.select(Seat.event, Seat.account, Seat.number, Seat.chief, Seat.account.name.as_alias("name"))
    seats = await query.where(Seat.event.competition == competition)
    accounts = [row["account"] for row in seats]
    known = await JudgeAccount.select().where(JudgeAccount.account.is_in(accounts)) if accounts else []
    judges = {row["account"]: row["judge"] for row in known if row["judge"] in labels}
    return [{**row, "judge": judges.get(row["account"])} for row in seats]


def _sitting(
    event: Mapping[str, Any],
    invitations: Sequence[Mapping[str, Any]],
    seats: Sequence[Mapping[str, Any]],
    labels: Mapping[UUID, str],
) -> tuple[Sitter, ...]:
    """Who is wanted and who sits: the chief first, then by seat, then by name."""
    taken = {row["judge"] or row["account"]: row for row in seats if row["event"] == event["id"]}
    sitters = []
    for row in (one for one in invitations if one["event"] == event["id"] and one["state"] in LIVE):
        seat = taken.pop(row["judge"], None)
        sitters.append(
            Sitter(
                labels[row["judge"]],
                row["state"],
                seat["chief"] if seat else row["chief"],
                row["by_hand"],
                row["reason"],
                f"J{seat['number']}" if seat else "",
                row["judge"],
                row["id"],
                seat["account"] if seat else None,
            )
        )
    for row in taken.values():
        number, judge = f"J{row['number']}", row["judge"]
        label = labels[judge] if judge else f"{row['name']}（{event['code']} {number}）"
        sitters.append(Sitter(label, "seated", row["chief"], seat=number, judge=judge, account=row["account"]))
    return tuple(sorted(sitters, key=lambda one: (not one.chief, one.seat or "K", one.label)))


async def _links(competition: UUID) -> dict[UUID, Mapping[str, Any]]:
    """Judge → the newest link that was made for them."""
    query = InvitationLink.select().where(InvitationLink.competition == competition)
    return {row["judge"]: dict(row) for row in await query.order_by(InvitationLink.made)}
