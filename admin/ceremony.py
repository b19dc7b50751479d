"""The draw as everybody may follow it: what will be drawn, who has committed, what was revealed, and how to repeat it.

Entries stand here by their numbers and units by letters until the results are published, and no work code stands here
before that: a judge reads this page as well as anybody else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get
from litestar.response import Response

from scoring.verdict import Words
from server.access import everyone
from server.draw.announcing import fingerprint
from server.draw.ceremony import ceremonies_of, witnesses_of
from server.draw.flow import draws_of
from server.draw.pool import algorithm_of
from server.draw.record import placed, record_of
from server.draw.redraw import redraws_of
from server.errors import Refusal, missing
from server.registration.naming import entry_id
from server.results.flow import entrants_of
from server.results.pages import name_of, site_of
from server.results.public import is_public
from server.sealing import Sealer
from server.web.keeping import SQUEEZED, public
from server.web.page import Web, lang_of

Facts = Mapping[str, Any]
KEPT_BACK = Refusal(
    "draw.kept-back",
    Words("这次抽签的记录随成绩一起公布。", "The record of this draw is published with the results."),
    Words(
        "由它可以算出加密号，解码之前公布会让裁判认出选手。",
        "Work codes follow from it: published before the decoding, it would tell judges whose work they mark.",
    ),
    status=404,
)


@get("/c/{slug:str}/draw/{code:str}", opt={"access": everyone}, include_in_schema=False, middleware=[SQUEEZED])
async def ceremony_page(request: Web) -> Response[str]:
    """The draw of one event, before, during and after."""
    scope, lang, now = request.state.scope, lang_of(request), datetime.now(UTC)
    competition, event, sealer = scope.competition, scope.event, request.app.state.sealer
    ceremonies, draws = await ceremonies_of(event["id"]), await draws_of(event["id"])
    open_one = next((one for one in ceremonies if not one["outcome"]), None)
    counting = next((one for one in draws if not one["withdrawn"]), None)
    held = await _held(event, counting, sealer) if counting else None
    behind = next((one for one in ceremonies if counting and one["draw_version"] == counting["version"]), None)
    shown = open_one or behind
    return public(
        request,
        "public/draw.html",
        site=site_of(competition, lang),
        event={"name": name_of(event, lang), "code": event["code"], "competition": name_of(competition, lang)},
        stage=_stage(open_one, counting, now),
        ceremony=await _announced(competition, shown, held is not None) if shown else None,
        draw=held,
        record=_record_address(competition, event, counting) if held and held["told"] else "",
        earlier=[await _earlier(competition, event, one, sealer) for one in draws if one["withdrawn"]],
        withdrawn=[
            {name: one[name] for name in ("number", "naming", "reason", "opened")}
            for one in ceremonies
            if one["outcome"] == "withdrawn"
        ],
    )


def _stage(ceremony: Facts | None, drawn: Facts | None, now: datetime) -> str:
    if ceremony:
        return "known" if now >= ceremony["known_at"] else "announced"
    return "held" if drawn else "none"


async def _announced(competition: Facts, ceremony: Facts, held: bool) -> dict[str, Any]:
    witnesses = await witnesses_of(ceremony["id"])
    all_told = all(one["revealed_at"] for one in witnesses)
    names = ("number", "naming", "known_at", "opened", "stations", "shifts", "promises", "custody", "entries")
    return {
        **{name: ceremony[name] for name in names},
        "fingerprint": fingerprint(ceremony["entries"]),
        "zone": competition["time_zone"],
        "algorithm": algorithm_of(ceremony["entries"]),
        "complete": all_told,
        "witnesses": [
            {
                **{name: one[name] for name in ("name", "commitment", "committed_at", "revealed_at")},
                "words": one["words"] if all_told or held else "",
            }
            for one in sorted(witnesses, key=_turn)
        ],
    }


def _turn(witness: Facts) -> tuple[bool, datetime]:
    """Who revealed first stands first; then who committed first."""
    late = datetime.max.replace(tzinfo=UTC)
    return witness["revealed_at"] is None, witness["revealed_at"] or witness["committed_at"] or late


async def _held(event: Facts, drawn: Facts, sealer: Sealer) -> dict[str, Any]:
    published = await is_public(event)
    record = await record_of(drawn, published, sealer)
    names = ("version", "way", "algorithm", "at", "withdrawn")
    facts = {name: drawn[name] for name in names}
    if record is None:
        return {**facts, "told": False, "sealed": False, "seed": "", "public": "", "commitments": [], "shifts": []}
    places = placed(record, drawn["seed"])
    entrants = await entrants_of(event["id"]) if published and not drawn["withdrawn"] else {}
    return {
        **facts,
        "told": True,
        "sealed": not places,
        "seed": drawn["seed"],
        "public": drawn["public"],
        "commitments": drawn["commitments"],
        "shifts": _by_shift(event, places, record["entries"], entrants),
    }


def _by_shift(event: Facts, places: Sequence[Any], entries: Sequence[Facts], entrants: Facts) -> list[dict[str, Any]]:
    known = {one["id"]: one for one in entries}
    named = {entry_id(event, one["number"]): one for one in entrants.values()}
    shifts: dict[int, list[dict[str, Any]]] = {}
    for place in places:
        who = named.get(place.entry)
        shifts.setdefault(place.shift, []).append(
            {
                "entry": place.entry,
                "order": place.order,
                "station": place.station,
                "number": place.number,
                "code": place.code,
                "unit": known[place.entry]["unit"],
                "related": known[place.entry].get("related", ""),
                "employers": known[place.entry].get("employers", ""),
                "names": [member["name"] for member in who["members"]] if who else [],
                "delegation": who["delegation"] if who else "",
            }
        )
    return [{"shift": shift, "places": found} for shift, found in sorted(shifts.items())]


async def _earlier(competition: Facts, event: Facts, drawn: Facts, sealer: Sealer) -> dict[str, Any]:
    asked = [one for one in await redraws_of(event["id"]) if one["version"] == drawn["version"]]
    reason = next((one["reason"] for one in asked if one["answer"] == "granted"), "")
    told = await record_of(drawn, await is_public(event), sealer) is not None
    address = _record_address(competition, event, drawn) if told else ""
    return {**await _held(event, drawn, sealer), "reason": reason, "record": address}


def _record_address(competition: Facts, event: Facts, drawn: Facts | None) -> str:
    version = drawn["version"] if drawn else 1
    return f"/c/{competition['slug']}/draw/{event['code']}/record.json?version={version}"


@get("/c/{slug:str}/draw/{code:str}/record.json", opt={"access": everyone}, include_in_schema=False)
async def ceremony_record(request: Web) -> Response[bytes]:
    """What `podium rules draw` takes to repeat a draw. Raises Refusal `not-found` or `draw.kept-back`."""
    scope = request.state.scope
    draws = await draws_of(scope.event["id"])
    wanted = request.query_params.get("version", "") or str(len(draws))
    drawn = next((one for one in draws if str(one["version"]) == wanted), None)
    if drawn is None:
        raise missing(Words("这次抽签", "draw"))
    record = await record_of(drawn, await is_public(scope.event), request.app.state.sealer)
    if record is None:
        raise KEPT_BACK
    name = f"{scope.competition['slug']}-{scope.event['code']}-draw-{drawn['version']}.json"
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(), media_type="application/json", headers=headers)


ROUTES = Router("/", route_handlers=[ceremony_page, ceremony_record])
