"""What the QR code of a certificate says by itself, signed, for whoever has no connection.

Behind the address, in its fragment, which no browser sends: the first four bytes of the issuer's key, number, name and
distinction in as many bytes of UTF-8 as there is room for, and an ECDSA signature over P-256 and SHA-256 as Web Crypto
takes it (r and s, 32 bytes each). All of it is one decimal number of fixed length, because QR codes hold digits in 10 bits
for three, and because codes that differ in nothing but digits are quick to draw (`certificates.qr`).

The signature covers the code's token too: what one certificate's code says cannot be put behind another's address.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from certificates.certificate import Certificate
from certificates.keys import Key

DIGITS = 297
"""Of a code. They hold the 123 bytes below, and with an address of 33 characters before the token the QR code still has 53 modules."""
MARK = b"podium-code-1\n"  # so that no signature of a code is one of anything else
KEY, WORDS, HALF = 4, 55, 32
LEAST = 16
"""Bytes that the distinction keeps where a long name takes all the rest: 一等奖, 三级/高级工."""
CUT = "…"
OWN = {"level": "level", "title": "honour", "ability": "skill"}
"""What these kinds certify, whatever else is on the paper."""


def code(certificate: Certificate, key: Key) -> str:
    """The digits for the code of a certificate that has its number and its address."""
    words = said(certificate).ljust(WORDS, b"\0")
    named = bytes.fromhex(key_id(key.fingerprint)) + words
    whole = named + signature(key, message(token(certificate), named))
    return f"{int.from_bytes(whole, 'big'):0{DIGITS}}"


def said(certificate: Certificate) -> bytes:
    """Number, name and distinction, a line each, as the certificate prints them; what is too long ends in an ellipsis."""
    english = certificate.language == "en"
    name = (english and certificate.name_en) or certificate.name
    what = distinction(certificate, english=english)
    room = WORDS - len(certificate.number.encode()) - 2
    name = cut(name, room - min(len(what.encode()), LEAST))
    what = cut(what, room - len(name.encode()))
    return "\n".join((certificate.number, name, what)).encode()


def distinction(certificate: Certificate, *, english: bool) -> str:
    """Award, title, level, ability or role; where there is none of these, what the certificate is called."""
    for field in (OWN.get(certificate.kind, "award"), "award", "honour", "level", "skill", "role", "title"):
        text: str = (english and getattr(certificate, f"{field}_en")) or getattr(certificate, field)
        if text:
            return text
    return ""


def cut(text: str, room: int) -> str:
    """The text in `room` bytes of UTF-8, or its beginning and an ellipsis."""
    raw = text.encode()
    if len(raw) <= room:
        return text
    return raw[: max(room - len(CUT.encode()), 0)].decode(errors="ignore") + CUT


def token(certificate: Certificate) -> str:
    """The last part of the address."""
    return certificate.verify_url.rpartition("/")[2]


def message(token: str, named: bytes) -> bytes:
    """What is signed."""
    return MARK + token.encode() + b"\n" + named


def signature(key: Key, data: bytes) -> bytes:
    """64 bytes: r and s (IEEE P1363). Raises ValueError for a key that is not P-256: a code has no room for more."""
    if not isinstance(key.private, ec.EllipticCurvePrivateKey):
        raise ValueError("this is no P-256 key")
    r, s = decode_dss_signature(key.private.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big")


def key_id(fingerprint: str) -> str:
    """By which a code names the key: the first eight hex digits of the certificate's SHA-256."""
    return fingerprint[: 2 * KEY]


def published(pem: bytes) -> dict[str, str]:
    """A key as browsers take it: its id, and the uncompressed point in hex.

    Raises ValueError when it is no certificate of a P-256 key.
    """
    certificate = load_pem_x509_certificate(pem)
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise ValueError("this is no P-256 key")
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"id": key_id(certificate.fingerprint(hashes.SHA256()).hex()), "point": point.hex()}
