"""The page of the keys that sign: what they are and have signed, the time-stamp authority, and changing them.

Keys are the installation's. Whoever issues with them may look, and counts their own certificates; changing them is for a
superuser, to the password and a reason, and stands in the raw tables' trail.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Response

from admin import desk
from admin.pages import Upload
from admin.setup import Form, refusal_of
from scoring.verdict import Words, Yes
from server import settings
from server.access import Scope, reads_keys, superuser
from server.errors import Refusal
from server.issuing import keys
from server.issuing.key_keeping import LARGEST, PLACES, bring_file, changes, rotate_keys, signed_by
from server.people.flow import has_password
from server.settings import Authority, roots_in
from server.superuser import LONGEST_REASON
from server.web.page import Web, lang_of, page, spoken

HERE = desk.SIGNING_KEYS
SOON = timedelta(days=60)
"""So long before a key's certificate ends it is said."""
GROUP = 4
DONE = {
    "rotated": Words("新密钥从现在起签名；旧密钥签过的仍然有效。", "New keys sign from now on; what the old ones signed stays genuine."),
    "brought": Words("这把密钥从现在起签证书文件。", "This key signs files from now on."),
}  # fmt: skip


@get(HERE, opt={"access": reads_keys}, include_in_schema=False)
async def keys_page(request: Web) -> Response[str]:
    """The keys, newest first, and what may be done about them."""
    return await _page(request)


@post(f"{HERE}/rotate", opt={"access": superuser}, include_in_schema=False)
async def rotate(request: Web, data: Form) -> Response[Any]:
    """New keys from now on."""
    reason, now = data.get("reason", ""), datetime.now(UTC)
    try:
        await rotate_keys(request.user, data.get("password", ""), reason, request.app.state.sealer, now)
    except Refusal as refusal:
        return await _page(request, refusal, {"rotate": reason})
    return Redirect(f"{HERE}?done=rotated", status_code=303)


@post(
    f"{HERE}/bring", opt={"access": superuser}, include_in_schema=False, request_max_body_size=LARGEST + 100_000
)  # fmt: skip
async def bring(request: Web, data: Upload) -> Response[Any]:
    """A key out of a PKCS#12 file from now on."""
    file, now = data.get("file"), datetime.now(UTC)
    content = await file.read(LARGEST + 1) if isinstance(file, UploadFile) else b""
    password, reason, phrase = (str(data.get(name, "")) for name in ("password", "reason", "passphrase"))
    try:
        await bring_file(request.user, password, reason, content, phrase, request.app.state.sealer, now)
    except Refusal as refusal:
        return await _page(request, refusal, {"bring": reason})
    return Redirect(f"{HERE}?done=brought", status_code=303)


async def _page(request: Web, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None) -> Response[str]:
    lang, now, actor, told = lang_of(request), datetime.now(UTC), request.user, request.app.state.settings
    keeper = isinstance(superuser(actor, Scope()), Yes)
    signed = await signed_by(None if keeper else actor.organisers)
    done = DONE.get(request.query_params.get("done", "")) if request.method == "GET" else None
    rail = desk.rail(None, "signing-keys", None, lang, sets_up=bool(actor.organisers), keys=keeper)
    return page(
        request,
        "office/signing_keys.html",
        refusal.status if refusal else 200,
        desk=desk.with_raw(rail, lang) if keeper else rail,
        said={"what": spoken(done, lang)} if done else None,
        problem=refusal_of(refusal, lang),
        keys=[_key(row, signed, now, lang) for row in await keys.listed()],
        unknown=signed.get("", 0),
        keeper=keeper,
        password=await has_password(actor.account) if keeper else False,
        stamps=_stamps(told.authority),
        pin=bool(told.token_pin),
        typed={"rotate": "", "bring": "", **(typed or {})},
        longest=LONGEST_REASON,
        largest=LARGEST // 1000,
        changes=[_change(row, lang) for row in await changes()] if keeper else [],
    )


def _key(row: Mapping[str, Any], signed: Mapping[str, int], now: datetime, lang: str) -> dict[str, Any]:
    until = row.get("until")
    return {
        "kind": row["kind"],
        "signs": row["signs"],
        "codes": row.get("codes", False),
        "algorithm": row.get("algorithm", "Ed25519"),
        "from": row["from"].isoformat() if until else "",
        "until": until.isoformat() if until else "",
        "ends": "" if not until else "over" if until < now else "soon" if row["signs"] and until < now + SOON else "",
        "since": row["created"].isoformat(),
        "place": spoken(PLACES[row.get("place", "here")], lang),
        "whose": row.get("name", ""),
        "id": row["id"],
        "mark": grouped(row["id"]) if row["kind"] == "file" else row["id"],
        "signed": signed.get(row["id"], 0),
    }


def grouped(fingerprint: str) -> str:
    """A fingerprint as two people compare it on the telephone."""
    return " ".join(fingerprint[at : at + GROUP] for at in range(0, len(fingerprint), GROUP))


def _stamps(authority: Authority | None) -> dict[str, Any] | None:
    if authority is None:
        return None
    roots = [
        {
            "name": ", ".join(str(one.value) for one in root.subject.get_attributes_for_oid(NameOID.COMMON_NAME))
            or root.subject.rfc4514_string(),
            "until": root.not_valid_after_utc.isoformat(),
            "mark": grouped(root.fingerprint(SHA256()).hex()),
        }
        for root in roots_in(authority.trust)
    ]
    return {"url": settings.shown(authority.url), "level": "LTA" if authority.archival else "LT", "roots": roots}


def _change(row: Mapping[str, Any], lang: str) -> dict[str, str]:
    return {
        "kind": row["kind"].removeprefix("keys."),
        "by": row["actor_name"],
        "machine": not row["actor"],
        "at": row["at"].isoformat(),
        "reason": row["reason"],
        "mark": grouped(row["data"]["files"])[:19],
    }


ROUTES = Router("/", route_handlers=[keys_page, rotate, bring])
