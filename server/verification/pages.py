"""The verify page: ask by number or by file, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Response

from scoring.verdict import Words
from server.access import everyone
from server.errors import Refusal
from server.issuing.saying import distinction, rows, said
from server.pace import PACE
from server.verification.flow import LARGEST_FILE, Verification, by_file, by_token
from server.verification.named import by_number_and_name
from server.web.jinja import STATIC
from server.web.keeping import KEPT_NOWHERE
from server.web.page import Web, lang_of, page, spoken
from server.web.words import written

LONGEST_NUMBER = 40
NO_FILE = Words("没有收到文件，或者文件是空的。", "No file came, or it is empty.")
CHOOSE = Words("请选择证书的 PDF 文件再试。", "Choose the PDF of the certificate and try again.")


@get("/verify", opt={"access": everyone}, include_in_schema=False, middleware=[PACE])
async def verify(request: Web) -> Response[str]:
    """The two ways to ask; with a number in the address, the answer."""
    number = request.query_params.get("number", "").strip()[:LONGEST_NUMBER]
    name, lang = request.query_params.get("name", "").strip(), lang_of(request)
    if not number:
        return page(request, "public/verify.html", values={"number": "", "name": ""}, problem=None)
    try:
        return answer(request, await by_number_and_name(number, name, request.app.state.sealer, datetime.now(UTC)))
    except Refusal as refusal:
        problem = {"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)}
        values = {"number": number, "name": name}
        return page(request, "public/verify.html", refusal.status, values=values, problem=problem)


@post("/verify", opt={"access": everyone}, status_code=200, include_in_schema=False, middleware=[PACE])
async def verify_file(
    request: Web, data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
) -> Response[str]:
    """The answer for a file; where none came, the question again with what to do."""
    file = data.get("file")
    content = await file.read(LARGEST_FILE + 1) if isinstance(file, UploadFile) else b""
    if not content:
        lang = lang_of(request)
        problem = {"what": spoken(NO_FILE, lang), "mend": spoken(CHOOSE, lang)}
        return page(request, "public/verify.html", status=422, values={"number": "", "name": ""}, problem=problem)
    return answer(request, await by_file(content, datetime.now(UTC)))


@get("/verify/worker.js", opt={"access": everyone}, include_in_schema=False)
async def worker() -> Response[bytes]:
    """The service worker of the verify page and of the addresses in QR codes: without a connection both are the kept page."""
    headers = {"service-worker-allowed": "/v", "cache-control": "no-cache"}
    return Response((STATIC / "page_worker.js").read_bytes(), media_type="text/javascript", headers=headers)


@get("/v/{token:str}", opt={"access": everyone}, include_in_schema=False, middleware=[PACE])
async def scanned(request: Web, token: FromPath[str]) -> Response[str]:
    """Where the QR code on the paper leads."""
    return answer(request, await by_token(token, datetime.now(UTC)))


def answer(request: Web, found: Verification) -> Response[str]:
    """The page that says what came of it."""
    lang = lang_of(request)
    revoked = found.revoked and {
        **found.revoked,
        "reason": found.revoked[lang],
        "verify": f"/verify?number={found.revoked['replaced_by']}" if found.revoked["replaced_by"] else "",
    }
    told = page(
        request,
        "public/verdict.html",
        verdict=found.outcome,
        by=found.by,
        checked=found.checked,
        number=found.number,
        summary=_summary(found, lang),
        checks=[{"id": check.id, "state": check.state, "detail": spoken(check.detail, lang)} for check in found.checks],
        fields=_fields(found, lang),
        revoked=revoked,
    )
    told.headers.update(KEPT_NOWHERE)
    return told


def _summary(found: Verification, lang: str) -> str:
    paper = found.paper
    return (
        " · ".join(one for one in (paper["name"], said(paper, "event", lang), distinction(paper, lang)) if one)
        if paper
        else ""
    )


def _signers(paper: Mapping[str, Any], lang: str) -> str:
    names = [(lang == "en" and one.get("name_en")) or one["name"] for one in paper["organisations"]]
    return ("、" if lang == "zh" else ", ").join(name.replace("|", "") for name in names)


def _fields(found: Verification, lang: str) -> list[dict[str, str]]:
    paper = found.paper
    if not paper:
        return []
    lines = (
        (Words("姓名", "Name"), paper["name"]),
        (Words("证书", "Certificate"), said(paper, "title", lang)),
        *rows(paper, lang),
        (Words("签发", "Issued by"), _signers(paper, lang)),
        (Words("日期", "Date"), written(date.fromisoformat(paper["date"]), "date", lang)),
    )
    return [{"label": spoken(label, lang), "value": value, "award": ""} for label, value in lines if value]


ROUTES = Router("/", route_handlers=[verify, verify_file, worker, scanned])
