"""The keys that sign certificates and credentials: made at first use, sealed in the database, never thrown away.

The newest of each kind signs and all verify, so that a change of keys overlaps: what an older key signed stays genuine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from certificates.integrity import IssuerKey
from certificates.keys import Key
from server.database.piccolo_conf import DB
from server.database.tables import CredentialKey, Serial, SigningKey
from server.sealing import Sealer

LOCK = "signing-key"


async def signing_key(sealer: Sealer, name: str, at: datetime) -> Key:
    """The newest key for files; made when there is none yet, once, however many machines ask."""
    async with DB.transaction():
        await _locked()
        row = await SigningKey.select().order_by(SigningKey.created, ascending=False).first()
        if row is None:
            key = await _new_signing_key(sealer, name, at)
        else:
            key = Key.from_pem(sealer.open(row["sealed"], f"key:{row['id']}").encode())
    return key


async def credential_key(sealer: Sealer, at: datetime) -> IssuerKey:
    """The newest key for credentials; made like the other."""
    async with DB.transaction():
        await _locked()
        row = await CredentialKey.select().order_by(CredentialKey.created, ascending=False).first()
        if row is None:
            key = await _new_credential_key(sealer, at)
        else:
            key = IssuerKey.from_secret(sealer.open_bytes(row["sealed"], f"credential-key:{row['id']}"))
    return key


async def rotate(sealer: Sealer, name: str, at: datetime) -> None:
    """Two new keys, which sign from now on."""
    async with DB.transaction():
        await _locked()
        await _new_signing_key(sealer, name, at)
        await _new_credential_key(sealer, at)


async def trusted() -> list[bytes]:
    """The certificates of every key that ever signed files here, in PEM."""
    return [row["certificate"].encode() for row in await SigningKey.select(SigningKey.certificate)]


async def trusted_for_credentials() -> dict[str, IssuerKey]:
    """The public half of every key that ever signed credentials here, by its Multikey; the newest first."""
    rows = await CredentialKey.select(CredentialKey.id).order_by(CredentialKey.created, ascending=False)
    return {row["id"]: IssuerKey.from_multikey(row["id"]) for row in rows}


async def listed() -> list[Mapping[str, Any]]:
    """Every key by its fingerprint or public form and when it was made; the first of its kind signs."""
    files = await SigningKey.select(SigningKey.id, SigningKey.created).order_by(SigningKey.created, ascending=False)
    others = CredentialKey.select(CredentialKey.id, CredentialKey.created)
    credentials = await others.order_by(CredentialKey.created, ascending=False)
    return [
        {"kind": kind, "id": row["id"], "created": row["created"], "signs": place == 0}
        for kind, rows in (("file", files), ("credential", credentials))
        for place, row in enumerate(rows)
    ]


async def _locked() -> None:
    await Serial.insert(Serial(id=LOCK, following=1)).on_conflict(action="DO NOTHING")
    await Serial.select().where(Serial.id == LOCK).lock_rows().first()


async def _new_signing_key(sealer: Sealer, name: str, at: datetime) -> Key:
    key = Key.create(name, at)
    id = key.fingerprint
    sealed = sealer.seal(key.to_pem().decode(), f"key:{id}")
    await SigningKey.insert(SigningKey(id=id, certificate=key.certificate_pem.decode(), sealed=sealed, created=at))
    return key


async def _new_credential_key(sealer: Sealer, at: datetime) -> IssuerKey:
    key = IssuerKey.create()
    sealed = sealer.seal_bytes(key.secret, f"credential-key:{key.multikey}")
    await CredentialKey.insert(CredentialKey(id=key.multikey, sealed=sealed, created=at))
    return key
