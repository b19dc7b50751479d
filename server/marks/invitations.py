"""The page behind a judge's link: what they are asked, what they stand back from, yes or no, on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from litestar import Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Response

from scoring.verdict import Words
from server.access import everyone
from server.competitions.facts import with_roles
from server.competitions.recusals import BANK, Declared
from server.competitions.wanted import days_between, days_of
from server.errors import Refusal
from server.marks.answering import Answer, Asked, Summons, answer, summons
from server.marks.first_pin import checked, choose_first, pin_state
from server.web.page import Web, lang_of, page, spoken
from server.web.words import written

Fields = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
LINES = 3
"""How many things to stand back from the page has room for."""
ASKED = Refusal(
    "invitation.asked",
    Words("请先回答是否认识参赛选手。", "Please say first whether you know anybody who competes."),
    status=422,
)
UNANSWERED = Refusal(
    "invitation.unanswered",
    Words("请对每个赛项选择接受或谢绝。", "Please accept or decline for every event."),
    status=422,
)


@get("/invitation/{token:str}", opt={"access": everyone}, include_in_schema=False)
async def show(request: Web, token: FromPath[str]) -> Response[str]:
    """What a judge is asked, or what became of it."""
    return await _page(request, token, {})


@post("/invitation/{token:str}", opt={"access": everyone}, include_in_schema=False)
async def take(request: Web, token: FromPath[str], data: Fields) -> Response[Any]:
    """A judge's answer to everything that their link asks."""
    at = datetime.now(UTC)
    try:
        asked = await summons(token, at)
        waiting = [one for one in asked.asked if one.state == "invited"] if asked else []
        said = {one.invitation: data.get(f"answer-{one.event['code']}", "") for one in waiting}
        if not set(said.values()) <= {"yes", "no"}:
            raise UNANSWERED
        accepted = frozenset(one for one, word in said.items() if word == "yes")
        if accepted and data.get("knows") not in ("nobody", "somebody"):
            raise ASKED
        declared = _declared(data) if data.get("knows") == "somebody" else ()
        wanted = accepted and (data.get("pin", "") or data.get("pin-again", ""))
        pin = checked(data.get("pin", ""), data.get("pin-again", "")) if wanted else ""
        await answer(token, Answer(accepted, data.get("reason", ""), declared), at)
        if pin and asked and await pin_state(asked, at) == "choose":
            with suppress(Refusal):  # who declared themselves out of every event needs none
                await choose_first(token, pin, at)
    except Refusal as refusal:
        return await _page(request, token, data, refusal)
    return Redirect(f"/invitation/{token}", status_code=303)


@post("/invitation/{token:str}/pin", opt={"access": everyone}, include_in_schema=False)
async def take_pin(request: Web, token: FromPath[str], data: Fields) -> Response[Any]:
    """The first PIN of a judge who has accepted."""
    try:
        await choose_first(token, checked(data.get("pin", ""), data.get("pin-again", "")), datetime.now(UTC))
    except Refusal as refusal:
        return await _page(request, token, {}, refusal)
    return Redirect(f"/invitation/{token}", status_code=303)


def _declared(data: Mapping[str, str]) -> tuple[Declared, ...]:
    """The lines that were filled in. Raises Refusal `recusal.nothing` when somebody is known and nobody is named."""
    found = []
    for line in range(1, LINES + 1):
        who, words = data.get(f"who-{line}", "").strip(), data.get(f"words-{line}", "").strip()
        if not who and not words:
            continue
        about, reason = data.get(f"about-{line}", ""), data.get(f"why-{line}", "")
        unit, person = (who, "") if about == "unit" else ("", who)
        found.append(Declared(reason, unit=unit, person=person, words=words))
    if not found:
        raise Refusal(
            "recusal.nothing",
            Words("请写出您认识的选手或单位。", "Please name the competitor or the unit that you know."),
            status=422,
        )
    return tuple(found)


async def _page(request: Web, token: str, typed: Mapping[str, str], refusal: Refusal | None = None) -> Response[str]:
    lang, at = lang_of(request), datetime.now(UTC)
    found = await summons(token, at)
    status = refusal.status if refusal else 200 if found else 404
    return page(
        request,
        "invitation/asked.html",
        status,
        site={"name": _named(found.competition, lang)} if found else None,
        state=found.state if found else "unknown",
        judge={"name": found.judge["name"], "unit": found.judge["unit"]} if found else None,
        competition=_competition(found, lang) if found else None,
        events=await _events(found, typed, lang) if found else [],
        until=found.link["expires"] - timedelta(minutes=1) if found else "",
        answered=found.link["answered"] or "" if found else "",
        reasons=[{"id": one, "name": spoken(words, lang)} for one, words in BANK.items()],
        lines=[
            {name: typed.get(f"{name}-{line}", "") for name in ("about", "who", "why", "words")}
            for line in range(1, LINES + 1)
        ],
        form={"knows": typed.get("knows", ""), "reason": typed.get("reason", "")},
        action=f"/invitation/{token}",
        pin=await pin_state(found, at) if found else "",
        problem={"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)} if refusal else None,
    )


def _named(competition: Mapping[str, Any], lang: str) -> str:
    return str((competition["name_en"] if lang == "en" else "") or competition["name"])


def _competition(found: Summons, lang: str) -> dict[str, Any]:
    about = found.competition
    return {
        "name": _named(about, lang),
        "place": (about["venue_en"] if lang == "en" else "") or about["venue"],
        "first": about["starts"],
        "last": about["ends"],
        "organiser": next((_named(one, lang) for one in with_roles(about["organisations"])), ""),
    }


async def _events(found: Summons, typed: Mapping[str, str], lang: str) -> list[dict[str, Any]]:
    """The events that are asked for while the link is open, and what became of them afterwards."""
    named, every = await days_of(found.competition), days_between(found.competition)
    shown = [one for one in found.asked if found.state != "open" or one.state == "invited"]
    return [
        {
            "code": one.event["code"],
            "name": (one.event["name_en"] if lang == "en" else "") or one.event["name"],
            "days": [written(day, "date", lang) for day in sorted(named.get(one.event["id"], every))],
            "chief": one.chief,
            "state": one.state,
            "answer": typed.get(f"answer-{one.event['code']}", ""),
        }
        for one in _newest(shown)
    ]


def _newest(asked: list[Asked]) -> list[Asked]:
    """Of several invitations to one event the last one."""
    return list({one.event["code"]: one for one in asked}.values())


ROUTES = Router("/", route_handlers=[show, take, take_pin])
