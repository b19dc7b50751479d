"""The JSON API between a tablet and the server beside marks: pairing, being seen, signing in with a PIN, and signatures.

A paired tablet shows its secret in the header `x-podium-device`; that alone opens nothing but the door at which a PIN is
asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Router, post
from litestar.params import JSONBody
from litestar.response import Response

from scoring.verdict import Words
from server.access import any_judge, everyone
from server.errors import Refusal
from server.marks import devices
from server.marks.http import OTHER_JUDGE, Answers
from server.marks.signature_ledger import MOST, NewSignature, store_signatures
from server.people.http import session_cookie
from server.people.pin_box import public_key
from server.people.pins import ROUNDS, choose_pin, pin_of
from server.settings import Settings

SHOWS = "x-podium-device"
Text = Annotated[str, msgspec.Meta(max_length=200)]
Pin = Annotated[str, msgspec.Meta(max_length=20)]


class Pairing(msgspec.Struct, forbid_unknown_fields=True):
    """The code that the office shows."""

    code: Text


class Paired(msgspec.Struct):
    """Who a tablet is from now on."""

    id: UUID
    secret: str
    number: int
    event: str
    name: str
    name_en: str


class Seen(msgspec.Struct, forbid_unknown_fields=True):
    """What a tablet tells of itself every minute; `battery` in per cent, where the browser tells it; `oldest` of what is unsent."""

    version: Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")]
    unsent: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    battery: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    charging: bool | None = None
    oldest: Annotated[str, msgspec.Meta(pattern="^([0-7][0-9A-HJKMNP-TV-Z]{25})?$")] = ""


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """The word in a badge's code or the code of a seat, and the PIN."""

    who: Text
    pin: Pin


class NewPin(msgspec.Struct, forbid_unknown_fields=True):
    """The PIN from now on, and the one before when there is one."""

    pin: Pin
    before: Pin = ""


async def pin_facts(settings: Settings, account: UUID | None) -> dict[str, Any]:
    """What a tablet has to know to take its judge's PIN without a network; without `salt` there is none yet."""
    row = await pin_of(account)
    known = {"salt": bytes(row["salt"]).hex(), "checking": row["checking"]} if row else {}
    return {"key": public_key(settings), "rounds": ROUNDS, **known}


@post("/api/tablet/pair", opt={"access": everyone}, status_code=200)
async def post_pair(request: Request[Any, Any, Any], data: JSONBody[Pairing]) -> Paired:
    """Pair this tablet with the event that the code is for."""
    made = await devices.pair(data.code, request.headers.get(SHOWS, ""), datetime.now(UTC))
    return Paired(made.id, made.secret, made.number, made.event["code"], made.event["name"], made.event["name_en"])


@post("/api/tablet/seen", opt={"access": everyone}, status_code=200)
async def post_seen(request: Request[Any, Any, Any], data: JSONBody[Seen]) -> dict[str, int]:
    """Tell that this tablet is there, with which app, how much unsent and how much battery."""
    told = devices.Told(data.version, data.unsent, data.battery, data.charging, data.oldest)
    device = await devices.seen(request.headers.get(SHOWS, ""), told, request.user.account, datetime.now(UTC))
    return {"number": device["number"]}


@post("/api/tablet/session", opt={"access": everyone}, status_code=200)
async def post_session(request: Request[Any, Any, Any], data: JSONBody[SignIn]) -> Response[dict[str, str]]:
    """Sign a judge in on this paired tablet."""
    shown, sealer = request.headers.get(SHOWS, ""), request.app.state.sealer
    token = await devices.sign_in_here(shown, data.who, data.pin, sealer, datetime.now(UTC))
    return Response({"status": "signed-in"}, cookies=[session_cookie(request, token)])


@post("/api/tablet/pin", opt={"access": any_judge}, status_code=200)
async def post_pin(request: Request[Any, Any, Any], data: JSONBody[NewPin]) -> dict[str, str]:
    """Choose a PIN, or another one."""
    await choose_pin(request.user, data.pin, data.before, datetime.now(UTC))
    return {"status": "chosen"}


@post("/api/signatures", opt={"access": any_judge}, status_code=200)
async def post_signatures(request: Request[Any, Any, Any], data: JSONBody[list[NewSignature]]) -> Answers:
    """Store 1 to 20 signatures. One is safe once its answer says stored or duplicate."""
    if not 1 <= len(data) <= MOST:
        words = Words(f"一次发送 1 到 {MOST} 个签字。", f"Send 1 to {MOST} signatures at a time.")
        raise Refusal("signatures.how-many", words, status=422)
    state, me = request.app.state, str(request.user.account)
    if request.headers.get("x-podium-judge", me) != me:
        raise OTHER_JUDGE
    return Answers(await store_signatures(data, request.user, state.settings, state.sealer, datetime.now(UTC)))


ROUTES = Router("/", route_handlers=[post_pair, post_seen, post_session, post_pin, post_signatures])
