"""How search engines find the public pages: what they may read (robots.txt, RFC 9309), and which addresses there are (sitemap.xml).

An address is listed when the page behind it tells the public something: an event's results only once everybody may read
them. Pages about one person (a certificate, a share, a winner's own) are never listed, and asked not to be read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from litestar import Request, Router, get
from litestar.response import Response

from server.access import everyone
from server.competitions.flow import competition_named
from server.competitions.news import announcements
from server.competitions.programme import programme
from server.results.public import other_competitions, public_events

CLOSED = (
    *("/office", "/api/", "/sign-in", "/account", "/tablet", "/lan"),
    *("/mine", "/s/", "/v/", "/apply/", "/application/", "/invitation/"),
)
"""What is the office's or one person's."""
LISTED = ("/", "/lookup", "/verify")
AN_HOUR = {"cache-control": "public, max-age=3600"}


@get("/robots.txt", opt={"access": everyone}, include_in_schema=False)
async def robots(request: Request[Any, Any, Any]) -> Response[str]:
    """What search engines may read."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines.append(f"Sitemap: {request.app.state.settings.base_url}/sitemap.xml\n")
    return Response("\n".join(lines), media_type="text/plain", headers=AN_HOUR)


@get("/sitemap.xml", opt={"access": everyone}, include_in_schema=False)
async def sitemap(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Every public page that has something to tell, in both languages."""
    template = request.app.state.templates.get_template("public/sitemap.xml")
    paths = [*LISTED, *[path async for path in _pages()]]
    content = template.render(base=request.app.state.settings.base_url, paths=paths)
    return Response(content.encode(), media_type="application/xml; charset=utf-8", headers=AN_HOUR)


async def _pages() -> AsyncIterator[str]:
    """The pages of every competition that the public knows of, the newest first."""
    for row in await other_competitions(""):
        competition, home = await competition_named(row["slug"]), f"/c/{row['slug']}"
        yield home
        yield f"{home}/results"
        if await announcements(competition["id"]):
            yield f"{home}/news"
        if await programme(competition["id"]):
            yield f"{home}/programme"
        told = [event for event in await public_events(competition) if event["public"] in ("published", "final")]
        if told:
            yield f"{home}/data"
        for event in told:
            yield f"{home}/results/{event['code']}"


ROUTES = Router("/", route_handlers=[robots, sitemap])
