"""What everybody sees live: the organiser opens and closes boards, freezes them and reveals; from here to the ceremony."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.pages import Form
from scoring.verdict import Words
from server.access import office, organiser
from server.competitions.flow import events_listed
from server.database.piccolo_conf import DB
from server.errors import Refusal
from server.pipeline import PUBLIC
from server.results.boards import SHOWS, boards_of, held_back, open_board, reveal
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

HERE = "/office/{slug:str}/live"
BAD_TIME = Refusal(
    "board.time", Words("封榜时间要写日期和时间。", "The time to freeze is a day and a time."), status=422
)
DONE = {
    "set": Words("已经生效，看榜的人马上看到。", "It holds at once; whoever watches sees it now."),
    "frozen": Words("封榜了：之后的变化谁也看不到。", "Frozen: nobody sees what changes from now on."),
    "revealed": Words("揭晓了：大家现在都能看到。", "Revealed: everybody sees it now."),
}


@get(HERE, opt={"access": office}, include_in_schema=False)
async def live_desk(request: Web) -> Response[str]:
    """Every event with what is shown of it."""
    done = DONE.get(request.query_params.get("done", ""))
    return await _desk(request, {"what": spoken(done, lang_of(request))} if done else None)


@post(HERE, opt={"access": organiser}, include_in_schema=False)
async def open_all(request: Web, data: Form) -> Response[Any]:
    """The same for every event that is past its setting up; times to freeze stay as they are."""
    competition, now = request.state.scope.competition, datetime.now(UTC)
    boards = await boards_of(competition["id"])
    try:
        async with DB.transaction():  # all of them or none
            for event in await events_listed(competition):
                if event["state"] != "setup":
                    kept, known = boards.get(event["id"], {}).get("freezes"), data.get(f"known-{event['code']}")
                    await open_board(event, data.get("shows", ""), kept, request.user, now, known)
    except Refusal as refusal:
        return await _refused(request, refusal)
    return Redirect(f"/office/{competition['slug']}/live?done=set", status_code=303)


@post(f"{HERE}/{{code:str}}", opt={"access": organiser}, include_in_schema=False)
async def set_board(request: Web, data: Form) -> Response[Any]:
    """Show something else of one event, freeze it at a time or now, or reveal it."""
    scope, now = request.state.scope, datetime.now(UTC)
    zone = ZoneInfo(scope.competition["time_zone"])
    act, done = data.get("act", "set"), "set"
    try:
        if act == "reveal":
            await reveal(scope.event, request.user, now)
            done = "revealed"
        else:
            freezes = now if act == "freeze" else _moment(data.get("freezes", "").strip(), zone)
            before = (await boards_of(scope.competition["id"])).get(scope.event["id"])
            if act != "freeze" and before and _shown(before["freezes"], zone) == data.get("freezes", ""):
                freezes = before["freezes"]  # the field has minutes, the freeze may have had seconds
            await open_board(scope.event, data.get("shows", ""), freezes, request.user, now, data.get("known"))
            done = "frozen" if act == "freeze" else "set"
    except Refusal as refusal:
        return await _refused(request, refusal, {scope.event["code"]: data})
    return Redirect(f"/office/{scope.competition['slug']}/live?done={done}#{scope.event['code']}", status_code=303)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone) if text else None
    except ValueError:
        raise BAD_TIME from None


def _shown(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""


async def _refused(
    request: Web, refusal: Refusal, typed: Mapping[str, Mapping[str, str]] = MappingProxyType({})
) -> Response[str]:
    lang = lang_of(request)
    said = {"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang), "bad": True}
    return await _desk(request, said, refusal.status, typed)


async def _desk(
    request: Web,
    said: Mapping[str, Any] | None,
    status: int = 200,
    typed: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> Response[str]:
    competition, lang, now = request.state.scope.competition, lang_of(request), datetime.now(UTC)
    events, boards = await events_listed(competition), await boards_of(competition["id"])
    held = await held_back([event["id"] for event in events])
    url, public = f"/office/{competition['slug']}", f"/c/{competition['slug']}"
    mine = desk.sets_up(competition, request.user)
    return page(
        request,
        "office/live.html",
        status,
        desk=desk.rail(competition, "live", len(events), lang, sets_up=mine),
        competition={"name": name_of(competition, lang), "url": url},
        action=f"{url}/live",
        mine=mine,
        shows=[{"id": id, "name": spoken(words, lang)} for id, words in SHOWS.items()],
        events=[
            _event(event, boards.get(event["id"]), event["id"] in held, url, competition["time_zone"], lang, now)
            | _as_typed(boards.get(event["id"]), typed.get(event["code"], {}), now)
            for event in events
        ],
        addresses={"board": f"{public}/board", "hall": f"{public}/hall", "ceremony": f"{url}/ceremony", "slides": f"{url}/slides"},
        published=any(event["state"] in PUBLIC for event in events),
        said=said,
    )  # fmt: skip


def _as_typed(board: Mapping[str, Any] | None, typed: Mapping[str, str], now: datetime) -> dict[str, str]:
    """What its sender would have of a board that was refused; no time where it is frozen by now."""
    frozen = board and board["freezes"] and board["freezes"] <= now and not board["revealed"]
    return {name: typed[name] for name in ("shows", "freezes") if name in typed and not (frozen and name == "freezes")}


def _event(
    event: Mapping[str, Any], board: Mapping[str, Any] | None, held: bool, url: str, zone: str, lang: str, now: datetime
) -> dict[str, Any]:
    freezes = board["freezes"] if board else None
    frozen = bool(board and freezes and freezes <= now and not board["revealed"])
    public = event["state"] in PUBLIC
    return {
        "code": event["code"],
        "name": name_of({**event, "edition": 1}, lang),
        "state": event["state"],
        "version": board["version"] if board else 0,
        "shows": board["shows"] if board else "nothing",
        "freezes": _shown(freezes, ZoneInfo(zone)),
        "frozen": freezes if held or (frozen and not public) else None,
        "held": held,
        "public": public and not held,
        "ceremony": f"{url}/ceremony/{event['code']}" if public else "",
    }


ROUTES = Router("/", route_handlers=[live_desk, open_all, set_board])
