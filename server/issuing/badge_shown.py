"""A winner shows their badge: its code leads here, and is kept on their device while they look at what is theirs.

The code is compared with nothing here, so that a code that was found or invented is told nothing; it is read beside a person
who was found by name and number (`server.registration.badge_codes.standing`), and each time anew, so that a badge that was
replaced ends at once. Trying codes is slowed down like verification, though it tells nothing: the answer to each is the same,
and a person's own has 80 bits, tried by somebody who knows their name and number already.
"""

from __future__ import annotations

from datetime import timedelta

from litestar import Router, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response import Redirect

from scoring.verdict import Words
from server.access import everyone
from server.errors import Refusal, missing
from server.pace import PACE
from server.registration.badge_codes import SHAPE
from server.web.jinja import PATHS
from server.web.page import Web, over_tls

PASS, BADGE = "podium_winner", "podium_badge"
LASTS = timedelta(minutes=30)
"""How long a found person, and a badge that was read, are known on a device."""
NEEDED = Refusal(
    "badge.needed",
    Words("这需要出示参赛证。", "This needs your badge."),
    Words("请扫描参赛证上的二维码。", "Scan the code on it."),
    status=403,
)


@get("/b/{code:str}", opt={"access": everyone}, include_in_schema=False, middleware=[PACE])
async def show_badge(request: Web, code: FromPath[str]) -> Redirect:
    """Where the code on a badge leads: to the person's certificates if they were found already, to the two fields otherwise."""
    code = code.upper()
    if not SHAPE.fullmatch(code):
        raise missing(Words("这个参赛证", "badge"))
    there = "/mine" if request.cookies.get(PASS) else PATHS["lookup"]
    return Redirect(there, status_code=303, cookies=[kept(request, BADGE, code)], headers={"cache-control": "no-store"})


@post("/lookup/away", opt={"access": everyone}, include_in_schema=False)
async def put_away(request: Web) -> Redirect:
    """This device forgets who was found and which badge was read."""
    gone = [Cookie(name, value="", path="/", max_age=0) for name in (PASS, BADGE)]
    return Redirect(PATHS["lookup"], status_code=303, cookies=gone)


def badge_in(request: Web) -> str:
    """The code of the badge that was read on this device, or nothing."""
    given = request.cookies.get(BADGE, "")
    return given if SHAPE.fullmatch(given) else ""


def kept(request: Web, name: str, value: str) -> Cookie:
    """A cookie that scripts do not see, for as long as a winner is known here."""
    most = int(LASTS.total_seconds())
    return Cookie(name, value=value, path="/", httponly=True, samesite="lax", secure=over_tls(request), max_age=most)


ROUTES = Router("/", route_handlers=[show_badge, put_away])
