"""The desk of an event's publication: what everybody will see, when, for how long; and the list that leads from codes to names.

What is shown before the publication is computed from the ledger at that moment, by what freezes it later: nothing here is
stored, and nobody but the office sees it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.paper_pages import printed
from admin.setup import Form, refusal_of
from scoring.blind_draw import LAYERS, promise
from scoring.marks import in_marks
from scoring.verdict import Problems, Words
from server import pipeline
from server.access import office, organiser
from server.draw.flow import draws_of
from server.draw.record import secrets_of
from server.errors import Refusal
from server.marks.floor import STATUSES
from server.registration.naming import entry_id
from server.results.flow import content_of, entrants_of, snapshot_of
from server.results.http import public_content
from server.results.pages import name_of, objection_of
from server.results.publishing import as_known, drop_plan, move_end, moves_of, notice_of, plan, planned, set_days_off
from server.web.page import Web, lang_of, page, spoken
from server.web.words import written

HERE = "/office/{slug:str}/events/{code:str}/publication"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SAID = {
    "planned": Words("发布时间已定。到时由程序自动公示。", "The moment is set; the program publishes by itself."),
    "unplanned": Words("已取消定时；由主办方手动公示。", "No moment is set any more; it is published by hand."),
    "moved": Words("公示截止时间已改，理由已记入操作记录。", "The notice ends otherwise; the reason is in the ledger."),
    "days": Words("本赛自定的休息日已保存。", "The competition's own days off are saved."),
}
NOT_YET = Refusal(
    "publication.not-yet",
    Words("解码之前没有可以公示的名单。", "There is nothing to publish before the decoding."),
    Words("先由监督复核并解码。", "A supervisor reviews and decodes first."),
)
SEEN = (
    ("public", Words("公开页面，任何人", "Public pages, everybody"), ("rank", "names", "delegation", "modules", "total", "award")),
    ("api", Words("开放接口，任何人", "The API, everybody"), ("rank", "code", "names", "unit", "delegation", "modules", "total", "award", "fingerprints")),
    ("export", Words("成绩表 Excel，任何人", "The workbook of results, everybody"), ("rank", "names", "delegation", "unit", "modules", "total", "award")),
    ("delegation", Words("代表队报名员", "Clerks of a delegation"), ("public", "appeal")),
    ("winner", Words("选手本人", "Winners themselves"), ("later",)),
    ("board", Words("抽签页面，任何人", "The page of the draw, everybody"), ("draw",)),
)  # fmt: skip
"""Who sees what from the moment of publication on; each word is explained in FIELDS."""
FIELDS = {
    "rank": Words("名次", "rank"),
    "names": Words("姓名", "names"),
    "delegation": Words("代表队", "delegation"),
    "modules": Words("各模块得分", "marks of modules"),
    "total": Words("总分", "total"),
    "award": Words("奖项", "award"),
    "code": Words("加密号", "work code"),
    "unit": Words("单位", "unit"),
    "fingerprints": Words("成绩、规则、评分方案和打分账本的指纹", "fingerprints of results, policy, scheme and ledger"),
    "public": Words("与公开页面相同", "the same as the public pages"),
    "appeal": Words("本队各参赛单元可以申诉", "appeals for entries of their own"),
    "later": Words(
        "与公开页面相同；证书在定稿、发证之后", "the same as the public pages; certificates after they are issued"
    ),
    "draw": Words(
        "抽签密钥与加密号名单，任何人可以重算", "the draw's secrets and work codes, for anybody to repeat it"
    ),
}


@get(HERE, opt={"access": office}, include_in_schema=False)
async def publication(request: Web) -> Response[str]:
    """What will be seen and by whom, or what is seen; the notice with its dates."""
    return await _page(request)


async def _page(request: Web, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None) -> Response[str]:
    scope, lang, now = request.state.scope, lang_of(request), datetime.now(UTC)
    competition, event = scope.competition, scope.event
    if event["state"] not in pipeline.DECODED:
        raise NOT_YET
    snapshot = await snapshot_of(event["id"]) if event["state"] in pipeline.PUBLIC else None
    content, owed = (snapshot["content"], "") if snapshot else await _content(event, lang)
    waiting = await planned(event["id"]) if snapshot is None else None
    begins = snapshot["at"] if snapshot else waiting["at"] if waiting else now
    staff = scope.organiser in request.user.organisers
    done = SAID.get(request.query_params.get("done", "")) if request.method == "GET" else None
    return page(
        request,
        "office/publication.html",
        refusal.status if refusal else 200,
        desk=desk.rail(competition, "corridor", None, lang, sets_up=staff),
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        action=f"/office/{competition['slug']}/events/{event['code']}/publication",
        said={"what": spoken(done, lang)} if done else None,
        problem=refusal_of(refusal, lang),
        event={"code": event["code"], "name": name_of({**event, "edition": 1}, lang), "state": event["state"]},
        staff=staff,
        public=snapshot is not None,
        planned={**waiting, "known": as_known(waiting["at"]), "local": _local(waiting["at"], competition)}
        if waiting
        else None,
        notice={
            "from": begins,
            "until": snapshot["notice_until"] if snapshot else notice_of(competition, begins),
            "days": competition["notice_days"],
            "off": competition["days_off"],
            "known": as_known(snapshot["notice_until"]) if snapshot else "",
            "local": _local(snapshot["notice_until"] if snapshot else notice_of(competition, begins), competition),
            "version": snapshot["version"] if snapshot else 0,
            "fingerprint": snapshot["sha256"] if snapshot else "",
        },
        moves=[
            {
                "at": one["at"],
                "by": one["actor_name"],
                "reason": one["reason"],
                "before": datetime.fromisoformat(one["data"]["from"]),
                "after": datetime.fromisoformat(one["data"]["to"]),
            }
            for one in await moves_of(event["id"])
        ],
        audiences=[
            {"name": spoken(who, lang), "sees": [spoken(FIELDS[one], lang) for one in fields]}
            for _, who, fields in SEEN
        ],
        rows=_rows(content, lang) if content else [],
        owed=owed,
        typed={name: (typed or {}).get(name, "") for name in ("at", "reason", "days")},
    )


async def _content(event: Mapping[str, Any], lang: str) -> tuple[dict[str, Any] | None, str]:
    """What a snapshot of now would hold, as everybody would read it; or why there is none."""
    try:
        content = await content_of(event)
    except Problems as wrong:
        return None, spoken(wrong.problems[0].words, lang)
    return public_content(content), ""


def _rows(content: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    return [
        {
            "rank": row["rank"],
            "names": "、".join(one["name"] for one in row["members"]),
            "delegation": row["delegation"],
            "unit": "、".join(dict.fromkeys(one["unit"] for one in row["members"] if one["unit"])),
            "total": in_marks(row["total"]),
            "award": row["award"][lang] if row["award"] else "",
            "status": "" if row["rank"] else spoken(STATUSES.get(row["status"], STATUSES["withdrawn"]), lang),
        }
        for row in content["rows"]
    ]


@post(f"{HERE}/moment", opt={"access": organiser}, include_in_schema=False)
async def set_moment(request: Web, data: Form) -> Response[Any]:
    """Publish at that moment by the program itself; an empty one takes it back."""
    scope, now = request.state.scope, datetime.now(UTC)
    try:
        if data.get("drop"):
            await drop_plan(scope.event, request.user, now, data.get("known"))
        else:
            await plan(scope.event, _moment(data, scope.competition), request.user, now, data.get("known"))
    except Refusal as refusal:
        return await _page(request, refusal, data)
    return _back(request, "unplanned" if data.get("drop") else "planned")


@post(f"{HERE}/notice", opt={"access": organiser}, include_in_schema=False)
async def move(request: Web, data: Form) -> Response[Any]:
    """Let the notice end at another moment, with a reason."""
    scope = request.state.scope
    try:
        until, reason, now = _moment(data, scope.competition), data.get("reason", ""), datetime.now(UTC)
        await move_end(scope.event, until, reason, request.user, now, data.get("known"))
    except Refusal as refusal:
        return await _page(request, refusal, data)
    return _back(request, "moved")


@post(f"{HERE}/days-off", opt={"access": organiser}, include_in_schema=False)
async def days_off(request: Web, data: Form) -> Response[Any]:
    """The competition's own days on which no notice runs, with a reason."""
    scope = request.state.scope
    try:
        words = [one for one in re.split(r"[\s,，、;；]+", data.get("days", "")) if one]
        try:
            days = [date.fromisoformat(one) for one in words if DAY.fullmatch(one) or _no_day(one)]
        except ValueError:
            said = Words("日期写成 2026-10-19 的样子。", "Write days like 2026-10-19.")
            raise Refusal("publication.days", said, status=422) from None
        reason, now = data.get("reason", ""), datetime.now(UTC)
        await set_days_off(scope.competition, days, reason, request.user, now, data.get("known"))
    except Refusal as refusal:
        return await _page(request, refusal, data)
    return _back(request, "days")


@get(f"{HERE}/notice.pdf", opt={"access": office}, include_in_schema=False)
async def notice(request: Web) -> Response[bytes]:
    """The notice as a paper to be stamped, from what was published. Raises Refusal `publication.not-yet` before that."""
    scope, lang = request.state.scope, lang_of(request)
    snapshot = await snapshot_of(scope.event["id"]) if scope.event["state"] in pipeline.PUBLIC else None
    if snapshot is None:
        raise Refusal("publication.not-yet", Words("还没有公示。", "It is not published yet."))
    zone = ZoneInfo(scope.competition["time_zone"])
    lines = [
        {**row, "place": str(row["rank"] or "--"), "name": row["names"], "award": row["award"] or row["status"] or "--"}
        for row in _rows(public_content(snapshot["content"]), lang)
    ]
    facts = [
        ("begins", written(snapshot["at"], "moment", lang, zone)),
        ("ends", written(snapshot["notice_until"], "moment", lang, zone)),
        ("entries", str(snapshot["content"]["field"]["entries"])),
        ("version", str(snapshot["version"])),
    ]
    over = name_of(scope.competition, lang)
    of = f"{name_of({**scope.event, 'edition': 1}, lang)} · {scope.event['code']}"
    word = spoken(objection_of(scope.event), lang)
    name = f"成绩公示-{scope.event['code']}.pdf"
    code = snapshot["sha256"][:16]
    return await printed(request, name, "papers", "notice", over, of, facts, lines, word, code, lang)


@get("/office/{slug:str}/events/{code:str}/decoding", opt={"access": office}, include_in_schema=False)
async def decoding(request: Web) -> Response[str]:
    """Work codes and names, one more with each step, beside what was promised at the draw. Only after the decoding."""
    scope, lang = request.state.scope, lang_of(request)
    event, competition = scope.event, scope.competition
    if event["state"] not in pipeline.DECODED:
        raise NOT_YET
    named = sorted((await entrants_of(event["id"])).items())
    asked = request.query_params.get("shown", "0")
    shown = min(len(named), int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    staff = scope.organiser in request.user.organisers
    drawn = next((one for one in await draws_of(event["id"]) if not one["withdrawn"]), None)
    secrets = await secrets_of(drawn, request.app.state.sealer) if drawn and drawn["promises"] else {}
    return page(
        request,
        "office/decoding.html",
        desk=desk.rail(competition, "corridor", None, lang, sets_up=staff),
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        event={"code": event["code"], "name": name_of({**event, "edition": 1}, lang)},
        action=f"/office/{competition['slug']}/events/{event['code']}",
        rows=[
            {
                "code": code,
                "entry": entry_id(event, one["number"]) if at < shown else "",
                "names": "、".join(member["name"] for member in one["members"]) if at < shown else "",
                "delegation": one["delegation"] if at < shown else "",
            }
            for at, (code, one) in enumerate(named)
        ],
        shown=shown,
        promises=[
            {
                "layer": layer,
                "told": drawn["promises"][layer],
                "now": promise(secrets[layer]) if layer in secrets else "",
            }
            for layer in LAYERS
            if drawn and layer in drawn["promises"]
        ],
    )


def _no_day(word: str) -> bool:
    raise ValueError(word)


def _moment(data: Mapping[str, str], competition: Mapping[str, Any]) -> datetime:
    """What a field of day and time says, in the competition's own time zone. Raises Refusal `publication.moment`."""
    try:
        return datetime.fromisoformat(data.get("at", "")).replace(tzinfo=ZoneInfo(competition["time_zone"]))
    except ValueError:
        words = Words("请填写日期和时间。", "Give a day and a time.")
        raise Refusal("publication.moment", words, status=422) from None


def _local(moment: datetime, competition: Mapping[str, Any]) -> str:
    return f"{moment.astimezone(ZoneInfo(competition['time_zone'])):%Y-%m-%dT%H:%M}"


def _back(request: Web, done: str) -> Redirect:
    scope = request.state.scope
    url = f"/office/{scope.competition['slug']}/events/{scope.event['code']}/publication"
    return Redirect(f"{url}?done={done}", status_code=303)


ROUTES = Router("/", route_handlers=[publication, set_moment, move, days_off, notice, decoding])
