"""The door to the raw tables: every request to piccolo_admin passes here, and only those that are known go on.

- Access as on every route (`superuser`), and the tables must have been opened in this very session (server/superuser.py).
- What piccolo_admin hears is made anew from what was asked: path, query, body. It gets no cookie of ours.
- Reading runs in a transaction that the database itself holds to reading, with a limit on its time.
- Before rows are shown it is written down which were asked for. A change and its row in the trail are one transaction.
- Its hooks are not used: of piccolo_api 1.11.0 a PUT calls none. A row is changed by PATCH, which is what its page sends.
- Nothing is changed that was not looked at before, or that somebody changed since.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
from litestar import Request, asgi
from litestar.enums import MediaType
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send
from piccolo.table import Table

from admin.raw.shown import CHANGED
from scoring.verdict import Words
from server.access import superuser
from server.answers import as_data
from server.database.piccolo_conf import DB
from server.errors import Refusal, missing, told
from server.superuser import last_seen, opening_of, record
from server.web.page import lang_of, page, spoken
from server.web.words import N_, translator

if TYPE_CHECKING:
    from admin.raw.mounted import Mounted

ROOT = "/office/raw/tables"
LARGEST = 1_000_000
TABLE = re.compile(r"/api/tables/([a-z_]+)/(?:([^/]{1,100})/)?")
PLAIN = re.compile(r"/assets/[\w.-]+|/public/translations/[\w-]+/|/api/user/")
"""What is passed on as it is: it says nothing of any row."""
ABOUT = frozenset({"schema", "references", "count", "new"})
CLOSED = Refusal(
    "raw.closed",
    Words("原始数据表没有打开，或已到时关闭。", "The raw tables are not open, or have closed by themselves."),
    Words("请重新打开并写明原因。", "Open them again and say why."),
    status=401,
)
READ_ONLY = Refusal(
    "raw.read-only",
    Words("这张表只读，没有改动。", "This table is read-only; nothing was changed."),
    Words("请用它自己的页面办理。", "Use the pages that are made for it."),
    status=422,
)
UNSEEN = Refusal(
    "raw.changed-meanwhile",
    Words(
        "这一行在你打开之后有人改过，没有保存。", "Somebody changed this row after you opened it; nothing was saved."
    ),
    Words("请重新打开这一行再改。", "Open the row again, then change it."),
    status=422,
)
FIXED = Refusal(
    "raw.fixed-column",
    Words("其中有不能改的列，没有保存。", "One of these columns stays as it is; nothing was saved."),
    Words("请恢复该列原来的值。", "Put its old value back."),
    status=422,
)
OWN = Refusal(
    "raw.own-account",
    Words("不能在这里改自己的账号。", "Your own account is not changed here."),
    Words("请另一位超级管理员来改。", "Let another superuser do it."),
    status=422,
)
UNREADABLE = Refusal(
    "raw.unreadable",
    Words("请求读不懂，什么都没有改。", "The request cannot be understood; nothing was changed."),
    Words("请回到列表重新操作。", "Go back to the list and try again."),
    status=422,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What piccolo_admin said."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Undone(Exception):
    """piccolo_admin refused: the transaction ends as if it had never begun."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


@asgi(ROOT, is_mount=True, copy_scope=True, opt={"access": superuser})
async def tables(scope: Scope, receive: Receive, send: Send) -> None:
    """The raw tables."""
    if scope["type"] != "http":
        raise missing(Words("这个地址", "address"))
    request: Request[Any, Any, Any] = Request(scope, receive)
    try:
        response = await _answered(request)
    except Refusal as refusal:
        if refusal.status != 422 and refusal is not CLOSED:
            raise
        said = spoken(told(refusal), lang_of(request))
        response = _json({**as_data(refusal), "custom_form_error": said}, refusal.status)
    await response(scope, receive, send)


async def _answered(request: Request[Any, Any, Any]) -> ASGIResponse:
    opening = await opening_of(request.user, datetime.now(UTC))
    path = re.sub(r"/+$", "", request.scope["path"]) + "/"
    if path == "/" and request.method == "GET":
        return await _page(request, opening)
    if opening is None:
        raise CLOSED
    mounted = await _mounted(request)
    own = _own(request, path, mounted)
    if own is not None and request.method == "GET":
        return _json(own)
    asset = path.removesuffix("/")
    if request.method == "GET" and (PLAIN.fullmatch(path) or PLAIN.fullmatch(asset)):
        plain = path if PLAIN.fullmatch(path) else asset
        return _passed(await _ask(mounted.reading, request, plain, b""), kept=plain == asset)
    named = TABLE.fullmatch(path)
    if named is None or named[1] not in mounted.tables:
        raise missing(Words("这个地址", "address"))
    relation, row = named[1], named[2] or ""
    if request.method == "GET":
        return await _read(request, mounted, opening["id"], relation, row, path)
    return _passed(await _change(request, mounted, opening["id"], relation, row, path))


async def _read(
    request: Request[Any, Any, Any], mounted: Mounted, opening: UUID, relation: str, row: str, path: str
) -> ASGIResponse:
    now, query = datetime.now(UTC), request.scope["query_string"].decode("ascii", "replace")
    if row not in ABOUT:
        async with DB.transaction():
            if row in ("", "ids"):
                data: dict[str, Any] = {"query": query}
                kind = "rows.seen"
            else:
                found = await _row(mounted.tables[relation], row)
                kind, data = "row.seen", {"sha256": digest(found)}
            what = "" if row == "ids" else row
            await record(request.user, kind, now, opening=opening, relation=relation, row=what, data=data)
    async with DB.transaction():
        await _only_reading(mounted.tables[relation])
        answer = await _ask(mounted.reading, request, path, b"")
    return _passed(answer)


async def _only_reading(table: type[Table]) -> None:
    await table.raw("SET TRANSACTION READ ONLY")
    await table.raw("SET LOCAL statement_timeout = '10s'")


async def _change(
    request: Request[Any, Any, Any], mounted: Mounted, opening: UUID, relation: str, row: str, path: str
) -> Answer:
    """Raises Refusal where the change is not allowed or somebody was faster."""
    method, allowed = str(request.method), CHANGED.get(relation)
    if allowed is None or method not in allowed.methods or bool(row) == (method == "POST"):
        raise READ_ONLY
    if relation == "account" and row == str(request.user.account):
        raise OWN
    body = await _body(request)
    given = _given(body, mounted.tables[relation]) if method != "DELETE" else {}
    table, kind = (
        mounted.tables[relation],
        {"POST": "row.added", "PATCH": "row.changed", "DELETE": "row.deleted"}[method],
    )
    try:
        async with DB.transaction():
            before = await _row(table, row, lock=True) if row else {}
            if row and await last_seen(opening, relation, row) != digest(before):
                raise UNSEEN
            answer = await _ask(mounted.changing, request, path, body)
            if answer.status >= 400:
                raise Undone(answer)
            made = row or str(json.loads(answer.body)[0]["id"])
            after = await _row(table, made) if method != "DELETE" else {}
            if row and any(before[name] != after.get(name) for name in (allowed.fixed if after else ())):
                raise FIXED
            data = {"before": before, "after": after, "given": sorted(given), "sha256": digest(after)}
            await record(request.user, kind, datetime.now(UTC), opening=opening, relation=relation, row=made, data=data)
    except Undone as undone:
        return undone.answer
    return answer


async def _row(table: type[Table], row: str, lock: bool = False) -> dict[str, Any]:
    """The shown columns of a row as plain values. Raises Refusal `not-found`."""
    key = table._meta.primary_key
    try:
        query = table.select().where(key == key.value_type(row)).first()
        found = await (query.lock_rows() if lock else query)
    except (ValueError, asyncpg.DataError):
        found = None
    if found is None:
        raise missing(Words("这一行", "row"))
    return {
        name: value if value is None or isinstance(value, bool | int) else str(value) for name, value in found.items()
    }


def digest(row: dict[str, Any]) -> str:
    """What tells a row from the same row later."""
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


async def _body(request: Request[Any, Any, Any]) -> bytes:
    body, more = b"", True
    while more:
        message: Any = await request.receive()
        if message["type"] != "http.request":
            raise UNREADABLE
        body, more = body + message.get("body", b""), message.get("more_body", False)
        if len(body) > LARGEST:
            raise UNREADABLE
    return body


def _given(body: bytes, table: type[Table]) -> Iterable[str]:
    """The columns that a post gives. The key of a row is none of them."""
    try:
        given = json.loads(body)
    except ValueError:
        raise UNREADABLE from None
    names = {column._meta.name for column in table._meta.columns} - {"id"}
    if not isinstance(given, dict) or not set(given) <= names:
        raise UNREADABLE
    return [str(name) for name in given]


async def _ask(app: Any, request: Request[Any, Any, Any], path: str, body: bytes) -> Answer:
    """Ask piccolo_admin; what it stumbles over is a refusal."""
    scope = {
        **{name: request.scope[name] for name in ("type", "http_version", "method", "scheme", "query_string")},  # type: ignore[literal-required]
        **{name: request.scope.get(name) for name in ("client", "server")},
        "asgi": {"version": "3.0"},
        "path": ROOT + path,
        "raw_path": (ROOT + path).encode(),
        "root_path": ROOT,
        "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
        "podium.actor": request.user,
    }
    told: list[dict[str, Any]] = []

    given = iter([body])

    async def receive() -> dict[str, Any]:
        body = next(given, None)
        if (
            body is None
        ):  # whoever goes on listening waits for the end of the connection: it is cancelled with its answer
            await asyncio.Event().wait()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    try:
        await app(scope, receive, send)
    except (ValueError, TypeError, AttributeError, KeyError, asyncpg.PostgresError, asyncpg.InterfaceError):
        raise UNREADABLE from None
    starts = next(one for one in told if one["type"] == "http.response.start")
    content = b"".join(one.get("body", b"") for one in told if one["type"] == "http.response.body")
    return Answer(starts["status"], starts["headers"], content)


def _passed(answer: Answer, kept: bool = False) -> ASGIResponse:
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    media = headers.get("content-type", "text/plain")
    more = {"cache-control": "private, max-age=86400" if kept else "no-store"}
    return ASGIResponse(body=answer.body, media_type=media, status_code=answer.status, headers=more)


def _json(data: Any, status: int = 200) -> ASGIResponse:
    headers = {"cache-control": "no-store"}
    return ASGIResponse(
        body=json.dumps(data, ensure_ascii=False).encode(),
        media_type=MediaType.JSON,
        status_code=status,
        headers=headers,
    )


def _own(request: Request[Any, Any, Any], path: str, mounted: Mounted) -> Any:
    """What piccolo_admin would say of itself, in the page's language; None for everything else."""
    lang = lang_of(request)
    say = translator(lang).gettext
    if path == "/public/meta/":
        return {"piccolo_admin_version": "", "site_name": say("Podium")}
    if path == "/public/translations/":
        names = [("zh-CN", "简体中文"), ("en", "English")]
        listed = [{"language_code": code, "language_name": name} for code, name in names]
        return {"translations": listed, "default_language_code": "en" if lang == "en" else "zh-cn"}
    if path == "/api/tables/":
        return sorted(mounted.tables)
    if path == "/api/tables/grouped/":
        may, may_not = say(N_("May be changed")), say(N_("Read only"))
        rest = sorted(name for name in mounted.tables if name not in CHANGED)
        return {"grouped": {may: sorted(CHANGED), may_not: rest}, "ungrouped": []}
    empty = {"/api/links/": {}, "/api/forms/": [], "/api/forms/grouped/": {"grouped": {}, "ungrouped": []}}
    return empty.get(path)


async def _page(request: Request[Any, Any, Any], opening: dict[str, Any] | None) -> ASGIResponse:
    """The page that piccolo_admin's script fills; who has not opened the tables is led to where one does."""
    asked = request.scope["raw_path"].split(b"?")[0]
    if opening is None or not asked.endswith(b"/"):
        there = "/office/raw" if opening is None else f"{ROOT}/"
        return ASGIResponse(
            status_code=303, media_type=MediaType.TEXT, headers={"location": there, "cache-control": "no-store"}
        )
    mounted = await _mounted(request)
    allowed = {name: sorted(change.methods) for name, change in CHANGED.items()}
    made = page(
        request,
        "office/raw_tables.html",
        script=f"{ROOT}/{mounted.script}",
        style=f"{ROOT}/{mounted.style}",
        opening={"reason": opening["reason"], "until": opening["until"].isoformat()},
        changed=json.dumps(allowed),
    )
    return ASGIResponse(body=made.content.encode(), media_type=MediaType.HTML, headers={"cache-control": "no-store"})


async def _mounted(request: Request[Any, Any, Any]) -> Mounted:
    """piccolo_admin, made when the first superuser comes; others wait for it."""
    state = request.app.state
    if "raw" not in state:
        state.raw = asyncio.get_running_loop().run_in_executor(None, _make)
    made: Mounted = await asyncio.shield(state.raw)
    return made


def _make() -> Any:
    return importlib.import_module("admin.raw.mounted").mount()
