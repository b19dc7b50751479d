"""The keys that sign certificates and credentials: made at first use, sealed in the database, never thrown away.

The newest of each kind signs and all verify, so that a change of keys overlaps: what an older key signed stays genuine.
A key for files may also be brought, in a file or in a token. QR codes have room for P-256 only, and are signed while
numbers are given, when no token may be waited for: theirs is always the newest that was made here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate

from certificates.integrity import IssuerKey
from certificates.keys import Key, Token, algorithm_of, pem_of
from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import CredentialKey, Organiser, Serial, SigningKey, StampAuthority
from server.errors import Refusal
from server.sealing import Sealer
from server.settings import roots_in
from server.superuser import MACHINE, record

LOCK = "signing-key"
AFTER = timedelta(microseconds=1)


async def signing_key(sealer: Sealer, name: str, at: datetime, pin: str = "") -> Key | Token:
    """The newest key for files; made when there is none yet, once, however many machines ask. `pin` opens a token."""
    async with DB.transaction():
        await _locked()
        row = await SigningKey.select().order_by(SigningKey.created, ascending=False).first()
        if row is None:
            key: Key | Token = await _new_signing_key(sealer, name, at)
        else:
            key = _opened(row, sealer, pin)
    return key


async def code_key(sealer: Sealer, name: str, at: datetime) -> Key:
    """The newest key that was made here, for QR codes; made when there is none yet."""
    async with DB.transaction():
        await _locked()
        of_it = SigningKey.select().where(SigningKey.place == "here")
        row = await of_it.order_by(SigningKey.created, ascending=False).first()
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


async def rotate(sealer: Sealer, name: str, at: datetime, by: Actor = MACHINE, reason: str = "") -> None:
    """Two new keys, which sign from now on; who made them and why is a row of the raw tables' trail."""
    async with DB.transaction():
        await _locked()
        files, credentials = await _new_signing_key(sealer, name, at), await _new_credential_key(sealer, at)
        made = {"files": files.fingerprint, "credentials": credentials.multikey}
        await record(by, "keys.rotated", at, reason=reason, data=made)


async def bring(
    key: Key | Token, sealer: Sealer, name: str, at: datetime, by: Actor = MACHINE, reason: str = ""
) -> None:
    """A key that somebody brought signs files from now on; who and why is a row of the raw tables' trail.

    Raises Refusal `keys.known` where it is on record already.
    """
    await code_key(sealer, name, at)  # which must be older: the newest key signs files
    if isinstance(key, Key):
        secret, place, chain = key.to_pem().decode(), "file", pem_of(key.chain)
    else:
        where = {"library": key.library, "label": key.label, "key": key.key}
        secret, place = json.dumps(where), "token"
        chain = key.certificates.removeprefix(key.certificate_pem)
    async with DB.transaction():
        await _locked()
        if await SigningKey.exists().where(SigningKey.id == key.fingerprint):
            words = Words("这把密钥已经登记过。", "This key is on record already.")
            raise Refusal("keys.known", words, Words("请换一把新密钥。", "Bring another one."))
        await _keep(key, chain, place, secret, sealer, at + AFTER)
        await record(by, "keys.brought", at, reason=reason, data={"files": key.fingerprint, "place": place})


async def namesake() -> str:
    """In whose name the installation's own keys are made."""
    first = await Organiser.select(Organiser.name).order_by(Organiser.id).first()
    return str(first["name"]) if first else "Podium"


async def believe(trust: bytes, at: datetime) -> None:
    """Keep the roots by which time stamps are believed from now on, for good."""
    for one in roots_in(trust):
        id, pem = one.fingerprint(SHA256()).hex(), pem_of((one,)).decode()
        row = StampAuthority(id=id, certificate=pem, created=at)
        await StampAuthority.insert(row).on_conflict(action="DO NOTHING")


async def authorities() -> bytes:
    """The roots of every authority that ever stamped here, in PEM."""
    return b"".join(row["certificate"].encode() for row in await StampAuthority.select(StampAuthority.certificate))


async def trusted() -> list[bytes]:
    """The certificates of every key that ever signed files here, in PEM."""
    return [row["certificate"].encode() for row in await SigningKey.select(SigningKey.certificate)]


async def trusted_for_credentials() -> dict[str, IssuerKey]:
    """The public half of every key that ever signed credentials here, by its Multikey; the newest first."""
    rows = await CredentialKey.select(CredentialKey.id).order_by(CredentialKey.created, ascending=False)
    return {row["id"]: IssuerKey.from_multikey(row["id"]) for row in rows}


async def listed() -> list[Mapping[str, Any]]:
    """Every key: what it signs, its fingerprint or public form, when it was made or brought, whether it signs now; of those
    for files also algorithm, validity, whose it is and where it is kept."""
    files = await SigningKey.select().order_by(SigningKey.created, ascending=False)
    query = CredentialKey.select(CredentialKey.id, CredentialKey.created)
    credentials = await query.order_by(CredentialKey.created, ascending=False)
    for_codes = next((row["id"] for row in files if row["place"] == "here"), "")
    return [
        *(
            {"kind": "file", "signs": n == 0, "codes": row["id"] == for_codes, **_told(row)}
            for n, row in enumerate(files)
        ),
        *({"kind": "credential", "signs": n == 0, **row} for n, row in enumerate(credentials)),
    ]


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    certificate = load_pem_x509_certificate(row["certificate"].encode())
    return {
        "id": row["id"], "created": row["created"], "place": row["place"], "algorithm": algorithm_of(certificate),
        "from": certificate.not_valid_before_utc, "until": certificate.not_valid_after_utc,
        "name": certificate.subject.rfc4514_string(),
    }  # fmt: skip


def _opened(row: Mapping[str, Any], sealer: Sealer, pin: str) -> Key | Token:
    secret = sealer.open(row["sealed"], f"key:{row['id']}")
    if row["place"] == "token":
        return Token(**json.loads(secret), certificates=(row["certificate"] + row["chain"]).encode(), pin=pin)
    return Key.from_pem(secret.encode())


async def _locked() -> None:
    await Serial.insert(Serial(id=LOCK, following=1)).on_conflict(action="DO NOTHING")
    await Serial.select().where(Serial.id == LOCK).lock_rows().first()


async def _new_signing_key(sealer: Sealer, name: str, at: datetime) -> Key:
    key = Key.create(name, at)
    await _keep(key, b"", "here", key.to_pem().decode(), sealer, at)
    return key


async def _keep(key: Key | Token, chain: bytes, place: str, secret: str, sealer: Sealer, at: datetime) -> None:
    id = key.fingerprint
    row = SigningKey(id=id, certificate=key.certificate_pem.decode(), chain=chain.decode(), place=place,
                     sealed=sealer.seal(secret, f"key:{id}"), created=at)  # fmt: skip
    await SigningKey.insert(row)


async def _new_credential_key(sealer: Sealer, at: datetime) -> IssuerKey:
    key = IssuerKey.create()
    sealed = sealer.seal_bytes(key.secret, f"credential-key:{key.multikey}")
    await CredentialKey.insert(CredentialKey(id=key.multikey, sealed=sealed, created=at))
    return key
