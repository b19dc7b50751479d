"""The JSON API of verification."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath

from server.access import everyone
from server.verification.flow import LARGEST_FILE, Verification, by_file, by_number, by_token

SHOWN = ("number", "name", "competition", "event", "award", "rank", "score", "date", "promotion")


def as_data(found: Verification) -> dict[str, Any]:
    """A verification as JSON: what was checked, and what the paper says where it may be shown."""
    return {
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


@get("/api/verify/{number:str}", opt={"access": everyone})
async def get_verify(number: FromPath[str]) -> dict[str, Any]:
    """Verify by the number on the paper; the holder's name is masked."""
    return as_data(await by_number(number, datetime.now(UTC)))


@get("/api/verify/code/{token:str}", opt={"access": everyone})
async def get_verify_code(token: FromPath[str]) -> dict[str, Any]:
    """Verify by what the QR code says."""
    return as_data(await by_token(token, datetime.now(UTC)))


@post("/api/verify", opt={"access": everyone, "exclude_from_csrf": True}, status_code=200)
async def post_verify(data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)]) -> dict[str, Any]:
    """Verify a PDF; it is read and forgotten."""
    return as_data(await by_file(await data.read(LARGEST_FILE + 1), datetime.now(UTC)))


ROUTES = Router("/", route_handlers=[get_verify, get_verify_code, post_verify])
