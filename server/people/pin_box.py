"""A PIN on its way through an outbox: sealed on the tablet, so that neither its disk nor a lost tablet tells it.

The tablet seals with a key pair of its own, made for this one box, and the server's public key, which it has from the
shift: ECDH on P-256, HKDF-SHA-256, AES-256-GCM (NIST SP 800-56A, RFC 5869). What the PIN was typed for is authenticated
with it, so that a box cannot be moved to another sheet. In hexadecimal digits: 65 bytes of public key, then the rest.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.settings import Settings

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256 (FIPS 186-5)."""
POINT = 65
INFO = b"podium/pin-box-1"


def public_key(settings: Settings) -> str:
    """What tablets seal with."""
    return _point(_key(settings).public_key()).hex()


def opened(settings: Settings, box: str, about: str) -> str | None:
    """The PIN in a box; None when it was made for something else, with another key, or is no box."""
    try:
        content = bytes.fromhex(box)
        point, locked = content[:POINT], content[POINT:]
        other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        key = HKDF(SHA256(), 32, salt=point, info=INFO).derive(_key(settings).exchange(ec.ECDH(), other))
        return AESGCM(key).decrypt(bytes(12), locked, about.encode()).decode()
    except (ValueError, InvalidTag):
        return None


def _key(settings: Settings) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(settings.key("pin-box")) % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
