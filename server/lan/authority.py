"""A certificate authority of this installation's own, and the certificate of this machine in the hall.

The authority is installed by hand on every tablet, so it is bound to be harmless elsewhere: it may speak for names under
`.local` and for private addresses only (RFC 5280, 4.2.1.10), and for no other authority. Its key lies in the data folder,
encrypted with a key derived from the installation's secret; whoever restores a backup on another laptop keeps the
authority, and no tablet has to be touched again.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DOMAIN = "local"
PRIVATE = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7"))
)
AUTHORITY_LASTS = timedelta(days=3650)
CERTIFICATE_LASTS = timedelta(days=397)
"""Apple's systems take at most 825 days from an authority that was installed by hand (Apple, HT210176)."""
CLOCKS_DIFFER = timedelta(days=7)
"""A tablet whose clock is late must not think that the certificate is not valid yet."""


@dataclass(frozen=True)
class Authority:
    """The authority: its certificate, its key, and where both lie."""

    folder: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    password: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate in pairs, as the settings of tablets show it."""
        return self.certificate.fingerprint(SHA256()).hex(":").upper()

    @property
    def der(self) -> bytes:
        """What a tablet installs."""
        return self.certificate.public_bytes(Encoding.DER)

    def speaks_for(self, address: str) -> bool:
        """Whether an address is a private one, for which alone the authority can vouch."""
        return any(ip_address(address) in network for network in PRIVATE)


def authority(folder: Path, password: bytes, machine: str, now: datetime) -> Authority:
    """The authority in the folder, made at the first start; one that is about to end is followed by a new one."""
    path = folder / "authority.pem"
    if path.exists():
        content = path.read_bytes()
        key = load_pem_private_key(content, password)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        found = Authority(folder, x509.load_pem_x509_certificate(content), key, password)
        if found.certificate.not_valid_after_utc - now > CERTIFICATE_LASTS:
            return found
    key = ec.generate_private_key(ec.SECP256R1())
    made = Authority(folder, _self_signed(key, machine, now), key, password)
    _write(path, made.certificate, key, password)
    return made


def certified(authority: Authority, names: Iterable[str], addresses: Iterable[str], now: datetime) -> ssl.SSLContext:
    """A TLS context with a fresh certificate of this machine for these names and private addresses."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    renew(context, authority, names, addresses, now)
    return context


def renew(
    context: ssl.SSLContext, authority: Authority, names: Iterable[str], addresses: Iterable[str], now: datetime
) -> None:
    """Give the context a certificate for other names and addresses; connections that stand go on."""
    key = ec.generate_private_key(ec.SECP256R1())
    kinds: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    kinds += [x509.IPAddress(ip_address(address)) for address in addresses if authority.speaks_for(address)]
    made = (
        _begun(key, authority.certificate.subject, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Podium")]), now)
        .not_valid_after(now + CERTIFICATE_LASTS)
        .add_extension(x509.SubjectAlternativeName(kinds), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
        .sign(authority.key, SHA256())
    )
    path = authority.folder / "machine.pem"
    _write(path, made, key, authority.password)
    context.load_cert_chain(path, password=authority.password)


def _self_signed(key: ec.EllipticCurvePrivateKey, machine: str, now: datetime) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Podium"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Podium {machine} {now:%Y-%m-%d}"[:64]),
        ]
    )
    allowed: list[x509.GeneralName] = [x509.DNSName(DOMAIN), *map(x509.IPAddress, PRIVATE)]
    return (
        _begun(key, name, name, now)
        .not_valid_after(now + AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None), critical=True)
        .sign(key, SHA256())
    )


def _begun(
    key: ec.EllipticCurvePrivateKey, issuer: x509.Name, subject: x509.Name, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_DIFFER)
    )


def _usage(digital_signature: bool = False, key_cert_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature, False, False, False, False, key_cert_sign, False, False, False)


def _write(path: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey, password: bytes) -> None:
    """Certificate and encrypted key in one file, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    content = certificate.public_bytes(Encoding.PEM)
    content += key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
