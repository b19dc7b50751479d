"""Completes what Litestar says of the API: who may ask, every refusal with its shape, and an example of everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from litestar import Litestar, Request
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.routes import HTTPRoute

from server.access import everyone
from server.describing.examples import ERRORS, example_of, refusal
from server.wire import Refused

Operation = dict[str, Any]
TAGS = {
    "session": "Sessions", "marks": "Marks", "sheets": "Marks", "floor": "Marks", "shift": "Marks", "corrections": "Marks", "results": "Results",
    "promotions": "Promotions", "appeals": "Appeals", "certificates": "Certificates", "printing": "Certificates", "issuing": "Certificates",
    "verify": "Verification", "v": "Verification", "status": "Verification", ".well-known": "Verification", "review": "Entries",
    "forms": "Entries", "entries": "Entries", "open": "Open data", "schema": "Description",
}  # fmt: skip
"""The group of an operation by the last of these words in its path; all else is setting up."""
NOT_TOLD = ("/api/schema", "/api/schema/{path}")
"""The framework's other addresses of this description."""
WHOLE = ("/api/schema/openapi.json", "/v/{token}/credential.json")
"""What answers with a JSON text as it was kept; Litestar sees a text."""
WRITES = frozenset({"post", "put", "delete", "patch"})
REFUSED = "#/components/schemas/Refused"
ABOUT = """Everything that Podium's own pages do, programs can do.

**Who asks.** A program shows a key that the organiser made for it: `Authorization: Bearer podium_…`. A browser has the cookie of
its session, and echoes the cookie `podium_csrf` in the header `x-csrf-token` with everything but GET.

**Refusals** have a stable `code`, words and a mend in Chinese and English, and every problem with its place.

**Lists** take `limit`, `offset`, `q` and filters; `X-Total-Count` says how many there are, `Link` where the next page is.

**Again.** GET, PUT and DELETE may be sent again; so may marks, which carry an id of their own. On 429 and 503 wait for `Retry-After`, in seconds."""


class Described(JsonRenderPlugin):
    """Serves the complete description."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The description as JSON."""
        return self.render_json(request, described(request.app))


def described(app: Litestar) -> dict[str, Any]:
    """The OpenAPI document of the program, made once."""
    if "described" not in app.state:
        app.state["described"] = _complete(app)
    document: dict[str, Any] = app.state["described"]
    return document


def _complete(app: Litestar) -> dict[str, Any]:
    document = app.openapi_schema.to_schema()
    (_,), refused = msgspec.json.schema_components([Refused], ref_template="#/components/schemas/{name}")
    parts = document.setdefault("components", {}).setdefault("schemas", {})
    parts.update({name: one for name, one in refused.items() if name not in parts or name == "Refused"})
    document["info"]["description"] = ABOUT
    document["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "A key that the organiser made: podium_…"},
        "session": {"type": "apiKey", "in": "cookie", "name": "podium"},
    }
    for path in NOT_TOLD:
        document["paths"].pop(path, None)
    for path in WHOLE:
        for content in document["paths"][path]["get"]["responses"]["200"]["content"].values():
            content["schema"] = {"type": "object", "additionalProperties": True}
    handlers = dict(_handlers(app))
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if (method, path) in handlers:
                _describe(operation, method, path, handlers[method, path], parts)
    return document


def _handlers(app: Litestar) -> Iterator[tuple[tuple[str, str], HTTPRouteHandler]]:
    for route in (route for route in app.routes if isinstance(route, HTTPRoute)):  # a mounted app describes itself
        for handler in route.route_handlers:
            if isinstance(handler, HTTPRouteHandler):
                for method in handler.http_methods:
                    yield (method.lower(), route.path_format), handler


def _describe(
    operation: Operation, method: str, path: str, handler: HTTPRouteHandler, parts: Mapping[str, Any]
) -> None:
    operation["tags"] = [next((TAGS[word] for word in reversed(path.split("/")) if word in TAGS), "Set-up")]
    if not operation.get("summary") or handler.fn.__doc__:
        operation["summary"] = (handler.fn.__doc__ or "").split("\n")[0].split(". ")[0].rstrip(".")
    operation["description"] = " ".join((handler.fn.__doc__ or "").split())
    public, scope = handler.opt.get("access") is everyone, handler.opt.get("scope", "")
    operation["security"] = [] if public else [{"session": []}, *([{"key": [scope]}] if scope else [])]
    operation["x-scope"] = scope
    for parameter in operation.get("parameters", ()):
        parameter["example"] = example_of(parameter.get("schema", {}), parts, parameter["name"])
    _exemplify(operation.get("requestBody"), parts)
    answers = operation["responses"]
    answers.pop("400", None)
    for status, answer in answers.items():
        _exemplify(answer, parts)
        if status == "200" and {one["name"] for one in operation.get("parameters", ())} >= {"limit", "offset"}:
            answer["headers"] = {
                "X-Total-Count": {
                    "description": "How many there are.",
                    "schema": {"type": "string", "pattern": "^[0-9]+$"},
                },
                "Link": {"description": "The next and the previous page (RFC 8288).", "schema": {"type": "string"}},
            }
    for status in sorted(_refusals(operation, method, path, public)):
        answers.setdefault(status, _refused(status))


def _refusals(operation: Operation, method: str, path: str, public: bool) -> set[str]:
    """The statuses with which this may be refused; a key that is not in force is refused everywhere."""
    found = {"401"}
    if not public or method in WRITES:
        found.add("403")
    if "{" in path or method in WRITES:
        found |= {"404", "422"}
    if operation.get("parameters"):
        found.add("422")
    if method in WRITES:
        found |= {"409", "413"}
    if "requestBody" in operation:
        found.add("400")
    if path.startswith("/api/verify") or (path == "/api/session" and method == "post"):
        found.add("429")
    if path == "/api/marks":
        found.add("503")
    return found


def _refused(status: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": ERRORS[status][2],
        "content": {"application/json": {"schema": {"$ref": REFUSED}, "example": refusal(status)}},
    }
    if status in ("429", "503"):
        seconds = {"description": "Seconds to wait.", "schema": {"type": "string", "pattern": "^[0-9]+$"}}
        answer["headers"] = {"Retry-After": seconds}
    return answer


def _exemplify(body: Operation | None, parts: Mapping[str, Any]) -> None:
    for media, content in (body or {}).get("content", {}).items():
        if "schema" in content and "json" in media:
            content["example"] = example_of(content["schema"], parts)
