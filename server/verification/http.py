"""The JSON API of verification."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cryptography.x509 import load_pem_x509_certificate
from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from certificates.codes import published
from certificates.keys import algorithm_of
from scoring.verdict import Words
from server.access import everyone
from server.database.tables import Certificate
from server.errors import missing
from server.issuing.credentials import did_document, status_list
from server.issuing.keys import authorities, trusted, trusted_for_credentials
from server.pace import PACE
from server.uploads import OneFile
from server.verification.flow import LARGEST_FILE, Verification, by_file, by_token
from server.verification.named import by_number_and_name
from server.wire import Verified, said

VC, DID = "application/vc+json", "application/did+json"
OPEN = {"access-control-allow-origin": "*"}
"""Verifiers in other sites' pages may read what everybody may read."""
SHOWN = (
    "number", "kind", "title", "name", "competition", "event", "award", "honour", "occupation", "level", "skill", "role", "rank",
    "score", "team", "members", "date", "promotion",
)  # fmt: skip


def as_data(found: Verification) -> Verified:
    """A verification as JSON: what was checked, and what the paper says where it may be shown."""
    told = {
        "outcome": found.outcome,
        "number": found.number,
        "checked": found.checked,
        "checks": [
            {"id": check.id, "state": check.state, "zh": check.detail.zh, "en": check.detail.en}
            for check in found.checks
        ],
        "paper": {name: found.paper[name] for name in SHOWN if name in found.paper} if found.paper else None,
        "revoked": found.revoked,
    }
    return said(told, Verified)


@get("/api/verify/{number:str}", opt={"access": everyone}, middleware=[PACE])
async def get_verify(request: Request[Any, Any, Any], number: FromPath[str], name: FromQuery[str] = "") -> Verified:
    """Verify by the number on the paper and the name on it; without the name, the answer has it masked."""
    return as_data(await by_number_and_name(number, name, request.app.state.sealer, datetime.now(UTC)))


@get("/api/verify/code/{token:str}", opt={"access": everyone}, middleware=[PACE])
async def get_verify_code(token: FromPath[str]) -> Verified:
    """Verify by what the QR code says."""
    return as_data(await by_token(token, datetime.now(UTC)))


@post("/api/verify", opt={"access": everyone, "exclude_from_csrf": True}, status_code=200, middleware=[PACE])
async def post_verify(data: OneFile) -> Verified:
    """Verify a PDF, or a credential by itself; it is read and forgotten."""
    return as_data(await by_file(await data.data.read(LARGEST_FILE + 1), datetime.now(UTC)))


@get("/v/{token:str}/credential.json", opt={"access": everyone}, media_type=VC, middleware=[PACE])
async def get_credential(token: FromPath[str]) -> Response[str]:
    """The Open Badges 3.0 credential of the certificate that has this code, as it was signed."""
    row = await Certificate.select(Certificate.credential).where(Certificate.token == token).first()
    if row is None or not row["credential"]:
        raise missing(Words("这份数字凭证", "credential"))
    return Response(row["credential"], media_type=VC, headers=OPEN)


@get("/status/{number:int}", opt={"access": everyone}, media_type=VC)
async def get_status(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[dict[str, Any]]:
    """Which credentials of a list are revoked (W3C Bitstring Status List 1.0), for a day."""
    state = request.app.state
    found = await status_list(number, state.settings.base_url, state.sealer, datetime.now(UTC))
    if found is None:
        raise missing(Words("这份状态列表", "status list"))
    headers = {**OPEN, "cache-control": "public, max-age=300"}
    return Response(found, media_type=VC, headers=headers)


@get("/.well-known/did.json", opt={"access": everyone}, media_type=DID)
async def get_did(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """Who issues here, with every key that signs or signed credentials (did:web)."""
    document = await did_document(request.app.state.settings.base_url)
    return Response(document, media_type=DID, headers=OPEN)


@get("/.well-known/podium-keys.json", opt={"access": everyone})
async def get_keys() -> Response[dict[str, Any]]:
    """What `podium verify` needs to check files and credentials elsewhere: certificates in PEM, keys as Multikeys; and what
    a browser needs to check QR codes without a connection: the files' keys as points; and the roots of time-stamp authorities."""
    files = await trusted()
    told = {
        "files": [one.decode() for one in files],
        "credentials": list(await trusted_for_credentials()),
        "codes": [published(one) for one in files if algorithm_of(load_pem_x509_certificate(one)) == "P-256"],
        "authorities": (await authorities()).decode(),
    }
    return Response(told, headers=OPEN)


ROUTES = Router(
    "/", route_handlers=[get_verify, get_verify_code, post_verify, get_credential, get_status, get_did, get_keys]
)
