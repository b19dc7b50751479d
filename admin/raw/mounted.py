"""piccolo_admin over the shadow tables: its pages and its API, without its doors.

Its own sign-in, sessions and accounts are not there: `door` knows who asks and says so in the scope. Nor is its check of
posts: the site's own token is asked for before. There are two of it. One has every table and no way to write; the other
has the few tables whose rows may be changed, and of each only what `shown` allows is let through to it.

Imported when the raw tables are first opened, and by nothing else: FastAPI and its models of all tables cost some seconds
and some fifty megabytes, which a hall's laptop need not spend at its start.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piccolo.table import Table
from piccolo_admin.endpoints import ASSET_PATH, TableConfig, create_admin
from piccolo_admin.translations.data import ENGLISH, SIMPLIFIED_CHINESE
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser
from starlette.requests import HTTPConnection

from admin.raw.shown import CHANGED, shadows

ACTOR = "podium.actor"
"""Where the scope says who asks."""


class Superuser(SimpleUser):
    """Who asks, as piccolo_admin names them."""

    def __init__(self, name: str, account: str) -> None:
        super().__init__(name)
        self.user_id = account


class Known(AuthenticationBackend):
    """Who came through our door."""

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, Superuser]:
        """Never asks for anything: nobody gets here unasked."""
        actor = conn.scope[ACTOR]
        return AuthCredentials(["authenticated"]), Superuser(actor.name, str(actor.account))


@dataclass(frozen=True, slots=True)
class Mounted:
    """The two, and what a page needs to load the first."""

    tables: Mapping[str, type[Table]]
    reading: Any
    changing: Any
    script: str
    style: str


def mount() -> Mounted:
    """Make them; takes some seconds."""
    tables = shadows()
    page = Path(ASSET_PATH, "index.html").read_text(encoding="utf-8")
    script, style = (re.search(rf'"\./(assets/[\w.-]+\.{kind})"', page) for kind in ("js", "css"))
    assert script and style
    return Mounted(
        tables,
        _made(list(tables.values()), read_only=True),
        _made([tables[name] for name in CHANGED], read_only=False),
        script[1],
        style[1],
    )


def _made(tables: Sequence[type[Table]], read_only: bool) -> Any:
    made = create_admin(
        [TableConfig(table) for table in tables],
        read_only=read_only,
        auto_include_related=False,
        translations=[SIMPLIFIED_CHINESE, ENGLISH],
        site_name="Podium",
    )
    made.user_middleware.clear()
    inner = next(route for route in made.routes if getattr(route, "path", "") == "/api")
    inner.app.backend = Known()
    return made
