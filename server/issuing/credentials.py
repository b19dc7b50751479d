"""Credentials of the certificates that are issued, the issuer's DID document, and the status lists.

A credential is made with its certificate, in the same transaction, and kept as it was signed. Whether it still holds is
not in it: the status list says so, made anew each time it is asked for, and only for a day.
"""

from __future__ import annotations

import base64
import gzip
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from certificates.certificate import Certificate as Paper
from certificates.codes import code
from certificates.credential import CREDENTIALS, LIST_LENGTH, Issuer, credential, did_of, secured
from certificates.integrity import IssuerKey
from certificates.keys import Key
from server.database.tables import Certificate, Revocation
from server.issuing.keys import code_key, credential_key, trusted_for_credentials
from server.sealing import Sealer

LASTS = timedelta(days=1)
"""A list is not to be believed for longer, so that a copy of an old one cannot hide a revocation."""
MOST_LISTS = 2**40
STATUSES = "credential-status"
SAID = ("name", "number", "score", "rank", "award", "level")
"""What is on the paper and in the credential alike."""


@dataclass(frozen=True, slots=True)
class Attestor:
    """Writes credentials and codes in one transaction: in whose name, with which keys, when."""

    issuer: Issuer
    key: IssuerKey
    at: datetime
    signer: Key

    def credential(self, paper: Paper, index: int) -> str:
        return credential(paper, self.issuer, self.key, self.at, index)

    def code(self, paper: Paper) -> str:
        """What its QR code says by itself."""
        return code(paper, self.signer)


async def attestor(paper: Paper, base_url: str, sealer: Sealer, at: datetime) -> Attestor:
    """Who writes the credential of this paper and of those beside it: the first of the organisations that sign."""
    name = paper.organisations[0].name.replace("|", "")
    keys = await credential_key(sealer, at), await code_key(sealer, name, at)
    return Attestor(Issuer(name, base_url.rstrip("/")), keys[0], at, keys[1])


async def did_document(base_url: str) -> dict[str, Any]:
    """Who signs here, with every key that ever did (W3C DID Core 1.0; did:web)."""
    did = did_of(base_url.rstrip("/"))
    keys = await trusted_for_credentials()
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {"id": f"{did}#{key}", "type": "Multikey", "controller": did, "publicKeyMultibase": key} for key in keys
        ],
        "assertionMethod": [f"{did}#{key}" for key in keys],
    }


async def status_list(number: int, base_url: str, sealer: Sealer, at: datetime) -> dict[str, Any] | None:
    """Which credentials of a list are revoked (W3C Bitstring Status List 1.0); nothing when no credential is in it."""
    if number >= MOST_LISTS:
        return None
    first, after = number * LIST_LENGTH, (number + 1) * LIST_LENGTH
    in_it = (Certificate.status_index >= first) & (Certificate.status_index < after)
    if not await Certificate.exists().where(in_it):
        return None
    of_it = Revocation.certificate.status_index
    rows = await Revocation.select(of_it.as_alias("index")).where((of_it >= first) & (of_it < after))
    bits = bytearray(LIST_LENGTH // 8)
    for row in rows:
        place, bit = divmod(row["index"] - first, 8)
        bits[place] |= 0x80 >> bit  # the first bit is the leftmost (§2.1)
    site, when = base_url.rstrip("/"), at.astimezone(UTC)
    return secured(listed(f"{site}/status/{number}", did_of(site), bytes(bits), when), did_of(site),
                   await credential_key(sealer, at), when)  # fmt: skip


def listed(address: str, did: str, bits: bytes, at: datetime) -> dict[str, Any]:
    packed = base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).decode().rstrip("=")
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "validUntil": f"{at + LASTS:%Y-%m-%dT%H:%M:%SZ}",
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{packed}",
        },
    }
