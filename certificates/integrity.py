"""Ed25519 keys of an issuer, and the `eddsa-rdfc-2022` proof (W3C Data Integrity EdDSA Cryptosuites 1.0 §3.2)."""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PUBLIC = b"\xed\x01"  # Multicodec's mark of an Ed25519 public key
SUITE = "eddsa-rdfc-2022"
SECURITY = "https://w3id.org/security#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
MOST_SIGNS = 200


class Unsound(ValueError):
    """A proof that does not hold; `rule` says why: `altered`, or `unknown-issuer`."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True)
class IssuerKey:
    """A key that signs credentials; `private` is missing where only the public half is known."""

    public: Ed25519PublicKey
    private: Ed25519PrivateKey | None = None

    @classmethod
    def create(cls) -> "IssuerKey":
        """A new key."""
        private = Ed25519PrivateKey.generate()
        return cls(private.public_key(), private)

    @classmethod
    def from_secret(cls, secret: bytes) -> "IssuerKey":
        """The key again, from its 32 secret bytes."""
        private = Ed25519PrivateKey.from_private_bytes(secret)
        return cls(private.public_key(), private)

    @classmethod
    def from_multikey(cls, multikey: str) -> "IssuerKey":
        """Raises ValueError when it is no Ed25519 key in its public form."""
        raw = from_multibase(multikey)
        if len(raw) != 34 or not raw.startswith(PUBLIC):
            raise ValueError("this is no Ed25519 key")
        return cls(Ed25519PublicKey.from_public_bytes(raw[2:]))

    @property
    def secret(self) -> bytes:
        """32 bytes, to be sealed."""
        return self._private.private_bytes_raw()

    @cached_property
    def multikey(self) -> str:
        """The public half as DID documents write it."""
        return multibase(PUBLIC + self.public.public_bytes_raw())

    @property
    def _private(self) -> Ed25519PrivateKey:
        if self.private is None:
            raise ValueError("the private half of this key is not here")
        return self.private

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of an Ed25519 signature. Raises ValueError where the private half is not here."""
        return self._private.sign(data)


def multibase(data: bytes) -> str:
    """Base58 with the mark of its alphabet (Multibase: z is base58btc)."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def from_multibase(text: str) -> bytes:
    """Raises ValueError for anything else."""
    if not text.startswith("z") or len(text) > MOST_SIGNS:
        raise ValueError("this is no base58 text")
    number = 0
    for digit in text[1:]:
        number = number * 58 + ALPHABET.index(digit)
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def proof_of(canonical: str, did: str, key: IssuerKey, at: datetime.datetime) -> dict[str, str]:
    """The proof of a document that reads `canonical`, made at `at` in the name of `did`."""
    created = at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    method = f"{did}#{key.multikey}"
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        "proofValue": multibase(key.sign(digest(canonical, created, method))),
    }


def digest(canonical: str, created: str, method: str) -> bytes:
    """What is signed: the digest of the proof's own statement, then the document's (§3.3.4)."""
    lines = (
        f'_:c14n0 <http://purl.org/dc/terms/created> "{created}"^^<http://www.w3.org/2001/XMLSchema#dateTime> .',
        f"_:c14n0 <{TYPE}> <{SECURITY}DataIntegrityProof> .",
        f'_:c14n0 <{SECURITY}cryptosuite> "{SUITE}"^^<{SECURITY}cryptosuiteString> .',
        f"_:c14n0 <{SECURITY}proofPurpose> <{SECURITY}assertionMethod> .",
        f"_:c14n0 <{SECURITY}verificationMethod> <{method}> .",
    )
    statement = "\n".join(lines) + "\n"
    return hashlib.sha256(statement.encode()).digest() + hashlib.sha256(canonical.encode()).digest()


def signed_by(proof: Mapping[str, Any], canonical: str, did: str, keys: Mapping[str, IssuerKey]) -> IssuerKey:
    """Which of the trusted keys made the proof. Raises Unsound."""
    method, created = proof.get("verificationMethod"), proof.get("created")
    named = str(method).rpartition("#")[2]
    if named not in keys or method != f"{did}#{named}":
        raise Unsound("unknown-issuer")
    key = keys[named]
    try:
        raw = from_multibase(str(proof.get("proofValue")))
        key.public.verify(raw, digest(canonical, str(created), str(method)))
    except (ValueError, InvalidSignature, OverflowError) as error:
        raise Unsound("altered") from error
    kept = ("DataIntegrityProof", SUITE, "assertionMethod")
    if (proof.get("type"), proof.get("cryptosuite"), proof.get("proofPurpose")) != kept or len(proof) != 6:
        raise Unsound("altered")
    return key
