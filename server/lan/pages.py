"""How a tablet comes to trust this machine: the steps, the authority to install, and the app's address as codes to scan."""

from __future__ import annotations

import segno
from litestar import Router, get
from litestar.response import Redirect, Response

from scoring.verdict import Words
from server.access import everyone
from server.errors import Refusal
from server.lan.venue import NAME, Venue
from server.web.page import Web, page

OFF = Refusal(
    "lan.off",
    Words("此服务器没有为赛场局域网启动。", "This server was not started for a hall's network."),
    Words("请用 podium serve --lan 启动。", "Start it with podium serve --lan."),
    status=404,
)


@get("/lan", opt={"access": everyone}, include_in_schema=False)
async def steps(request: Web) -> Response[str]:
    """The three steps, also on paper; over HTTPS it says that this device trusts the machine already."""
    venue = _venue(request)
    sites = [{"app": f"{site}/tablet", "code": _code(f"{site}/tablet")} for site in venue.sites()]
    return page(
        request,
        "public/lan.html",
        trusted=request.url.scheme == "https",
        hall={"page": venue.page(), "code": _code(venue.page()), "fingerprint": venue.authority.fingerprint},
        sites=sites,
        name=NAME if venue.announced else "",
        uncovered=[address for address in venue.addresses if address not in venue.covered],
    )


@get("/lan/podium.crt", opt={"access": everyone}, include_in_schema=False)
async def certificate(request: Web) -> Response[bytes]:
    """The authority as every system takes it: one certificate, DER."""
    headers = {"content-disposition": 'attachment; filename="podium.crt"', "cache-control": "no-store"}
    return Response(_venue(request).authority.der, media_type="application/x-x509-ca-cert", headers=headers)


@get("/lan/app", opt={"access": everyone}, include_in_schema=False)
async def app(request: Web) -> Redirect:
    """The app under the best address there is now."""
    return Redirect(next((f"{site}/tablet" for site in _venue(request).sites()), "/lan"), status_code=303)


def _venue(request: Web) -> Venue:
    venue: Venue | None = request.app.state.venue
    if venue is None:
        raise OFF
    return venue


def _code(address: str) -> str:
    return str(segno.make_qr(address, error="m").svg_data_uri(scale=8, border=2, dark="#111"))


ROUTES = Router("/", route_handlers=[steps, certificate, app])
