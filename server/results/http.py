"""The JSON API of results: what is published, for everybody."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, get

from scoring.verdict import Words
from server.access import everyone
from server.errors import Refusal
from server.results.flow import snapshot_named, snapshot_of
from server.results.public import is_public
from server.wire import Results, said


@get("/api/competitions/{slug:str}/events/{code:str}/results", opt={"access": everyone})
async def get_results(request: Request[Any, Any, Any]) -> Results:
    """The newest published snapshot of an event, with what it was computed from. Raises Refusal `results.not-public`."""
    event = request.state.scope.event
    snapshot = await snapshot_of(event["id"]) if await is_public(event) else None
    if snapshot is None:
        raise Refusal("results.not-public", Words("成绩还没有公示。", "The results are not published yet."), status=404)
    before = await snapshot_named(snapshot["supersedes"]) if snapshot["supersedes"] else None
    replaced = {"supersedes": {"version": before["version"], "sha256": before["sha256"]} if before else None}
    return said({**snapshot, **replaced, "content": public_content(snapshot["content"])}, Results)


def public_content(content: dict[str, Any]) -> dict[str, Any]:
    """A snapshot's content without the ids of the inside."""
    rows = [
        {
            **{
                name: row[name]
                for name in ("rank", "code", "total", "tied", "broken_by", "status", "modules", "award", "delegation")
            },
            "members": [{"name": member["name"], "unit": member["unit"]} for member in row["members"]],
        }
        for row in content["rows"]
    ]
    return {**content, "rows": rows}


ROUTES = Router("/", route_handlers=[get_results])
