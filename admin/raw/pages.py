"""Opening the raw tables, closing them, and the trail of what was seen and changed in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.raw.door import ROOT, tables
from admin.raw.shown import CHANGED, SHOWN
from admin.setup import Form, refusal_of
from scoring.verdict import Words
from server.access import superuser
from server.database.tables import RawAct, RawOpening
from server.errors import Refusal, missing
from server.people.flow import has_password
from server.superuser import LONGEST_REASON, OPEN_FOR, close_tables, open_tables, opening_of
from server.web.page import Web, lang_of, page, spoken
from server.web.words import N_, translator

URL = desk.RAW
MOST = 50
"""So many openings are listed, the newest first."""
MOST_ACTS = 1000
OPENINGS = """SELECT o.id, o.reason, o.at, o.until, o.closed, a.name,
    (SELECT count(*) FROM raw_act WHERE opening = o.id AND kind IN ('rows.seen', 'row.seen')) AS seen,
    (SELECT count(*) FROM raw_act WHERE opening = o.id AND kind IN ('row.added', 'row.changed', 'row.deleted')) AS changed
FROM raw_opening o JOIN account a ON a.id = o.account ORDER BY o.at DESC LIMIT {}"""
KINDS = {
    "tables.opened": (N_("Opened"), "player-play"),
    "tables.closed": (N_("Closed by hand"), "x"),
    "rows.seen": (N_("List seen"), "layout-list"),
    "row.seen": (N_("Row seen"), "user-search"),
    "row.added": (N_("Row added"), "plus"),
    "row.changed": (N_("Row changed"), "pencil"),
    "row.deleted": (N_("Row deleted"), "x"),
}
DONE = Words("原始数据表已关闭。", "The raw tables are closed.")


@get(URL, opt={"access": superuser}, include_in_schema=False)
async def raw_page(request: Web) -> Response[str]:
    """Where a superuser opens the raw tables, and who opened them before."""
    return await _raw_page(request)


@post(URL, opt={"access": superuser}, include_in_schema=False)
async def open_(request: Web, data: Form) -> Response[Any]:
    """Open them, to the password and a reason."""
    try:
        await open_tables(request.user, data.get("password", ""), data.get("reason", ""), datetime.now(UTC))
    except Refusal as refusal:
        return await _raw_page(request, refusal, data.get("reason", ""))
    return Redirect(f"{ROOT}/", status_code=303)


@post(f"{URL}/close", opt={"access": superuser}, include_in_schema=False)
async def close(request: Web) -> Redirect:
    """Close them before their time."""
    await close_tables(request.user, datetime.now(UTC))
    return Redirect(f"{URL}?done=closed", status_code=303)


@get(URL + "/openings/{opening:str}", opt={"access": superuser}, include_in_schema=False)
async def opening_page(request: Web) -> Response[str]:
    """What was seen and changed in one opening."""
    lang = lang_of(request)
    id = _id(request.path_params["opening"])
    rows = await RawOpening.raw(OPENINGS.replace("ORDER BY", "WHERE o.id = {} ORDER BY"), id, 1) if id else []
    if not rows:
        raise missing(Words("这次打开", "opening"))
    query = RawAct.select().where(RawAct.opening == id).order_by(RawAct.sequence, ascending=False).limit(MOST_ACTS)
    acts = await query.output(load_json=True)
    return page(
        request,
        "office/raw_opening.html",
        desk=desk.rail_raw(lang),
        opening=_opening(rows[0], datetime.now(UTC)),
        acts=[_act(row, lang) for row in acts],
        most=MOST_ACTS if len(acts) == MOST_ACTS else 0,
    )


async def _raw_page(request: Web, refusal: Refusal | None = None, reason: str = "") -> Response[str]:
    lang, now = lang_of(request), datetime.now(UTC)
    held = await opening_of(request.user, now)
    done = request.method == "GET" and request.query_params.get("done") == "closed"
    return page(
        request,
        "office/raw.html",
        refusal.status if refusal else 200,
        desk=desk.rail_raw(lang),
        said={"what": spoken(DONE, lang)} if done else None,
        problem=refusal_of(refusal, lang),
        held={"url": f"{ROOT}/", "reason": held["reason"], "until": held["until"].isoformat()} if held else None,
        reason=reason,
        longest=LONGEST_REASON,
        minutes=int(OPEN_FOR.total_seconds() // 60),
        password=await has_password(request.user.account),
        counts={"all": len(SHOWN), "changed": len(CHANGED)},
        openings=[_opening(row, now) for row in await RawOpening.raw(OPENINGS, MOST)],
    )


def _opening(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "url": f"{URL}/openings/{row['id']}",
        "reason": row["reason"],
        "by": row["name"],
        "at": row["at"].isoformat(),
        "until": (row["closed"] or row["until"]).isoformat(),
        "open": row["closed"] is None and row["until"] > now,
        "seen": row["seen"],
        "changed": row["changed"],
    }


def _act(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    words, icon = KINDS[row["kind"]]
    before, after = row["data"].get("before", {}), row["data"].get("after", {})
    moved = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {
        "what": translator(lang).gettext(words),
        "icon": icon,
        "change": bool(before or after),
        "relation": row["relation"],
        "row": row["row"],
        "query": row["data"].get("query", ""),
        "at": row["at"].isoformat(),
        "values": [
            {"name": name, "before": _text(before.get(name)), "after": _text(after.get(name))} for name in moved
        ],
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


ROUTES = Router("/", route_handlers=[raw_page, open_, close, opening_page, tables])
