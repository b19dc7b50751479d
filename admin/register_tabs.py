"""The parts of a delegation's desk, as tabs above each of them, with what is left to do in it."""

from __future__ import annotations

from typing import Any

from admin.registering import url_of
from server.registration.applications import waiting_in
from server.registration.attachments import wanted_of
from server.registration.photos import photos_by_person
from server.registration.review import asked_of
from server.web.page import Web, lang_of
from server.web.words import N_, translator


async def tabs(request: Web, here: str) -> list[dict[str, Any]]:
    """Each part's name and address; its count is what is still missing there."""
    scope, say = request.state.scope, translator(lang_of(request)).gettext
    url = url_of(scope.competition["slug"], scope.delegation["id"])
    people = await photos_by_person(scope.competition["id"], scope.delegation["id"])
    faceless = len({one["person"] for one in people if not one["has"]})
    wanted = await wanted_of(scope.delegation["id"])
    papers = sum(one["required"] and one["attachment"] is None for one in wanted)
    parts = [
        ("list", N_("List and workbooks"), "", 0),
        (
            "review",
            N_("Review of entries"),
            "/review",
            await asked_of(scope.delegation["id"], scope.competition["review_steps"]),
        ),
        ("photos", N_("Photos"), "/photos", faceless),
        ("attachments", N_("Attachments"), "/attachments", papers),
        ("applications", N_("Applications"), "/applications", await waiting_in(scope.delegation["id"])),
        ("appeals", N_("Appeals"), "/appeals", 0),
    ]
    return [
        {"name": say(name), "url": url + path, "here": part == here, "count": count or None}
        for part, name, path, count in parts
    ]
