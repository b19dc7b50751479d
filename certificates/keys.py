"""Keys that sign files: an issuer's own, made here; one that an organiser brings as PKCS#12 (RFC 7292); one in a PKCS#11 token.

Decided here: what a key must be to sign certificates. P-256, or RSA of 2048 bits and more (NIST SP 800-131A); with an
X.509 certificate that is valid now and, where it limits what it is for, allows digital signatures (RFC 5280 §4.2.1.3).
The time is an argument.
"""

import datetime
from dataclasses import dataclass, field
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from certificates.container import Containers, Private
from certificates.words import Words

LIFETIME = datetime.timedelta(days=3653)
LEAST_BITS = 2048
UNUSABLE = {
    "unreadable": Words("密钥无法读取。", "The key cannot be read."),
    "password": Words("密码不对，密钥没有打开。", "The password is wrong: the key was not opened."),
    "incomplete": Words(
        "文件里没有私钥，或没有与之对应的证书。", "The file holds no private key, or no certificate that belongs to it."
    ),
    "kind": Words("只能用 P-256 或 RSA 密钥。", "The key is neither P-256 nor RSA."),
    "too-small": Words("RSA 密钥少于 2048 位。", "The RSA key has fewer than 2048 bits."),
    "expired": Words("密钥的证书已过有效期。", "The certificate of the key has expired."),
    "not-yet": Words("密钥的证书尚未生效。", "The certificate of the key is not valid yet."),
    "usage": Words("密钥的证书不允许用于数字签名。", "The certificate of the key does not allow digital signatures."),
    "library": Words("PKCS#11 程序库无法载入。", "The PKCS#11 library cannot be loaded."),
    "token": Words("找不到这个名称的令牌。", "There is no token of this label."),
    "pin": Words("令牌不接受这个 PIN。", "The token does not accept the PIN."),
    "no-pin": Words("没有给出令牌的 PIN。", "The PIN of the token is not set."),
    "in-token": Words(
        "令牌里没有这个名称的私钥和证书。", "The token holds no private key with its certificate under this label."
    ),
}


class UnusableKey(ValueError):
    """A key that cannot sign certificates; `rule` says why, and `words` in both languages."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.words = UNUSABLE[rule]

    def __str__(self) -> str:
        return self.words.en


def refuse_unfit(certificate: x509.Certificate, at: datetime.datetime) -> None:
    """Raises UnusableKey where a key with this certificate may not sign at this time."""
    public = certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size < LEAST_BITS:
            raise UnusableKey("too-small")
    elif not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise UnusableKey("kind")
    if at < certificate.not_valid_before_utc:
        raise UnusableKey("not-yet")
    if at > certificate.not_valid_after_utc:
        raise UnusableKey("expired")
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:  # then it may be used for everything
        return
    if not usage.digital_signature:
        raise UnusableKey("usage")


def algorithm_of(certificate: x509.Certificate) -> str:
    """`P-256`, or `RSA 3072`."""
    public = certificate.public_key()
    return f"RSA {public.key_size}" if isinstance(public, rsa.RSAPublicKey) else "P-256"


def pem_of(certificates: tuple[x509.Certificate, ...]) -> bytes:
    """Certificates in PEM, one after the other."""
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


@dataclass(frozen=True)
class Key:
    """An issuer's private key, its certificate, and the certificates of those who vouch for it, nearest first."""

    private: Private
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @classmethod
    def create(cls, common_name: str, at: datetime.datetime) -> "Key":
        """A new P-256 key for an issuer; its certificate, signed by itself, is valid for ten years from `at`."""
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

    @classmethod
    def from_pkcs12(cls, content: bytes, password: bytes, at: datetime.datetime) -> "Key":
        """The key in a PKCS#12 file, fit to sign at this time. Raises UnusableKey."""
        try:
            found = pkcs12.load_pkcs12(content, password or None)
        except ValueError as error:  # cryptography's only word for both; nothing else in its message can be relied on
            raise UnusableKey("password" if "password" in str(error).lower() else "unreadable") from error
        if found.key is None or found.cert is None:
            raise UnusableKey("incomplete")
        refuse_unfit(found.cert.certificate, at)
        if not isinstance(found.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise UnusableKey("kind")
        return cls(found.key, found.cert.certificate, tuple(one.certificate for one in found.additional_certs))

    def to_pem(self, password: bytes | None = None) -> bytes:
        """Key and certificates as PEM; with a password the key is encrypted."""
        lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        pkcs8 = serialization.PrivateFormat.PKCS8
        private = self.private.private_bytes(serialization.Encoding.PEM, pkcs8, lock)
        return private + pem_of((self.certificate, *self.chain))

    @classmethod
    def from_pem(cls, pem: bytes, password: bytes | None = None) -> "Key":
        """What `to_pem` wrote. Raises UnusableKey."""
        try:
            private = serialization.load_pem_private_key(pem, password)
            certificate, *chain = x509.load_pem_x509_certificates(pem[pem.index(b"-----BEGIN CERTIFICATE") :])
        except (ValueError, TypeError) as error:
            raise UnusableKey("unreadable") from error
        if not isinstance(private, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise UnusableKey("kind")
        if certificate.public_key() != private.public_key():
            raise UnusableKey("incomplete")
        return cls(private, certificate, tuple(chain))

    @property
    def certificate_pem(self) -> bytes:
        """The public half: what others need to check a file."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def certificate_der(self) -> bytes:
        """The certificate as signatures carry it."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as people compare it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @cached_property
    def containers(self) -> Containers:
        """What makes the frames of this key's signatures; made once, for it is costly."""
        der = tuple(one.public_bytes(serialization.Encoding.DER) for one in self.chain)
        return Containers(self.private, self.certificate_der, der)


@dataclass(frozen=True)
class Token:
    """A key that never leaves its PKCS#11 token (smart card, HSM): where it is, and the certificates that belong to it."""

    library: str
    label: str
    key: str
    """The label of the private key and of its certificate in the token."""
    certificates: bytes
    """PEM, that of the key first."""
    pin: str = field(default="", repr=False)

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key itself."""
        return x509.load_pem_x509_certificate(self.certificates)

    @property
    def certificate_pem(self) -> bytes:
        """The public half: what others need to check a file."""
        return pem_of((self.certificate,))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as people compare it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()
