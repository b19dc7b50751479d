"""What is done on the office's page of a draw: each act is one form, and comes back to the page with what it did."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Router, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Response

from admin.draw import shown
from scoring.blind_draw import LAYERS
from scoring.verdict import Problems, Words
from server.access import office, organiser, supervisor
from server.draw.announcing import Plan, announce
from server.draw.ceremony import commit, reveal, withdraw
from server.draw.custodians import take_key
from server.draw.layers import NAMES, layers_of, open_layer, pairs_for_supervisor, read_layer
from server.draw.redraw import answer, ask_again
from server.errors import Refusal
from server.issuing.pressing import paper_in_a_press
from server.results.pages import name_of
from server.signs import number_in
from server.web.page import Web, lang_of, spoken

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
PATH = "/office/{slug:str}/events/{code:str}/draw"
DIFFERENT = Refusal(
    "custody.different",
    Words("两次输入的口令不一样。", "The passphrase was not the same both times."),
    status=422,
)


@post(f"{PATH}/announce", opt={"access": organiser}, include_in_schema=False)
async def post_announce(request: Web, data: Form) -> Response[Any]:
    """Announce the draw."""
    try:
        plan = plan_of(data, request.state.scope.competition["time_zone"])
        await announce(request.state.scope.event, plan, request.app.state.sealer, request.user, datetime.now(UTC))
    except (Refusal, Problems) as refusal:
        return await _refused(request, refusal, data)
    return _back(request)


def plan_of(data: Mapping[str, str], zone: str) -> Plan:
    """The announcement as it was typed, its hour in the competition's time zone. Raises Refusal `draw.hour` or `draw.shifts`."""
    try:
        known = datetime.fromisoformat(data.get("known_at", "")).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise Refusal(
            "draw.hour",
            Words("请写明公开字符串何时产生。", "Say when the public string becomes known."),
            status=422,
        ) from None
    shifts = number_in(data.get("shifts", "").strip() or "0")
    if shifts is None:
        raise Refusal("draw.shifts", Words("场次应为整数。", "The number of shifts is a whole number."), status=422)
    keepers = {layer: UUID(data[layer]) for layer in LAYERS if _is_id(data.get(layer, ""))}
    return Plan(
        naming=data.get("naming", ""),
        known_at=known,
        witnesses=[UUID(name[8:]) for name in data if name.startswith("witness-") and _is_id(name[8:])],
        shifts=shifts,
        related=data.get("related", ""),
        custodians=keepers if data.get("custody") else {},
        escrow=bool(data.get("custody") and data.get("escrow")),
    )


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


@post(f"{PATH}/commit", opt={"access": supervisor}, include_in_schema=False)
async def post_commit(request: Web, data: Form) -> Response[Any]:
    """A supervisor commits."""
    words, given = data.get("words", ""), data.get("hash", "")
    return await _done(request, commit(request.state.scope.event, words, given, request.user, datetime.now(UTC)))


@post(f"{PATH}/reveal", opt={"access": supervisor}, include_in_schema=False)
async def post_reveal(request: Web, data: Form) -> Response[Any]:
    """A supervisor reveals."""
    return await _done(
        request, reveal(request.state.scope.event, data.get("words", ""), request.user, datetime.now(UTC))
    )


@post(f"{PATH}/withdraw", opt={"access": organiser}, include_in_schema=False)
async def post_withdraw(request: Web, data: Form) -> Response[Any]:
    """Take back an announced draw."""
    reason = data.get("reason", "")
    return await _done(request, withdraw(request.state.scope.event, reason, request.user, datetime.now(UTC)))


@post(f"{PATH}/again", opt={"access": supervisor}, include_in_schema=False)
async def post_again(request: Web, data: Form) -> Response[Any]:
    """A supervisor asks for the draw to be held again."""
    reason = data.get("reason", "")
    return await _done(request, ask_again(request.state.scope.event, reason, request.user, datetime.now(UTC)))


@post(f"{PATH}/answer", opt={"access": office}, include_in_schema=False)
async def post_answer(request: Web, data: Form) -> Response[Any]:
    """A second person grants or refuses it."""
    grant = data.get("grant") == "yes"
    return await _done(request, answer(request.state.scope.event, grant, request.user, datetime.now(UTC)))


@post(f"{PATH}/key", opt={"access": office}, include_in_schema=False)
async def post_key(request: Web, data: Form) -> Response[Any]:
    """A custodian chooses the passphrase of their layer."""
    passphrase, layer = data.get("passphrase", ""), data.get("layer", "")
    if passphrase != data.get("again", ""):
        return await _refused(request, DIFFERENT)
    event, sealer = request.state.scope.event, request.app.state.sealer
    return await _done(request, take_key(event, layer, passphrase, sealer, request.user, datetime.now(UTC)))


@post(f"{PATH}/open", opt={"access": supervisor}, include_in_schema=False)
async def post_open(request: Web, data: Form) -> Response[Any]:
    """A supervisor opens the next layer with its custodian."""
    event, sealer = request.state.scope.event, request.app.state.sealer
    layer, passphrase, reason = (data.get(name, "") for name in ("layer", "passphrase", "reason"))
    now = datetime.now(UTC)
    return await _done(request, open_layer(event, layer, passphrase, reason, sealer, request.user, now))


@post(f"{PATH}/envelopes", opt={"access": office}, include_in_schema=False)
async def post_envelopes(request: Web, data: Form) -> Response[Any]:
    """The envelopes of one layer: for its custodian, or for a supervisor where no custodian keeps it."""
    scope, layer, now = request.state.scope, data.get("layer", ""), datetime.now(UTC)
    try:
        if await layers_of(scope.event["id"]):
            pairs = await read_layer(scope.event, layer, data.get("passphrase", ""), request.user, now)
        else:
            pairs = await pairs_for_supervisor(scope.event, layer, request.user, now)
    except Refusal as refusal:
        return await _refused(request, refusal)
    lang = lang_of(request)
    heading = [name_of(scope.competition, lang), f"{name_of(scope.event, lang)} · {scope.event['code']}"]
    loop, sides = asyncio.get_running_loop(), [(left, right) for left, right in pairs]
    try:
        pdf = await loop.run_in_executor(
            request.app.state.presses,
            paper_in_a_press,
            "envelopes",
            "printed",
            heading,
            spoken(NAMES[layer], lang),
            sides,
            lang,
        )
    except ValueError as missing:
        return await _refused(request, _unprintable(str(missing)))
    name = f"{scope.competition['slug']}-{scope.event['code']}-{layer}.pdf"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _unprintable(characters: str) -> Refusal:
    return Refusal(
        "envelopes.unprintable",
        Words(
            f"竞赛或赛项名称里有印不出的字：{characters}", f"A name has characters that cannot be printed: {characters}"
        ),
        status=422,
    )


async def _done(request: Web, act: Awaitable[object]) -> Response[Any]:
    try:
        await act
    except Refusal as refusal:
        return await _refused(request, refusal)
    return _back(request)


def _back(request: Web) -> Redirect:
    scope = request.state.scope
    return Redirect(f"/office/{scope.competition['slug']}/events/{scope.event['code']}/draw", status_code=303)


async def _refused(request: Web, refusal: Refusal | Problems, typed: Mapping[str, str] | None = None) -> Response[str]:
    lang = lang_of(request)
    if isinstance(refusal, Problems):
        first = refusal.problems[0]
        said = {"what": spoken(first.words, lang), "mend": spoken(first.mend, lang), "bad": True}
        return await shown(request, 422, said, typed)
    said = {"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang), "bad": True}
    return await shown(request, refusal.status, said, typed)


ROUTES = Router(
    "/",
    route_handlers=[
        *(post_announce, post_commit, post_reveal, post_withdraw, post_again),
        *(post_answer, post_key, post_open, post_envelopes),
    ],
)
