"""The certificates of a competition at the desk: all that were issued, as files and as a list; revoking, and correcting a name."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import File, Redirect, Response, Stream

from admin import desk
from admin.certificate_files import as_workbook, as_zip
from admin.list_pages import desk_list
from admin.making import making, taken
from admin.pages import Form
from admin.setup import refusal_of
from scoring.verdict import Words, Yes
from server.access import office, organiser, supervisor
from server.binding import Make
from server.errors import Refusal, missing
from server.issuing.choosing import KINDS
from server.issuing.losing import accept
from server.issuing.saying import CHOSEN, GROUNDS, distinction
from server.issuing.shop import bound
from server.issuing.withdrawing import certificate_of, certificates_of, counted_in, reissue, revoke
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

HERE = "/office/{slug:str}/certificates"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BOUND = 2000
NARROWED = ("kind", "event", "delegation")
"""By what files are chosen."""
SAID = {
    "revoked": Words(
        "证书 {number} 已作废，查验页立即显示。",
        "Certificate {number} is out of force; whoever checks it reads that at once.",
    ),
    "reissued": Words("已补发为 {number}，正在印制。", "Issued anew as {number}; it is being printed."),
}


@get(HERE, opt={"access": office}, include_in_schema=False)
async def certificates(request: Web) -> Response[str]:
    """Everything issued, found by number, name or event."""
    competition = request.state.scope.competition
    url, (issued, unprinted) = f"/office/{competition['slug']}/certificates", await counted_in(competition["id"])
    found = request.app.state.printing.unlike.get(competition["id"])
    return page(
        request,
        "office/certificates.html",
        desk=desk.rail(competition, "certificates", None, lang_of(request), sets_up=_is_staff(request)),
        action=url,
        all=issued,
        unprinted=unprinted,
        some=_narrowed(request).removeprefix("?"),
        staff=_is_staff(request),
        supervises=isinstance(supervisor(request.user, request.state.scope), Yes),
        lost=spoken(found.words, lang_of(request)) if found else None,
        **await desk_list(request, "certificates", url),
    )


@get(f"{HERE}/list.xlsx", opt={"access": organiser}, include_in_schema=False)
async def workbook(request: Web) -> Response[bytes]:
    """Everything issued as a workbook; what people typed stays text."""
    competition, lang = request.state.scope.competition, lang_of(request)
    rows = await certificates_of(competition["id"])
    content = await asyncio.to_thread(as_workbook, f"{competition['name']} 证书", rows, lang)
    return Response(content, media_type=XLSX, headers=_attached(f"证书清单-{competition['slug']}.xlsx"))


@get(f"{HERE}/files.zip", opt={"access": organiser}, include_in_schema=False)
async def files(request: Web) -> Stream:
    """The files that are in force, of one event, one delegation or all, file by file: nothing is gathered in memory."""
    competition, event = request.state.scope.competition, request.query_params.get("event", "")
    rows = [row for row in _chosen(request, await certificates_of(competition["id"])) if row["printed"]]
    if not rows:
        raise missing(Words("印好的证书", "printed certificate"))
    if await request.app.state.printing.begin_with_lost(competition["id"]):
        words = Words(
            "有些证书的文件丢失了，正在重新印制。",
            "Files of some certificates were lost; they are being printed again.",
        )
        raise Refusal("certificate.lost", words, Words("请过一会儿再下载。", "Download them in a moment."))
    folder = request.app.state.settings.data / "certificates" / competition["slug"]
    name = f"证书-{competition['slug']}{f'-{event}' if event else ''}.zip"
    return Stream(as_zip(rows, folder), media_type="application/zip", headers=_attached(name))


@get(f"{HERE}/print-shop", opt={"access": organiser}, include_in_schema=False)
async def binding(request: Web) -> Response[str]:
    """One file for a print shop of those in force, in the making."""
    rows, some, url = await _bound(request), _narrowed(request), f"/office/{request.state.scope.competition['slug']}"
    back, here = f"{url}/certificates{some}", f"{url}/certificates/print-shop{some}"
    place, make = _file_of(request, rows)
    return making(request, "office/print_shop.html", "certificates", place, make, len(rows), back, here)


@post(f"{HERE}/print-shop", opt={"access": organiser}, include_in_schema=False)
async def bind_again(request: Web) -> Redirect:
    """Begin anew after it failed."""
    request.app.state.binding.begin(*_file_of(request, await _bound(request)))
    return Redirect(f"{request.url.path}{_narrowed(request)}", status_code=303)


@get(f"{HERE}/print-shop.pdf", opt={"access": organiser}, include_in_schema=False)
async def print_shop(request: Web) -> File | Redirect:
    """The file itself, sorted, on larger sheets with crop marks, unsigned."""
    rows, here = await _bound(request), f"{request.url.path.removesuffix('.pdf')}{_narrowed(request)}"
    name = f"印厂-{request.state.scope.competition['slug']}-{len(rows)}.pdf"
    return taken(request, _file_of(request, rows)[0], name, here)


@post(f"{HERE}/redraw", opt={"access": supervisor}, include_in_schema=False)
async def redraw(request: Web) -> Redirect:
    """Print lost files as they are drawn today, although they are not as they were."""
    competition, printing = request.state.scope.competition, request.app.state.printing
    found = printing.unlike.get(competition["id"])
    await accept(competition["id"], found.numbers if found else (), request.user, datetime.now(UTC))
    printing.begin(competition)
    return Redirect(f"/office/{competition['slug']}/certificates", status_code=303)


def _file_of(request: Web, rows: Sequence[Mapping[str, Any]]) -> tuple[Path, Make]:
    """Where the file of these stands, in this order, and what makes it."""
    state = request.app.state
    place = state.binding.place_of([[row["number"], row["design"]] for row in rows])
    return place, lambda file, _: bound(state, request.state.scope.competition["id"], rows, file)


async def _bound(request: Web) -> list[Mapping[str, Any]]:
    """The certificates of such a file as they are handed out. Raises Refusal `not-found` or `certificate.too-many`."""
    rows = _chosen(request, await certificates_of(request.state.scope.competition["id"]))
    if not rows:
        raise missing(Words("有效的证书", "certificate in force"))
    if len(rows) > MOST_BOUND:
        words = Words(f"一份文件最多装 {MOST_BOUND} 张证书。", f"One file holds at most {MOST_BOUND} certificates.")
        mend = Words("请先选一个赛项或代表队。", "Choose an event or a delegation first.")
        raise Refusal("certificate.too-many", words, mend, status=422)
    return sorted(rows, key=lambda row: (row["delegation"], row["code"], row["number"]))


def _narrowed(request: Web) -> str:
    """By what files are narrowed, as the end of an address."""
    asked = {name: request.query_params.get(name, "").strip() for name in NARROWED}
    some = urlencode({name: value for name, value in asked.items() if value})
    return f"?{some}" if some else ""


@get(f"{HERE}/{{number:str}}", opt={"access": office}, include_in_schema=False)
async def certificate(request: Web, number: FromPath[str]) -> Response[str]:
    """One certificate, and what a supervisor can do about it."""
    return await _one(request, number)


@post(f"{HERE}/{{number:str}}/revoke", opt={"access": supervisor}, include_in_schema=False)
async def take_out(request: Web, number: FromPath[str], data: Form) -> Response[Any]:
    """Revoke it, on a ground that whoever verifies it reads."""
    competition = request.state.scope.competition
    try:
        ground, reason = data.get("ground", ""), data.get("reason", "")
        await revoke(competition, number, ground, reason, request.user, datetime.now(UTC))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _one(request, number, refusal, data)
    return Redirect(f"/office/{competition['slug']}/certificates/{number}?done=revoked", status_code=303)


@post(f"{HERE}/{{number:str}}/reissue", opt={"access": supervisor}, include_in_schema=False)
async def issue_anew(request: Web, number: FromPath[str], data: Form) -> Response[Any]:
    """Replace it by one with the corrected name, and print that."""
    competition, state = request.state.scope.competition, request.app.state
    try:
        new = await reissue(
            competition, number, data, data.get("reason", ""), state.settings.base_url, state.sealer, request.user, datetime.now(UTC)
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _one(request, number, refusal, data)
    state.printing.begin(competition)
    return Redirect(f"/office/{competition['slug']}/certificates/{new}?done=reissued", status_code=303)


async def _one(
    request: Web, number: str, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None
) -> Response[str]:
    scope, lang = request.state.scope, lang_of(request)
    row = await certificate_of(scope.competition["id"], number)
    if row is None:
        raise missing(Words("这份证书", "certificate"))
    url, done = f"/office/{scope.competition['slug']}", SAID.get(request.query_params.get("done", ""))
    names = {name: row["content"].get(name, "") for name in ("name", "name_en")}
    return page(
        request,
        "office/certificate.html",
        refusal.status if refusal else 200,
        desk=desk.rail(scope.competition, "certificates", None, lang, sets_up=_is_staff(request)),
        competition={"name": name_of(scope.competition, lang), "url": url},
        action=f"{url}/certificates/{number}",
        one=_line(row, scope.competition, lang),
        replaces=row["replaces"],
        mine=isinstance(supervisor(request.user, scope), Yes) and row["revoked"] is None,
        grounds={id: spoken(GROUNDS[id], lang) for id in CHOSEN},
        typed={"ground": "", "reason": "", **names, **(typed or {})},
        said={"what": spoken(done, lang).format(number=number)} if done else None,
        problem=refusal_of(refusal, lang),
    )


def _chosen(request: Web, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those in force, of the kind, the event and the delegation that were asked for."""
    kind, event, delegation = (request.query_params.get(name, "") for name in NARROWED)
    rows = [row for row in rows if not row["revoked"] and kind in ("", row["kind"]) and event in ("", row["code"])]
    return [row for row in rows if delegation in ("", row["delegation"])]


def _is_staff(request: Web) -> bool:
    return request.state.scope.competition["organiser"] in request.user.organisers


def _event(row: Mapping[str, Any], lang: str) -> str:
    return str(row["event_name_en"] if lang == "en" and row["event_name_en"] else row["event_name"])


def _line(row: Mapping[str, Any], competition: Mapping[str, Any], lang: str) -> dict[str, Any]:
    said = row["content"]
    return {
        "number": row["number"],
        "name": said["name"],
        "name_en": said.get("name_en", ""),
        "event": _event(row, lang),
        "members": said.get("members", ""),
        "basis": row["basis"],
        "delegation": row["delegation"],
        "kind": spoken(KINDS[row["kind"]], lang),
        "award": distinction(said, lang),
        "promotion": said.get("promotion", ""),
        "issued": row["issued"],
        "printed": row["printed"] is not None,
        "revoked": row["revoked"],
        "ground": spoken(GROUNDS[row["ground"]], lang) if row["revoked"] else "",
        "reason": row["reason"] or "",
        "replaced_by": row["replaced_by"] or "",
        "pdf": f"/api/competitions/{competition['slug']}/certificates/{row['number']}" if row["printed"] else "",
        "verify": f"/v/{row['token']}",
    }


def _attached(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}", "cache-control": "no-store"}


ROUTES = Router(
    "/",
    route_handlers=[
        certificates,
        workbook,
        files,
        binding,
        bind_again,
        print_shop,
        redraw,
        certificate,
        take_out,
        issue_anew,
    ],
)
