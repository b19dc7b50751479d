"""The office's page of one draw: announcing it, committing, revealing, holding it, holding it again, opening its layers.

One page for everybody who has a part in it; each sees the forms that are theirs now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get
from litestar.response import Response

from admin import desk
from scoring.blind_draw import LAYERS
from scoring.verdict import No, Words
from server.access import Actor, office
from server.competitions.flow import events_listed
from server.database.tables import Account, Entry, Member, Place, Supervisor
from server.draw import keys
from server.draw.announcing import fingerprint
from server.draw.ceremony import SHORTEST, ceremonies_of, committed, may_draw, witnesses_of
from server.draw.custodians import candidates, custodians_of
from server.draw.flow import draws_of
from server.draw.layers import NAMES, layers_of
from server.draw.redraw import redraws_of
from server.pipeline import PUBLIC
from server.registration.review import reviewed
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

Facts = Mapping[str, Any]
PAIRS = {
    "number": Words("报名号 → 参赛编号", "entry → number"),
    "station": Words("参赛编号 → 赛位", "number → station"),
    "code": Words("赛位 → 加密号", "station → its work code"),
}
NAMED = ("naming", "known_at", "shifts", "related", "custody", "escrow")
"""What is typed into an announcement."""


@get("/office/{slug:str}/events/{code:str}/draw", opt={"access": office}, include_in_schema=False)
async def draw_page(request: Web) -> Response[str]:
    """Everything about the draw of one event that this person may see and do."""
    return await shown(request)


async def shown(
    request: Web, status: int = 200, said: Facts | None = None, typed: Mapping[str, str] | None = None
) -> Response[str]:
    """The page, with what was just done or refused, and what was typed into the announcement."""
    scope, lang, now = request.state.scope, lang_of(request), datetime.now(UTC)
    competition, event, me = scope.competition, scope.event, request.user
    ceremonies, draws = await ceremonies_of(event["id"]), await draws_of(event["id"])
    mine_to_hold = scope.organiser in me.organisers
    supervises = competition["id"] in me.supervises
    open_one = next((one for one in ceremonies if not one["outcome"]), None)
    waits = event["state"] == "registration"
    address = f"/office/{competition['slug']}/events/{event['code']}/draw"
    blind = event["id"] in me.seats  # whoever judges this event sees no place, whatever else they are
    return page(
        request,
        "office/draw.html",
        status,
        desk=desk.rail(
            competition,
            "corridor",
            len(await events_listed(competition)),
            lang,
            desk.sets_up(competition, request.user),
        ),
        event={
            "name": name_of(event, lang),
            "code": event["code"],
            "size": await Entry.count().where((Entry.event == event["id"]) & (Entry.state == "approved")),
            "stations": event["stations"],
            "waits": waits,
        },
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        public=f"/c/{competition['slug']}/draw/{event['code']}",
        action=address,
        said=said,
        announce=await _announcement(competition, event, typed, lang)
        if waits and not open_one and mine_to_hold
        else None,
        ceremony=await _ceremony(competition, event, open_one, me, lang, now) if open_one else None,
        withdraw=mine_to_hold and open_one is not None,
        hold=await _hold(event, open_one, lang, now) if mine_to_hold and open_one else None,
        versions=[_version(one, competition, event) for one in draws],
        withdrawn=[one for one in ceremonies if one["outcome"] == "withdrawn"],
        places=[] if blind else await _places(event),
        layers=await _layers(event, me, supervises, lang),
        envelopes=supervises and not blind and await Place.exists().where(Place.event == event["id"]),
        again=await _again(event, me, supervises),
    )


async def _announcement(competition: Facts, event: Facts, typed: Facts | None, lang: str) -> dict[str, Any]:
    fresh, typed = typed is None, typed or {}
    shifts = str(event["shifts"] or "")  # as they were set up; a draw may be announced with others
    still = await reviewed(event)
    query = Supervisor.select(Supervisor.account.as_alias("id"), Supervisor.account.name.as_alias("name"))
    supervisors = await query.where(Supervisor.competition == competition["id"]).order_by(Supervisor.account.name)
    return {
        "waits": spoken(still.reason, lang) if isinstance(still, No) and still.rule != "pipeline.no-entries" else "",
        "supervisors": [
            {"id": str(one["id"]), "name": one["name"], "chosen": f"witness-{one['id']}" in typed or fresh}
            for one in supervisors
        ],
        "people": [{"id": str(one["id"]), "name": one["name"]} for one in await candidates(competition["id"])],
        "layers": LAYERS,
        "zone": competition["time_zone"],
        "values": {**dict.fromkeys((*NAMED, *LAYERS), ""), "shifts": shifts, **typed},
        "custody": bool(typed.get("custody")),
    }


async def _ceremony(
    competition: Facts, event: Facts, ceremony: Facts, me: Actor, lang: str, now: datetime
) -> dict[str, Any]:
    witnesses = await witnesses_of(ceremony["id"])
    verdict = await may_draw(event, now)
    mine = next((one for one in witnesses if one["account"] == me.account), None)
    known = now >= ceremony["known_at"]
    may_reveal = not isinstance(committed(ceremony, witnesses, now), No)
    keepers = await custodians_of(ceremony["id"]) if ceremony["custody"] else []
    return {
        **{
            name: ceremony[name] for name in ("number", "naming", "known_at", "shifts", "promises", "custody", "escrow")
        },
        "zone": competition["time_zone"],
        "known": known,
        "entries": len(ceremony["entries"]),
        "related": len({one["related"] for one in ceremony["entries"] if one["related"]}),
        "fingerprint": fingerprint(ceremony["entries"]),
        "verdict": spoken(verdict.reason, lang) if isinstance(verdict, No) else "",
        "witnesses": [
            {name: one[name] for name in ("name", "commitment", "committed_at", "revealed_at")} for one in witnesses
        ],
        "commit": mine is not None and not mine["commitment"] and not known,
        "reveal": mine is not None and may_reveal and not mine["revealed_at"],
        "shortest": SHORTEST,
        "keepers": [
            {
                "layer": one["layer"],
                "what": spoken(PAIRS[one["layer"]], lang),
                "name": one["name"],
                "keyed_at": one["keyed_at"],
                "mine": one["account"] == me.account and not one["keyed_at"],
            }
            for one in keepers
        ],
        "passphrase": keys.SHORTEST,
    }


async def _hold(event: Facts, ceremony: Facts, lang: str, now: datetime) -> dict[str, str]:
    verdict = await may_draw(event, now)
    return {"why": spoken(verdict.reason, lang) if isinstance(verdict, No) else "", "naming": ceremony["naming"]}


def _version(drawn: Facts, competition: Facts, event: Facts) -> dict[str, Any]:
    told = drawn["way"] == "ceremony" or event["state"] in PUBLIC
    record = f"/c/{competition['slug']}/draw/{event['code']}/record.json?version={drawn['version']}"
    names = ("version", "way", "algorithm", "at", "public", "seed", "withdrawn")
    return {**{name: drawn[name] for name in names}, "record": record if told else ""}


async def _places(event: Facts) -> list[dict[str, Any]]:
    """Who works where, for the call list; never under which code."""
    query = Place.select(
        Place.entry.as_alias("entry"),
        Place.position,
        Place.shift,
        Place.station,
        Place.entry.number.as_alias("number"),
        Place.entry.delegation.name.as_alias("delegation"),
    )
    rows = await query.where(Place.event == event["id"]).order_by(Place.position)
    names: dict[Any, list[str]] = {}
    members = Member.select(Member.entry, Member.person.name.as_alias("name"))
    for one in await members.where(Member.event == event["id"]).order_by(Member.position):
        names.setdefault(one["entry"], []).append(one["name"])
    return [{**row, "names": names.get(row["entry"], [])} for row in rows]


async def _layers(event: Facts, me: Actor, supervises: bool, lang: str) -> list[dict[str, Any]]:
    rows = await layers_of(event["id"])
    following = next((one["layer"] for one in rows if one["opened_at"] is None), None)
    sealed = event["state"] == "sealed"
    return [
        {
            "layer": one["layer"],
            "name": spoken(NAMES[one["layer"]], lang),
            "what": spoken(PAIRS[one["layer"]], lang),
            "keeper": one["name"],
            "opened_at": one["opened_at"],
            "mine": one["account"] == me.account and event["id"] not in me.seats,
            "open": sealed and supervises and one["layer"] == following and one["account"] != me.account,
            "escrow": bool(one["escrow"]),
        }
        for one in rows
    ]


async def _again(event: Facts, me: Actor, supervises: bool) -> dict[str, Any]:
    asked: Sequence[Facts] = await redraws_of(event["id"])
    answered_by = {one["answered_by"] for one in asked if one["answered_by"]}
    rows = (
        await Account.select(Account.id, Account.name).where(Account.id.is_in(list(answered_by))) if answered_by else []
    )
    names = {row["id"]: row["name"] for row in rows}
    waiting = next((one for one in asked if not one["answer"]), None)
    drawn = event["state"] == "drawn"
    return {
        "ask": drawn and supervises and waiting is None,
        "answer": drawn and waiting is not None and waiting["asked_by"] != me.account,
        "waiting": waiting,
        "asked": [{**one, "answered_name": names.get(one["answered_by"], "")} for one in asked if one["answer"]],
    }


ROUTES = Router("/", route_handlers=[draw_page])
