"""Keys in PKCS#11 tokens (OASIS PKCS #11 2.40): found by their labels, used by pyHanko's PKCS11Signer."""

import contextlib
import datetime
import functools
import ssl
from collections.abc import Iterator
from typing import Any

import pkcs11
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pkcs11 import Attribute, ObjectClass
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

from certificates.keys import Token, UnusableKey, pem_of, refuse_unfit


def found(library: str, label: str, key: str, pin: str, at: datetime.datetime) -> Token:
    """The key with this label in the token with that label, fit to sign at this time. Raises UnusableKey."""
    session = opened(library, label, pin)
    try:
        sought = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: key}
        mine = [x509.load_der_x509_certificate(one[Attribute.VALUE]) for one in session.get_objects(sought)]
        secret = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: key}
        if len(mine) != 1 or len(list(session.get_objects(secret))) != 1:
            raise UnusableKey("in-token")
        others = [
            x509.load_der_x509_certificate(one[Attribute.VALUE])
            for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
        ]
    except pkcs11.PKCS11Error as error:
        raise UnusableKey("in-token") from error
    refuse_unfit(mine[0], at)
    return Token(library, label, key, pem_of((mine[0], *vouching(mine[0], others))), pin)


def vouching(certificate: x509.Certificate, others: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Who vouches for a certificate among the others, nearest first; a root that vouches for itself is the last."""
    chain: list[x509.Certificate] = []
    while certificate.issuer != certificate.subject:
        above = next((one for one in others if one.subject == certificate.issuer and one not in chain), None)
        if above is None:
            break
        chain.append(above)
        certificate = above
    return tuple(chain)


@functools.lru_cache(maxsize=4)
def opened(library: str, label: str, pin: str) -> Any:
    """The process stays logged in to a token: many lock themselves after a few log-ins too many."""
    if not pin:
        raise UnusableKey("no-pin")
    try:
        return open_pkcs11_session(library, token_criteria=TokenCriteria(label=label), user_pin=pin)
    except (
        pkcs11.UserAlreadyLoggedIn,
        pkcs11.PinIncorrect,
        pkcs11.PinInvalid,
        pkcs11.PinLenRange,
        pkcs11.PinLocked,
    ) as error:
        raise UnusableKey("pin") from error
    except (pkcs11.PKCS11Error, RuntimeError) as error:
        raise UnusableKey("token" if "token" in str(error).lower() else "library") from error
    finally:
        forget()


@contextlib.contextmanager
def present() -> Iterator[None]:
    """What a token refuses while it is used, such as after it was pulled out, as UnusableKey; the next use logs in again."""
    try:
        yield
    except (pkcs11.PKCS11Error, SigningError) as error:
        if isinstance(error, SigningError) and not isinstance(error.__cause__, pkcs11.PKCS11Error):
            raise
        opened.cache_clear()
        forget()
        raise UnusableKey("in-token") from error


def forget() -> None:
    """A token's library may share Python's OpenSSL and leave its error, also where it succeeds, in the queue of the thread, where the next TLS context
    would take it for its own. No cipher of no name empties that queue (CPython, Modules/_ssl.c, set_ciphers).
    """
    with contextlib.suppress(ssl.SSLError):
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).set_ciphers("none")


def token_signer(token: Token) -> PKCS11Signer:
    """pyHanko's signer for a key that stays where it is. Raises UnusableKey."""
    session = opened(token.library, token.label, token.pin)
    certificates = [der_of(one) for one in x509.load_pem_x509_certificates(token.certificates)]
    # Not every token hashes before ECDSA (CKM_ECDSA_SHA256); every one that has ECDSA signs a hash (CKM_ECDSA).
    raw = isinstance(token.certificate.public_key(), ec.EllipticCurvePublicKey)
    return PKCS11Signer(
        session, signing_cert=certificates[0], ca_chain=certificates[1:], key_label=token.key, use_raw_mechanism=raw
    )


def der_of(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """A certificate as asn1crypto has it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
