"""Signing: a PAdES B-B signature by the issuer's own P-256 key over the whole file.

The key comes with a self-signed X.509 certificate, so that no third party is needed: who trusts the installation's
certificate can check every file that it signed, without us and without a network. The time is an argument.
"""

import datetime
import hashlib
import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates import appending
from certificates.container import Containers

FIELD = "Podium"
ROOM = 4096  # hex digits for the container, which takes some 1 600 and grows with the issuer's name
LIFETIME = datetime.timedelta(days=3653)


class UnusableKey(ValueError):
    """PEM that holds no P-256 key with its certificate, or that the password does not open."""


@dataclass(frozen=True)
class Key:
    """An issuer's private key and its certificate."""

    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def create(cls, common_name: str, at: datetime.datetime) -> "Key":
        """A new key for an issuer; its certificate is valid for ten years from `at`."""
        private = ec.generate_private_key(ec.SECP256R1())
        # X.509 has room for 64 bytes of name, which is 21 Han characters; a longer one is cut.
        cut = common_name.encode("utf-8")[:64].decode("utf-8", "ignore")
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cut)])
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(at - datetime.timedelta(minutes=5))
            .not_valid_after(at + LIFETIME)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        )
        return cls(private, builder.sign(private, hashes.SHA256()))

    def to_pem(self, password: bytes | None = None) -> bytes:
        """Key and certificate as PEM; with a password the key is encrypted."""
        lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        pkcs8 = serialization.PrivateFormat.PKCS8
        return self.private.private_bytes(serialization.Encoding.PEM, pkcs8, lock) + self.certificate_pem

    @classmethod
    def from_pem(cls, pem: bytes, password: bytes | None = None) -> "Key":
        try:
            private = serialization.load_pem_private_key(pem, password)
            certificate = x509.load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERTIFICATE") :])
        except (ValueError, TypeError) as error:
            raise UnusableKey(f"the key cannot be read: {error}") from error
        if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
            raise UnusableKey("the key is no P-256 key")
        if certificate.public_key() != private.public_key():
            raise UnusableKey("the certificate belongs to another key")
        return cls(private, certificate)

    @property
    def certificate_pem(self) -> bytes:
        """The public half: what others need to check a file."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def certificate_der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as people compare it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @cached_property
    def containers(self) -> Containers:
        return Containers(self.private, self.certificate_der)

    @cached_property
    def signer(self) -> "KeptSigner":
        return KeptSigner(self)


class KeptSigner(signers.SimpleSigner):
    """pyHanko's signer with the key kept open: its own loads and checks the key again for every signature."""

    def __init__(self, key: Key) -> None:
        der = key.private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._private = key.private
        super().__init__(
            signing_cert=asn1_x509.Certificate.load(key.certificate_der),
            signing_key=asn1_keys.PrivateKeyInfo.load(der),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        )

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(f"certificates are signed over SHA-256, not {digest_algorithm}")
        return self._private.sign(data, ec.ECDSA(hashes.SHA256()))


class TimedSigner(signers.PdfSigner):
    """pyHanko's PDF signer at a given time instead of the clock's."""

    def __init__(self, at: datetime.datetime, metadata: signers.PdfSignatureMetadata, signer: KeptSigner) -> None:
        super().__init__(metadata, signer=signer)
        self._at = at

    def init_signing_session(self, *given: Any, **named: Any) -> Any:
        session = super().init_signing_session(*given, **named)
        session.system_time = self._at
        return session


def sign(
    pdf: bytes, key: Key, at: datetime.datetime, reason: str = "", location: str = "", attached: bytes = b""
) -> bytes:
    """The file with an invisible PAdES B-B signature over all of it, and over the credential that is attached to it.

    `at` carries its time zone.
    """
    if at.tzinfo is None:
        raise ValueError("the time of a signature needs a time zone")
    at = at.replace(microsecond=0)
    room = appending.update(pdf, FIELD, at, {"Reason": reason, "Location": location}, ROOM, attached)
    if room is None:
        return signed_by_pyhanko(pdf, key, at, reason, location, attached)
    digest = hashlib.sha256(room.before)
    digest.update(room.after)
    return room.filled(key.containers.container(digest.digest()))


def signed_by_pyhanko(
    pdf: bytes, key: Key, at: datetime.datetime, reason: str, location: str, attached: bytes = b""
) -> bytes:
    """The same for a file of any form."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason or None,
        location=location or None,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if attached:
        name = appending.ATTACHED.decode("ascii")
        content = embed.EmbeddedFileObject.from_file_data(writer, attached, mime_type="application/vc+json")
        spec = embed.FileSpec(name, file_name=name, embedded_data=content, af_relationship=generic.pdf_name("/Data"))
        embed.embed_file(writer, spec)
    out = TimedSigner(at, metadata, key.signer).sign_pdf(writer)
    return bytes(out.getvalue())
