"""What went wrong, as an answer: JSON for programs, a page for people. Only here do errors meet HTTP statuses."""

from __future__ import annotations

import logging
import re
import secrets
import traceback
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect, Response
from litestar.serialization import msgspec_hooks

from scoring.verdict import NOWHERE, Place, Problem, Problems, Words
from server.errors import NOTHING, Refusal, told
from server.web.jinja import PATHS
from server.web.page import Web, lang_of, page, spoken, wants_page

log = logging.getLogger("podium")


MOST_SHOWN = 20
"""So many problems stand on a page; a program is told all."""
UNKEEPABLE: tuple[type[Exception], ...] = (
    asyncpg.CharacterNotInRepertoireError,
    asyncpg.UntranslatableCharacterError,
)
HTTP_WORDS = {
    400: Words("请求读不懂。", "The request cannot be understood."),
    403: Words("这一页已过期，请刷新后再试。", "This page is out of date; load it again."),
    404: Words("没有这个地址。", "There is nothing at this address."),
    405: Words("这个地址不这样用。", "This address is not used like that."),
    413: Words("内容太大。", "This is too large."),
    415: Words("内容的类型不对。", "This is not the kind of content that is expected."),
    429: Words("这个网络地址一分钟内问得太多，请稍后再试。", "This network asks too often: try again in a minute."),
}
"""What the web layer itself refuses; 403 is a post without the token of its page."""


SEE = Words("接口要什么，见 /api。", "What is taken here stands at /api.")
DECODER = (
    (re.compile(r"Expected `(.+)`, got `(.+)`"), "应为 {0}，收到的是 {1}", "expected {0}, got {1}"),
    (re.compile(r"Expected `(.+)` (of length )?([<>]=?) (.+)"), "应为 {2} {3} 的 {0}", "expected {0} {2} {3}"),
    (re.compile(r"Object missing required field `(.+)`"), "缺少 {0}", "{0} is missing"),
    (re.compile(r"Object contains unknown field `(.+)`"), "没有 {0} 这一项", "there is no {0}"),
    (re.compile(r"Invalid (.+)"), "不是 {0}", "not a {0}"),
    (re.compile(r"'data'"), "没有内容", "there is nothing in it"),
)
"""Sentences of the library that reads requests (msgspec), in words of both languages."""
SECRET = frozenset({"_csrf_token", "password", "passphrase", "new", "again"})
"""Fields that no page repeats."""
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
MOST_KEPT = 500_000
"""So many characters of a form are given back; a draft of a policy or a grid of places is a tenth of it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a form waits to be sent again: its texts by their fields, and of its files the names alone."""

    fields: list[tuple[str, str]]
    files: dict[str, list[str]]


async def typed(request: Web) -> Kept | None:
    """What a person sent with a form that is refused because their session has ended, to be sent again; nothing for programs, for
    files without a word beside them and for what htmx sends, which leaves its page as it is. A file itself is not kept of somebody
    who is not signed in, and a browser lets no page choose one: its sender does that again."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    if not wants_page(request) or kind not in FORMS or "hx-request" in request.headers:
        return None
    fields, files = list[tuple[str, str]](), dict[str, list[str]]()
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            files.setdefault(name, []).append(value.filename)
        elif name not in SECRET:
            fields.append((name, str(value)))
    told = any(value for _, value in fields)
    return Kept(fields, files) if told and sum(len(name) + len(value) for name, value in fields) <= MOST_KEPT else None


def refused(request: Web, refusal: Refusal) -> Response[Any]:
    """A refusal with its code, what happened and the mend. Who is not signed in and wants a page is sent to sign in, or is given back
    what they typed in a form, to be sent again."""
    if wants_page(request):
        if refusal.code == "access.sign-in":
            if kept := request.state.get("typed"):
                asked = urlsplit(str(request.url))
                action = asked.path + (f"?{asked.query}" if asked.query else "")
                return page(request, "signed_out.html", 401, fields=kept.fields, files=kept.files, action=action)
            return Redirect(f"{PATHS['sign_in']}{_back_to(request)}", status_code=303)
        lang = lang_of(request)
        what, mend = spoken(refusal.words, lang), spoken(refusal.mend, lang)
        details = [spoken(told(one), lang) for one in refusal.problems[:MOST_SHOWN]]
        return page(request, "error.html", refusal.status, what=what, mend=mend, code=refusal.code, details=details)
    headers = {"retry-after": str(refusal.wait)} if refusal.wait else {}
    return Response(as_data(refusal), status_code=refusal.status, headers=headers)


def _back_to(request: Web) -> str:
    """What brings a person back to the page that they asked for, query and all, or to the one with the form that they sent."""
    asked = urlsplit(str(request.url) if request.method == "GET" else request.headers.get("referer", ""))
    if asked.netloc != urlsplit(str(request.url)).netloc:
        return ""
    query = f"?{asked.query}" if asked.query else ""
    return f"?next={quote(asked.path + query, safe='/')}"


def input_refused(request: Web, problems: Problems) -> Response[Any]:
    """Input that a loader refused, with every problem."""
    count = len(problems.problems)
    words = Words(
        f"有 {count} 处问题，什么都没有保存。", f"{count} problem{'s' if count > 1 else ''}; nothing was stored."
    )
    return refused(request, Refusal("input.refused", words, problems=problems.problems, status=422))


def http_error(request: Web, error: HTTPException) -> Response[Any]:
    """What the web layer itself refuses: an unknown address, a body that is not what the route takes."""
    if isinstance(error, ValidationException):
        return refused(request, _invalid(error))
    if wants_page(request) and "CSRF" not in error.detail:
        return page(request, "error.html", error.status_code, what="", mend="", code="")
    words = HTTP_WORDS.get(error.status_code, Words("这个请求不能处理。", "This request cannot be served."))
    wait = int((error.headers or {}).get("RateLimit-Reset", 0))
    return refused(request, Refusal(f"http.{error.status_code}", words, status=error.status_code, wait=wait))


def _invalid(error: ValidationException) -> Refusal:
    """What a request says that its route does not take, with the name of each field or parameter."""
    said = [extra if isinstance(extra, dict) else {"message": str(extra)} for extra in error.extra or ()]
    problems = tuple(
        Problem("request.invalid", Place(key=str(one.get("key", ""))), _plainly(str(one["message"])), SEE)
        for one in said
    )
    listed = problems or (Problem("request.invalid", NOWHERE, _plainly(error.detail), SEE),)
    zh = "；".join(f"{one.place.key} {one.words.zh}".strip() for one in listed)
    en = "; ".join(f"{one.place.key} {one.words.en}".strip() for one in listed)
    words = Words(f"请求的内容不符合要求：{zh}", f"The request is not as expected: {en}")
    return Refusal(
        "request.invalid", words, SEE, problems, status=422 if error.status_code == 400 else error.status_code
    )


def _plainly(message: str) -> Words:
    """What the decoder says, in both languages where it is one of the usual sentences."""
    for pattern, zh, en in DECODER:
        if found := pattern.fullmatch(message):
            return Words(zh.format(*found.groups()), en.format(*found.groups()))
    return Words(message, message)


ODD_SIGN = Refusal(
    "request.invalid",
    Words("内容里有不能保存的字符。", "There is a sign in it that cannot be kept."),
    status=422,
)


def unkeepable(request: Web, error: Exception) -> Response[Any]:
    """A NUL sign, which PostgreSQL keeps in no text and a file system in no name: nobody types one by accident."""
    return refused(request, ODD_SIGN)


def too_deep(request: Web, error: RecursionError) -> Response[Any]:
    """A body that is nested beyond any sense, which the decoder gives up on; any other endless descent is a mistake in here."""
    if traceback.extract_tb(error.__traceback__)[-1].filename != msgspec_hooks.__file__:
        return crashed(request, error)
    return refused(request, Refusal("http.400", HTTP_WORDS[400], status=400))


def crashed(request: Web, error: Exception) -> Response[Any]:
    """Anything else: a number to look up in the log, and nothing about the inside."""
    number = secrets.token_hex(4)
    log.error("Error %s at %s %s", number, request.method, request.url.path, exc_info=error)
    words = Words(f"出了意外（{number}）。", f"Something unexpected happened ({number}).")
    return refused(request, Refusal(f"unexpected.{number}", words, NOTHING, status=500))


def as_data(refusal: Refusal) -> dict[str, Any]:
    """A refusal as JSON."""
    return {
        "code": refusal.code,
        "words": _words(refusal.words),
        "mend": _words(refusal.mend),
        "problems": [problem_as_data(problem) for problem in refusal.problems],
    }


def problem_as_data(problem: Problem) -> dict[str, Any]:
    """A problem as JSON; parts of the place that do not apply are left out."""
    names = ("sheet", "row", "column", "key", "line")
    place = {name: value for name in names if (value := getattr(problem.place, name))}
    return {"code": problem.code, "place": place, "words": _words(problem.words), "mend": _words(problem.mend)}


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
