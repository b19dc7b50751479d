"""Makes a page: the template, its values, and what every page is given (server/web/jinja.py)."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.response import Response
from litestar.utils.scope.state import ScopeState

from scoring.verdict import Words
from server.access import Actor
from server.web.jinja import PATHS
from server.web.words import ROLE_NAMES, language, preferred, translator

Web = Request[Any, Any, Any]
YEAR = 31_536_000
SITE = {"home": PATHS["home"], "results": PATHS["home"], "organiser": "", "contact": ""}


def lang_of(request: Web) -> str:
    """The language of the answer: asked for in the address, chosen before, what the browser prefers, or Chinese."""
    chosen = request.query_params.get("lang") or request.cookies.get("lang")
    return language(chosen) if chosen else preferred(request.headers.get("accept-language", ""))


def spoken(words: Words, lang: str) -> str:
    """The sentence in the page's language."""
    return words.en if lang == "en" else words.zh


def page(
    request: Web, template: str, status: int = 200, site: dict[str, Any] | None = None, **values: Any
) -> Response[str]:
    """The page as an answer; a language that was asked for is remembered."""
    lang = lang_of(request)
    values |= {
        "status": status,
        "lang": lang,
        "zone": zone_of(request),
        "base": request.app.state.settings.base_url.rstrip("/"),
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "csrf": ScopeState.from_scope(request.scope).csrf_token or "",
        "person": person_of(request.user, lang) if "user" in request.scope else None,
        "site": {**SITE, "name": translator(lang).gettext("Podium"), **(site or {})},
    }
    content = request.app.state.templates.get_template(template).render(**values)
    asked = request.query_params.get("lang")
    cookies = [Cookie("lang", value=lang, max_age=YEAR, samesite="lax", path="/")] if asked == lang else []
    return Response(content, media_type=MediaType.HTML, status_code=status, cookies=cookies)


def zone_of(request: Web) -> str:
    """The time zone of the competition that an address names; "" where it names none."""
    competition = getattr(getattr(request.state, "scope", None), "competition", None)
    return str(competition["time_zone"]) if competition else ""


def person_of(actor: Actor | None, lang: str) -> dict[str, str] | None:
    """Who is signed in, as the head of a page says it, with the way to their own work."""
    if actor is None or not actor.account:
        return None
    role, home = "competitor", PATHS["home"]
    if actor.superuser:
        role, home = "superuser", PATHS["raw"]
    if actor.delegations:
        role, home = "delegation", PATHS["register"]
    if actor.seats:
        chief = any(seat.chief for seat in actor.seats.values())
        role, home = "chief-judge" if chief else "judge", PATHS["work"]
    if actor.supervises:
        role, home = "supervisor", PATHS["office"]
    if actor.organisers:
        role, home = "organiser", PATHS["office"]
    return {"name": actor.name, "role": translator(lang).gettext(ROLE_NAMES[role]), "home": home}


def over_tls(request: Web) -> bool:
    """Whether a cookie of this answer travels encrypted only. In a hall both ways are open, and the request's own counts."""
    state = request.app.state
    return request.url.scheme == "https" or (state.venue is None and state.settings.base_url.startswith("https"))


def wants_page(request: Web) -> bool:
    """Whether an error is read by a person in a browser rather than by a program."""
    return "text/html" in request.headers.get("accept", "")
