"""Signing in and out in a browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from litestar import Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Response

from scoring.verdict import Words
from server.access import everyone, signed_in
from server.errors import Refusal
from server.people import flow
from server.people.http import ended, session_cookie
from server.web.jinja import PATHS
from server.web.page import Web, lang_of, page, person_of, spoken

INSIDE = re.compile(r"/(?!/)[^\\\x00-\x20\x7f]*")
"""Browsers drop control signs from an address and take a backslash for a slash: neither may stand in one."""
FIRST = Words(
    "你还没有密码。定一个只有你知道的，以后不用链接也能登录。",
    "You have no password yet. Choose one that only you know, and you can sign in without a link.",
)
DIFFERENT = Refusal(
    "password.different",
    Words("两次输入的新密码不一样。", "The new password was not the same both times."),
    Words("请重新输入。", "Type it again."),
    status=422,
)
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/sign-in", opt={"access": everyone}, include_in_schema=False)
async def sign_in_page(request: Web) -> Response[str]:
    """Where everybody with an account signs in."""
    return page(
        request, "sign_in.html", values={"login": ""}, next=inside(request.query_params.get("next", "")), problem=None
    )


@post("/sign-in", opt={"access": everyone}, include_in_schema=False)
async def sign_in(request: Web, data: Form) -> Response[str] | Redirect:
    """Sign in, and go on to where the person was going or to their own work."""
    login, following = data.get("login", "").strip(), inside(data.get("next", ""))
    try:
        token = await flow.sign_in(login, data.get("password", ""), datetime.now(UTC))
    except Refusal as refusal:
        lang = lang_of(request)
        problem = {"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)}
        return page(request, "sign_in.html", refusal.status, values={"login": login}, next=following, problem=problem)
    return await _welcome(request, token, following)


@get("/sign-in/{token:str}", opt={"access": everyone}, include_in_schema=False)
async def sign_in_once_page(request: Web, token: FromPath[str]) -> Response[str]:
    """A one-time link asks before it is spent, so that a preview of the link does not use it up."""
    return page(request, "account/one_time.html", link=f"/sign-in/{token}")


@post("/sign-in/{token:str}", opt={"access": everyone}, include_in_schema=False)
async def sign_in_once(request: Web, token: FromPath[str]) -> Response[str] | Redirect:
    """Spend a one-time link."""
    return await _welcome(request, await flow.sign_in_once(token, datetime.now(UTC)), "")


@post("/sign-out", opt={"access": signed_in}, include_in_schema=False)
async def sign_out(request: Web) -> Redirect:
    """Sign out."""
    await flow.sign_out(request.user.session)
    request.app.state.actors.forget(request.user.session)
    return Redirect(PATHS["home"], status_code=303, cookies=ended())


@get("/account/password", opt={"access": signed_in}, include_in_schema=False)
async def password_page(request: Web) -> Response[str]:
    """Where one changes one's own password, or chooses the first one."""
    return await _password_page(request)


async def _password_page(request: Web, refusal: Refusal | None = None) -> Response[str]:
    lang, has_one = lang_of(request), await flow.has_password(request.user.account)
    problem = {"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)} if refusal else None
    status = refusal.status if refusal else 200
    return page(
        request,
        "account/password.html",
        status,
        must=False,
        first="" if has_one else spoken(FIRST, lang),
        login=await flow.login_of(request.user.account),
        problem=problem,
    )


@post("/account/password", opt={"access": signed_in}, include_in_schema=False)
async def change_password(request: Web, data: Form) -> Response[str] | Redirect:
    """Change it; every other session of this account ends."""
    try:
        if data.get("new", "") != data.get("again", ""):
            raise DIFFERENT
        await flow.change_password(request.user, data.get("password", ""), data.get("new", ""), datetime.now(UTC))
    except Refusal as refusal:
        return await _password_page(request, refusal)
    person = person_of(request.user, "en")
    return Redirect(person["home"] if person else PATHS["home"], status_code=303)


async def _welcome(request: Web, token: str, following: str) -> Redirect:
    actor = await request.app.state.actors.of(token)
    person = person_of(actor, "en")
    home = person["home"] if person else PATHS["home"]
    if actor.organisers and not await flow.has_password(actor.account):
        home = PATHS["password"]
    return Redirect(following or home, status_code=303, cookies=[session_cookie(request, token)])


def inside(path: str) -> str:
    """The path when it leads to a page of this site; otherwise nothing."""
    return path if INSIDE.fullmatch(path) else ""


ROUTES = Router(
    "/",
    route_handlers=[sign_in_page, sign_in, sign_in_once_page, sign_in_once, sign_out, password_page, change_password],
)
