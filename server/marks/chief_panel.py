"""The chief judge's page of the own panel: who sits, who may be taken in, and a change with its reason.

Nothing here tells a judge who competes. Of a rule only its outcome is shown, fit or not: the reason could name a competitor,
a unit or a delegation. For the same reason judges are shown without their units, and without the words of a refusal or of
the office, which anybody may have filled with names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Response

from scoring.ladder import LEVELS
from scoring.verdict import No, Words
from server.access import chief_judge
from server.competitions.judges import TITLES, Judge
from server.errors import Refusal
from server.marks.chief_changes import changes_of
from server.marks.gathering import situation
from server.marks.inviting import put
from server.marks.planning import Sitter, Situation
from server.web.page import Web, lang_of, page, spoken

PAGE = "/tablet/{slug:str}/{code:str}/panel"
Fields = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
UNCHOSEN = Refusal(
    "panel.nobody",
    Words("请选定换下谁、换上谁。", "Choose who leaves and who comes."),
    Words("左右各选一位，再写理由。", "One on either side, then the reason."),
    status=422,
)
SEAT = "open"
"""What the form calls an open seat, where others have the key of who sits there."""


@get(PAGE, opt={"access": chief_judge}, include_in_schema=False)
async def panel_page(request: Web) -> Response[str]:
    """The panel as it is, and who may be taken in."""
    return await _shown(request)


@post(PAGE, opt={"access": chief_judge}, include_in_schema=False)
async def change(request: Web, data: Fields) -> Response[Any]:
    """Take somebody in, in an open seat or instead of somebody; the reason goes into the ledger."""
    competition, code = request.state.scope.competition, request.state.scope.event["code"]
    try:
        judge, instead = _uuid(data.get("judge", "")), data.get("instead", "")
        if judge is None or not instead:
            raise UNCHOSEN
        key, reason = "" if instead == SEAT else instead, data.get("reason", "").replace("\x00", "")
        await put(competition, code, judge, request.user, datetime.now(UTC), key, reason, chief=True)
    except Refusal as refusal:
        return await _shown(request, refusal, data)
    return Redirect(f"{request.url.path}#changes", status_code=303)


async def _shown(request: Web, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None) -> Response[str]:
    scope, lang = request.state.scope, lang_of(request)
    competition, event = scope.competition, scope.event
    now, code = await situation(competition), event["code"]
    leaving = str((typed or {}).get("instead") or request.query_params.get("instead", ""))
    found = _candidates(now, code, leaving) if now.changes(code) else []
    return page(
        request,
        "marks/panel.html",
        refusal.status if refusal else 200,
        event={"code": code, "said": event["name_en"] if lang == "en" and event["name_en"] else event["name"]},
        changes=now.changes(code),
        needed=now.asked[code].seats,
        open=now.open_seats(code) if now.changes(code) else 0,
        sitters=[_sitter(now, code, one, lang) for one in now.sitting[code]],
        leaving=leaving,
        fit=[_candidate(now, judge, lang) for judge, nos in found if not nos],
        unfit=[called(now, judge.id) for judge, nos in found if nos],
        past=[
            {"came": called(now, one.came), "went": called(now, one.went), "reason": one.reason, "at": one.at}
            for one in await changes_of(competition["id"], event["id"])
        ],
        form={name: (typed or {}).get(name, "") for name in ("judge", "reason")},
        problem={"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)} if refusal else None,
    )


def called(now: Situation, label: str) -> str:
    """A judge's name without the unit; where two have the same one, with the end of the telephone number."""
    row = now.pool.get(label)
    if row is None or row["name"] == label:
        return label.split("（")[0]
    return f"{row['name']} …{row['phone_masked'][-4:]}"


def _candidates(now: Situation, code: str, leaving: str) -> list[tuple[Judge, tuple[No, ...]]]:
    """Who could come instead of somebody; before one is chosen, who could come at all, whoever leaves."""
    chosen = [one.label for one in now.sitting[code] if one.key == leaving]
    return now.candidates(code, chosen[0] if chosen else "")


def _sitter(now: Situation, code: str, one: Sitter, lang: str) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": called(now, one.label),
        "grade": _grade(now.known.get(one.label), lang),
        "seat": one.seat,
        "state": one.state,
        "chief": one.chief,
        "doubtful": bool(now.against(code, one)),
    }


def _candidate(now: Situation, judge: Judge, lang: str) -> dict[str, Any]:
    load = judge.load + len(now.plan.sits.get(judge.id, ()))
    id = str(now.pool[judge.id]["id"])
    return {"id": id, "name": called(now, judge.id), "grade": _grade(judge, lang), "years": judge.years, "load": load}


def _grade(judge: Judge | None, lang: str) -> str:
    level = [LEVELS[judge.level].name] if judge and judge.level else []
    title = [TITLES[judge.title]] if judge and judge.title else []
    return " · ".join(spoken(words, lang) for words in level + title)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


ROUTES = Router("/", route_handlers=[panel_page, change])
