"""Published results as a workbook, for everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from litestar import Request, Router, get
from litestar.response import Response

from admin.sheets.results import StandingLine, write_standings
from scoring.marks import Scheme
from scoring.verdict import Words
from server.access import everyone
from server.competitions.flow import scheme_of
from server.errors import missing
from server.results.flow import snapshot_of
from server.results.pages import hundredths
from server.results.public import is_public

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/c/{slug:str}/results/{code:str}/table.xlsx", opt={"access": everyone}, include_in_schema=False)
async def table(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The standings of one event, exactly as they are published."""
    event = request.state.scope.event
    snapshot = await snapshot_of(event["id"]) if await is_public(event) else None
    scheme = scheme_of(event)
    if snapshot is None or scheme is None:
        raise missing(Words("这份成绩", "published result"))
    content = await asyncio.to_thread(_workbook, event, snapshot, scheme)
    name = f"{request.state.scope.competition['slug']}-{event['code']}.xlsx"
    return Response(content, media_type=WORKBOOK, headers={"content-disposition": f'attachment; filename="{name}"'})


def _workbook(event: Mapping[str, Any], snapshot: Mapping[str, Any], scheme: Scheme) -> bytes:
    lines = [
        StandingLine(
            rank=row["rank"],
            name="、".join(member["name"] for member in row["members"]),
            delegation=row["delegation"],
            unit="、".join(dict.fromkeys(member["unit"] for member in row["members"])),
            modules=tuple(hundredths(row["modules"][module.id]) for module in scheme.modules),
            total=row["total"],
            award=row["award"]["zh"] if row["award"] else "",
        )
        for row in snapshot["content"]["rows"]
    ]
    note = f"v{snapshot['version']} · {snapshot['sha256'][:12]}"
    return write_standings(event["name"], [module.name for module in scheme.modules], lines, note)


ROUTES = Router("/", route_handlers=[table])
