"""The keys that sign certificates: made at first use, sealed in the database, never thrown away."""

from __future__ import annotations

from datetime import datetime

from certificates.signing import Key
from server.database.piccolo_conf import DB
from server.database.tables import Serial, SigningKey
from server.sealing import Sealer

LOCK = "signing-key"


async def signing_key(sealer: Sealer, name: str, at: datetime) -> Key:
    """The newest key; made when there is none yet, once, however many machines ask."""
    async with DB.transaction():
        await Serial.insert(Serial(id=LOCK, following=1)).on_conflict(action="DO NOTHING")
        await Serial.select().where(Serial.id == LOCK).lock_rows().first()
        row = await SigningKey.select().order_by(SigningKey.created, ascending=False).first()
        if row:
            return Key.from_pem(sealer.open(row["sealed"], f"key:{row['id']}").encode())
        key = Key.create(name, at)
        id = key.fingerprint
        sealed = sealer.seal(key.to_pem().decode(), f"key:{id}")
        await SigningKey.insert(SigningKey(id=id, certificate=key.certificate_pem.decode(), sealed=sealed, created=at))
    return key


async def trusted() -> list[bytes]:
    """The certificates of every key that ever signed here, in PEM."""
    return [row["certificate"].encode() for row in await SigningKey.select(SigningKey.certificate)]
