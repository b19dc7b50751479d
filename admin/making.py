"""A file of many pages at the desk: the page where it is made, and the file when it is there (`server.binding`)."""

from __future__ import annotations

from pathlib import Path

from litestar.response import File, Redirect, Response

from admin import desk
from admin.setup import refusal_of
from server.binding import Make
from server.results.pages import name_of
from server.web.page import Web, lang_of, page


def making(
    request: Web, template: str, rail: str, place: Path, make: Make, count: int, back: str, here: str
) -> Response[str]:
    """The page (`here`, under this entry of the rail): whoever comes first begins the file, and may leave meanwhile."""
    competition, lang, bound = request.state.scope.competition, lang_of(request), request.app.state.binding
    if bound.state_of(place) == "unknown":
        bound.begin(place, make)
    path, _, some = here.partition("?")
    return page(
        request,
        template,
        desk=desk.rail(competition, rail, None, lang, sets_up=True),
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        state=bound.state_of(place),
        count=count,
        made=bound.made_of(place),
        problem=refusal_of(bound.why(place), lang),
        back=back,
        here=here,
        file=f"{path}.pdf{'?' if some else ''}{some}",
    )


def taken(request: Web, place: Path, name: str, here: str) -> File | Redirect:
    """The file to be kept under this name; while it is not there, the way to the page where it is made."""
    if request.app.state.binding.state_of(place) != "ready":
        return Redirect(here, status_code=303)
    return File(place, filename=name, media_type="application/pdf", headers={"cache-control": "no-store"})
