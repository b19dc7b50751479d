"""Time stamps (RFC 3161): when a signature was made, said by an authority instead of by the issuer's own clock.

Decided here: which authorities are believed, and that no file leaves with a time stamp that does not hold. The authority
is asked by a pyHanko TimeStamper that the caller brings; nothing else is asked: what proves that the authority's
certificate was valid (its chain, its revocation lists) comes with the trusted certificates, from the operator.
"""

import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError


class Unstamped(Exception):
    """The authority gave no time stamp that holds; says why in the authority's or the network's own words."""


@dataclass(frozen=True)
class Stamping:
    """Whom to ask, whom to believe (PEM: the authority's certificates, root included, and revocation lists), and whether a second
    time stamp over the validation information makes the file fit for archives (B-LTA)."""

    stamper: TimeStamper
    trust: bytes
    archival: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp that was found to hold. `level` is the signature's (ETSI EN 319 142-1): B-T, B-LT or B-LTA."""

    at: datetime.datetime
    authority: str
    level: str


def context(
    trust: bytes, own: x509.Certificate | None = None, moment: datetime.datetime | None = None, dss: Any = None
) -> ValidationContext:
    """Whom pyHanko believes: the roots in `trust`, and the issuer's own certificate. It fetches nothing."""
    roots: list[asn1_x509.Certificate] = []
    others: list[asn1_x509.Certificate] = []
    lists: list[asn1_crl.CertificateList] = []
    for kind, _, der in asn1_pem.unarmor(trust, multiple=True) if trust.strip() else ():
        if kind == "X509 CRL":
            lists.append(asn1_crl.CertificateList.load(der))
        elif kind == "CERTIFICATE":
            one = asn1_x509.Certificate.load(der)
            (roots if one.self_issued else others).append(one)
    if own:
        roots.append(asn1_x509.Certificate.load(own.public_bytes(serialization.Encoding.DER)))
    given: dict[str, Any] = {
        "trust_roots": roots, "other_certs": others, "crls": lists, "allow_fetching": False, "moment": moment,
        "revocation_mode": "soft-fail",
    }  # fmt: skip
    return dss.as_validation_context(given) if dss else ValidationContext(**given)


def dss_of(reader: PdfFileReader) -> DocumentSecurityStore | None:
    """The validation information that a file carries (ISO 32000-2 §12.8.4.3), or nothing."""
    try:
        return DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return None


@contextlib.contextmanager
def asking() -> Iterator[None]:
    """What goes wrong while the authority is asked, or with what it answered, as Unstamped."""
    try:
        yield
    except (OSError, SigningError, PathError, ValidationError) as error:
        raise Unstamped(str(error)) from error


def time_in(token: Any) -> datetime.datetime:
    """The moment that a time-stamp token names."""
    at: datetime.datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return at


def called(certificate: asn1_x509.Certificate) -> str:
    """Whose certificate it is, as people call them."""
    said = certificate.subject.native
    return str(said.get("common_name") or said.get("organization_name") or certificate.subject.human_friendly)
