"""The page that describes the JSON API: made here from the description itself, so that it needs nothing from elsewhere."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

from litestar import Router, get
from litestar.response import Response

from server.access import SCOPES, everyone
from server.describing.schema import WRITES, described
from server.results.public import newest_competition, public_events
from server.web.keeping import SQUEEZED, public
from server.web.page import Web, lang_of, spoken
from server.web.words import N_, translator

ORDER = (
    N_("Sessions"), N_("Set-up"), N_("Entries"), N_("Marks"), N_("Results"), N_("Promotions"), N_("Appeals"),
    N_("Certificates"), N_("Verification"), N_("Open data"), N_("Description"),
)  # fmt: skip


@get("/api", opt={"access": everyone}, include_in_schema=False, middleware=[SQUEEZED])
async def api_page(request: Web) -> Response[str]:
    """Every operation with its parameters, examples and refusals."""
    document, lang = described(request.app), lang_of(request)
    say, base, there = translator(lang).gettext, request.app.state.settings.base_url, await _there()
    operations = [
        _operation(method, path, operation, lang, base, there)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    groups = [(tag, [one for one in operations if one["tag"] == tag]) for tag in ORDER]
    return public(
        request,
        "public/api.html",
        document="/api/schema/openapi.json",
        scopes=[{"id": id, "words": spoken(words, lang)} for id, words in SCOPES.items()],
        groups=[
            {"id": tag.lower().replace(" ", "-"), "name": say(tag), "operations": sorted(found, key=_place)}
            for tag, found in groups
            if found
        ],
    )


def _place(operation: dict[str, Any]) -> tuple[str, int]:
    return operation["path"], ("get", "post", "put", "delete").index(operation["method"])


async def _there() -> dict[str, str]:
    """A competition that everybody may see here, and an event of it that is published if there is one: what can be asked as it stands."""
    competition = await newest_competition()
    if competition is None:
        return {}
    events = sorted(await public_events(competition), key=lambda event: event["public"] not in ("published", "final"))
    return {"slug": competition["slug"], **({"code": events[0]["code"]} if events else {})}


def command_of(method: str, path: str, operation: Mapping[str, Any], base: str, there: Mapping[str, str]) -> str:
    """What one types into a shell to ask this; "" for what needs a person's session, or the page's token as signing in does."""
    public, body = not operation["security"], operation.get("requestBody", {}).get("content", {})
    if not (public or operation["x-scope"]) or (public and "application/json" in body):
        return ""
    named = {one["name"]: one["example"] for one in operation.get("parameters", ()) if one["in"] == "path"} | dict(
        there
    )
    words = ["curl", *(["-X", method.upper()] if method in WRITES else [])]
    head = ["-H", '"Authorization: Bearer $PODIUM_KEY"'] if operation["x-scope"] else []
    sent: list[str] = []
    for media, content in body.items():
        if "json" in media:
            sent = ["-H", "content-type: application/json", "-d", json.dumps(content["example"], ensure_ascii=False)]
        else:
            sent = ["-F", "data=@certificate.pdf"]
    return " ".join([*words, *head, *map(shlex.quote, [*sent, base + path.format_map(named)])])


def _operation(
    method: str, path: str, operation: dict[str, Any], lang: str, base: str, there: Mapping[str, str]
) -> dict[str, Any]:
    answers = operation["responses"]
    good = next(status for status in answers if status.startswith("2"))
    return {
        "id": operation["operationId"],
        "tag": operation["tags"][0],
        "method": method,
        "path": path,
        "summary": operation["summary"],
        "description": operation["description"],
        "public": not operation["security"],
        "command": command_of(method, path, operation, base, there),
        "scope": operation["x-scope"],
        "parameters": [
            {"name": one["name"], "in": one["in"], "about": one.get("description", ""), "example": str(one["example"])}
            for one in operation.get("parameters", ())
        ],
        "sends": _shown(operation.get("requestBody", {})),
        "status": good,
        "answers": _shown(answers[good]),
        "refusals": [
            {"status": status, "code": code["code"], "words": code["words"][lang]}
            for status, answer in answers.items()
            if status >= "4" and (code := answer["content"]["application/json"]["example"])
        ],
    }


def _shown(body: dict[str, Any]) -> dict[str, str]:
    """Media type and example of a body; a file has no example."""
    for media, content in body.get("content", {}).items():
        example = content.get("example")
        return {"media": media, "example": json.dumps(example, ensure_ascii=False, indent=2) if example else ""}
    return {"media": "", "example": ""}


ROUTES = Router("/", route_handlers=[api_page])
