"""Keys as organisers bring them, and a time-stamp authority of our own, for tests."""

import datetime
import functools
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pkcs11
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pkcs11 import Attribute
from pkcs11.util.x509 import decode_x509_certificate
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.container import Private
from certificates.keys import Key
from certificates.stamping import Stamping
from certificates.tokens import forget
from tests.certificates.paper import AT

YEAR = datetime.timedelta(days=365)
PIN = "493817"
LIBRARIES = [Path(one) for one in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm.so",
             "/opt/homebrew/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so")]  # fmt: skip


def certified(
    private: Private,
    name: str,
    by: Key | None = None,
    years: tuple[int, int] = (-1, 5),
    signs: bool | None = True,
    stamps: bool = False,
    authority: bool = False,
) -> Key:
    """A key with a certificate by somebody, or by itself; `signs` None leaves out what it may be used for."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT + years[0] * YEAR)
        .not_valid_after(AT + years[1] * YEAR)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if signs is not None:
        usage = x509.KeyUsage(signs, False, not signs, False, False, authority, authority, False, False)
        builder = builder.add_extension(usage, critical=True)
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    certificate = builder.sign(by.private if by else private, hashes.SHA256())
    return Key(private, certificate, (by.certificate, *by.chain) if by else ())


def of_an_authority(private: Private, name: str = "河北省职业技能大赛组织委员会") -> Key:
    """A key whose certificate an authority gave, as one buys it."""
    root = certified(ec.generate_private_key(ec.SECP256R1()), "某电子认证服务中心", authority=True)
    return certified(private, name, by=root)


def pkcs12_of(key: Key, password: bytes, certificate: bool = True) -> bytes:
    """The file that the authority sends."""
    lock = serialization.BestAvailableEncryption(password)
    of_it = key.certificate if certificate else None
    return serialization.pkcs12.serialize_key_and_certificates(b"seal", key.private, of_it, list(key.chain), lock)


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@dataclass(frozen=True)
class Authority:
    """A time-stamp authority: what it asks with, and what one believes it by."""

    key: Key
    stamper: DummyTimeStamper

    @property
    def trust(self) -> bytes:
        return self.key.chain[0].public_bytes(serialization.Encoding.PEM)

    def stamping(self, archival: bool = False) -> Stamping:
        return Stamping(self.stamper, self.trust, archival)


def authority(name: str = "国家授时时间戳服务", at: datetime.datetime = AT) -> Authority:
    """An authority that says it is always the same moment."""
    root = certified(ec.generate_private_key(ec.SECP256R1()), f"{name}根", authority=True)
    key = certified(rsa_key(), name, by=root, stamps=True)
    der = key.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    store = SimpleCertificateStore()
    store.register(asn1_x509.Certificate.load(root.certificate_der))
    stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(key.certificate_der), asn1_keys.PrivateKeyInfo.load(der), store, fixed_dt=at
    )
    return Authority(key, stamper)


@functools.cache
def in_a_token() -> tuple[str, list[Key]]:
    """A SoftHSM with a token "Podium" that holds RSA, P-256 and a key that is too small, under the labels 0, 1 and 2; the place of
    its library, and the keys.

    Once in a process: a PKCS#11 library reads its settings when it is loaded.
    """
    keys = [
        of_an_authority(rsa_key()),
        of_an_authority(ec.generate_private_key(ec.SECP256R1())),
        certified(rsa_key(1024), "小"),
    ]
    folder = Path(tempfile.mkdtemp(prefix="softhsm-"))
    (folder / "tokens").mkdir()
    (folder / "conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "conf")
    library = next(str(one) for one in LIBRARIES if one.exists())
    run = ["softhsm2-util", "--init-token", "--free", "--label", "Podium", "--pin", PIN, "--so-pin", PIN]
    subprocess.run(run, check=True, capture_output=True)
    for place, key in enumerate(keys):
        (folder / "key").write_bytes(key.to_pem())
        run = ["softhsm2-util", "--import", str(folder / "key"), "--token", "Podium", "--label", str(place),
               "--id", f"0{place}", "--pin", PIN]  # fmt: skip
        subprocess.run(run, check=True, capture_output=True)
    with pkcs11.lib(library).get_token(token_label="Podium").open(user_pin=PIN, rw=True) as session:
        for place, key in enumerate(keys):
            for label, one in ((str(place), key.certificate), *((f"ca{place}", one) for one in key.chain)):
                der = one.public_bytes(serialization.Encoding.DER)
                attributes = {**decode_x509_certificate(der), Attribute.TOKEN: True, Attribute.LABEL: label}
                session.create_object({**attributes, Attribute.ID: bytes([place])})
    forget()  # what the library left behind when it was loaded is this helper's, not that of whatever is tested
    return library, keys
