"""The program as a web application: its routes, who may call them, and what lives as long as it runs."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Router
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders, State
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.openapi.config import OpenAPIConfig
from litestar.static_files import create_static_files_router
from litestar.stores.memory import MemoryStore
from litestar.types import Message
from litestar.types import Scope as Asked

import admin.routes
from admin.sheets.worker import warm
from scoring.verdict import No, Problems, Words
from server import answers, pace
from server.access import NOBODY, Access, Actor, Scope, by_key, everyone, nobody
from server.appeals.http import ROUTES as APPEALS
from server.authentication import Actors, Authentication, Csrf
from server.binding import Binding
from server.competitions.flow import competition_named, event_named
from server.competitions.http import ROUTES as COMPETITIONS
from server.database.migrate import up
from server.database.piccolo_conf import DB
from server.describing.pages import ROUTES as DESCRIPTION
from server.describing.schema import Described
from server.errors import Refusal, missing, refuse
from server.heads import Heads
from server.issuing.badge_shown import ROUTES as BADGE_SHOWN
from server.issuing.faces import laid_out
from server.issuing.http import ROUTES as ISSUING
from server.issuing.pages import ROUTES as ISSUING_PAGES
from server.issuing.pressing import pool
from server.jobs import WORKERS, Measuring, Printing, Publishing, Sweeping
from server.lan.pages import ROUTES as LAN
from server.lan.venue import Venue
from server.marks.board_http import ROUTES as HALL_BOARD
from server.marks.chief_panel import ROUTES as CHIEF_PANEL
from server.marks.hall_http import ROUTES as HALL
from server.marks.http import ROUTES as MARKS
from server.marks.invitations import ROUTES as INVITATIONS
from server.marks.pinning import ROUTES as PINNING
from server.marks.seating import ROUTES as SEATING
from server.marks.tablet import ROUTES as TABLET
from server.marks.watch import Watch
from server.marks.writer import Writer
from server.people.http import ROUTES as PEOPLE
from server.people.pages import ROUTES as PEOPLE_PAGES
from server.promotion.http import ROUTES as PROMOTIONS
from server.proposing import Proposing
from server.registration.delegating import ROUTES as DELEGATING
from server.registration.http import ROUTES as REVIEW
from server.registration.sending import delegation_of
from server.results.board_http import ROUTES as BOARDS
from server.results.board_pages import ROUTES as BOARD_PAGES
from server.results.correction_http import ROUTES as CORRECTIONS
from server.results.correction_pages import ROUTES as CORRECTION_PAGES
from server.results.finding import ROUTES as FINDING
from server.results.http import ROUTES as RESULTS
from server.results.live import Live
from server.results.open_http import ROUTES as OPEN_DATA
from server.results.pages import ROUTES as RESULTS_PAGES
from server.results.telling import ROUTES as TELLING
from server.sealing import Sealer
from server.settings import Settings
from server.verification.http import ROUTES as VERIFICATION
from server.verification.pages import ROUTES as VERIFICATION_PAGES
from server.web.jinja import STATIC, environment

LARGEST_BODY = 12_000_000
LONGEST_PATH = 1000

ROUTES = [
    *(DESCRIPTION, PEOPLE, PEOPLE_PAGES, COMPETITIONS, DELEGATING, REVIEW, SEATING, INVITATIONS),
    *(MARKS, PINNING, TABLET, HALL, HALL_BOARD, CHIEF_PANEL),
    *(RESULTS, OPEN_DATA, RESULTS_PAGES, BOARDS, BOARD_PAGES, TELLING, FINDING, PROMOTIONS, APPEALS),
    *(CORRECTIONS, CORRECTION_PAGES),
    *(ISSUING, ISSUING_PAGES, BADGE_SHOWN, VERIFICATION, VERIFICATION_PAGES, LAN, *admin.routes.ROUTES),
]
HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


async def harden(message: Message, scope: Asked) -> None:
    """Every answer carries these, errors as well."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)


async def decide(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of every route: what its address names, then whether this actor may."""
    if "\x00" in connection.scope["path"]:
        raise answers.ODD_SIGN
    if len(connection.scope["path"]) > LONGEST_PATH:
        raise missing(Words("这个地址", "address"))
    scope = await _scope(connection.path_params)
    connection.state.scope = scope
    access: Access = handler.opt.get("access", nobody)
    actor: Actor = connection.scope.get("user") or NOBODY
    if actor.key and access is not everyone:
        verdict = by_key(actor.key, scope, handler.opt.get("scope", ""))
    else:
        verdict = access(actor, scope)
    if isinstance(verdict, No):
        signed_out = verdict.rule == "access.sign-in"
        if signed_out and isinstance(connection, Request):
            connection.state.typed = await answers.typed(connection)
        raise refuse(verdict, status=401 if signed_out else 403)


async def _scope(names: dict[str, Any]) -> Scope:
    if "slug" not in names:
        return Scope()
    competition = await competition_named(names["slug"])
    event = await event_named(competition, names["code"]) if "code" in names else None
    delegation = await delegation_of(competition, names["delegation"]) if "delegation" in names else None
    return Scope(competition, competition["organiser"], event, delegation)


def create_app(settings: Settings, venue: Venue | None = None) -> Litestar:
    """The application; `settings.database_url` is where its database listens, `venue` the hall that it serves.

    Raises RuntimeError when a route does not say who may call it.
    """

    asked = MemoryStore()

    @contextlib.asynccontextmanager
    async def life(app: Litestar) -> AsyncIterator[None]:
        assert settings.database_url
        await up(settings.database_url)
        await DB.connect(settings.database_url)
        await laid_out(settings.data, app.state.presses)
        app.state.live.start()
        app.state.writer.start()
        app.state.printing = Printing(app.state)
        await app.state.printing.resume()
        app.state.measuring = Measuring(app.state)
        app.state.proposing = Proposing()
        app.state.binding = Binding(app.state)
        sweeping, publishing = Sweeping(asked), Publishing(app.state)
        warm()
        try:
            yield
        finally:
            app.state.watch.stop()
            await app.state.writer.stop()
            await app.state.live.stop()
            await app.state.printing.stop()
            await app.state.proposing.stop()
            await app.state.binding.stop()
            await app.state.measuring.stop()
            await sweeping.stop()
            await publishing.stop()
            app.state.presses.shutdown(cancel_futures=True)
            await DB.disconnect()

    csrf = CSRFConfig(
        secret=settings.key("csrf").hex(),
        header_name="x-csrf-token",
        cookie_name="podium_csrf",
        cookie_secure=venue is None and settings.base_url.startswith("https"),
    )
    pages = environment()
    live = Live(pages)
    app = Litestar(
        route_handlers=[*ROUTES, static_files()],
        guards=[decide],
        middleware=[DefineMiddleware(Csrf, config=csrf), DefineMiddleware(Authentication)],
        exception_handlers={
            Refusal: answers.refused,
            Problems: answers.input_refused,
            HTTPException: answers.http_error,
            **dict.fromkeys(answers.UNKEEPABLE, answers.unkeepable),
            RecursionError: answers.too_deep,
            Exception: answers.crashed,
        },
        openapi_config=OpenAPIConfig(
            title="Podium",
            version="1",
            render_plugins=[Described()],
            openapi_router=Router("/api/schema", route_handlers=[], opt={"access": everyone}),
        ),
        lifespan=[life],
        stores={pace.STORE: asked},
        request_max_body_size=LARGEST_BODY,
        before_send=[harden],
        state=State(
            {
                "settings": settings,
                "venue": venue,
                "sealer": Sealer(settings),
                "actors": Actors(),
                "writer": Writer(live.hint),
                "watch": Watch(),
                "live": live,
                "presses": pool(WORKERS),
                "templates": pages,
            }
        ),
    )
    refuse_undecided(app)
    app.asgi_handler = Heads(app.asgi_handler)
    return app


def static_files() -> Any:
    """The vendored stylesheets, scripts and icons; addresses carry a fingerprint, so they may be kept for ever."""
    return create_static_files_router(
        path="/static",
        directories=[Path(STATIC)],
        opt={"access": everyone},
        include_in_schema=False,
        cache_control=None,
        middleware=[DefineMiddleware(CompressionMiddleware, config=CompressionConfig(backend="gzip"))],
    )


def refuse_undecided(app: Litestar) -> None:
    """Do not start with a route that forgot to say who may call it. What Litestar answers to OPTIONS names no access,
    and is refused by the guard.
    """
    silent = {
        route.path
        for route in app.routes
        for handler in (
            getattr(route, "route_handlers", None) or [route.route_handler]
        )  # a mounted one has one handler
        if "access" not in handler.opt and getattr(handler, "http_methods", set()) != {"OPTIONS"}
    }
    if silent:
        raise RuntimeError(f"These routes have no access decision: {', '.join(sorted(silent))}")
