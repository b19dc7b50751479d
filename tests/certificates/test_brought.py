"""Keys that organisers bring, and time stamps: what signs, what is refused with its words, what every reader believes."""

import dataclasses
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.keys import Key, UnusableKey, algorithm_of
from certificates.rendering import Press
from certificates.signing import sign
from certificates.stamping import Stamp, Stamping, Unstamped
from certificates.tokens import found
from certificates.verification import REASONS, Genuine, No, verify
from tests.certificates.paper import AT, PLAIN, poppler
from tests.certificates.signers import (
    PIN,
    YEAR,
    Authority,
    authority,
    certified,
    in_a_token,
    of_an_authority,
    pkcs12_of,
    rsa_key,
)


@pytest.fixture(scope="module")
def plain() -> bytes:
    return next(Press().print([PLAIN]))


@pytest.fixture(scope="module")
def clock() -> Authority:
    return authority()


def test_a_key_from_a_file_signs_as_ours_does(plain: bytes) -> None:
    """RSA and P-256 out of PKCS#12: kept and opened again, signed by our own few lines, believed by us and by poppler; the
    certificate of who vouches for it is in the file."""
    for private, called in ((rsa_key(), "RSA 2048"), (ec.generate_private_key(ec.SECP256R1()), "P-256")):
        bought = of_an_authority(private)
        key = Key.from_pem(Key.from_pkcs12(pkcs12_of(bought, b"secret"), b"secret", AT).to_pem())
        assert (key.fingerprint, algorithm_of(key.certificate), key.chain) == (bought.fingerprint, called, bought.chain)
        signed = sign(plain, key, AT, attached=b"{}")
        assert isinstance(verify(signed, [key.certificate_pem]), Genuine)
        assert bought.chain[0].signature.hex().encode() in signed.lower()
        told = poppler("pdfsig", signed, "-nocert", "FILE").decode()
        assert "Signature is Valid" in told and "Total document signed" in told


REFUSED = {
    "password": lambda: (pkcs12_of(of_an_authority(rsa_key()), b"secret"), b"wrong"),
    "unreadable": lambda: (b"a picture", b"secret"),
    "incomplete": lambda: (pkcs12_of(of_an_authority(rsa_key()), b"secret", certificate=False), b"secret"),
    "too-small": lambda: (pkcs12_of(certified(rsa_key(1024), "小"), b"secret"), b"secret"),
    "kind": lambda: (pkcs12_of(certified(ec.generate_private_key(ec.SECP384R1()), "大"), b"secret"), b"secret"),
    "expired": lambda: (pkcs12_of(certified(rsa_key(), "旧", years=(-3, -1)), b"secret"), b"secret"),
    "not-yet": lambda: (pkcs12_of(certified(rsa_key(), "新", years=(1, 3)), b"secret"), b"secret"),
    "usage": lambda: (pkcs12_of(certified(rsa_key(), "密", signs=False), b"secret"), b"secret"),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_key_that_may_not_sign_is_refused_with_its_words(rule: str) -> None:
    """Wrong password, no certificate, too small, expired, for something else: said in both languages, and never guessed."""
    with pytest.raises(UnusableKey) as refused:
        Key.from_pkcs12(*REFUSED[rule](), AT)
    assert refused.value.rule == rule and refused.value.words.zh and refused.value.words.en == str(refused.value)


def test_a_key_without_limits_may_sign() -> None:
    """RFC 5280 §4.2.1.3: where a certificate does not say what it is for, it is for everything."""
    assert Key.from_pkcs12(pkcs12_of(certified(rsa_key(), "某", signs=None), b"x"), b"x", AT)


def test_a_key_in_a_token_signs_and_stays_there(plain: bytes, clock: Authority) -> None:
    """PKCS#11 by SoftHSM: RSA and P-256, plain and stamped; a wrong PIN, label, library or key is refused with its words, and
    leaves no error behind at which the process's next TLS context would fail.
    """
    library, keys = in_a_token()
    der = x509.load_pem_x509_certificate(keys[0].certificate_pem).public_bytes(Encoding.DER)
    for rule, asked in {
        "pin": (library, "Podium", "0", "000000"),
        "token": (library, "Other", "0", PIN),
        "library": ("/nowhere/pkcs11.so", "Podium", "0", PIN),
        "no-pin": (library, "Podium", "0", ""),
        "in-token": (library, "Podium", "9", PIN),
        "too-small": (library, "Podium", "2", PIN),
    }.items():
        with pytest.raises(UnusableKey) as refused:
            found(*asked, AT)
        assert refused.value.rule == rule
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=der)
    for place in (0, 1):
        token = found(library, "Podium", str(place), PIN, AT)
        assert token.fingerprint == keys[place].fingerprint and PIN not in repr(token)
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=der)
        for stamping in (None, clock.stamping()):
            signed = sign(plain, token, AT, attached=b"{}", stamping=stamping)
            assert isinstance(verify(signed, [token.certificate_pem], clock.trust), Genuine)
            assert "Signature is Valid" in poppler("pdfsig", signed, "-nocert", "FILE").decode()
    with pytest.raises(UnusableKey) as gone:
        sign(plain, dataclasses.replace(token, key="9"), AT)
    assert gone.value.rule == "in-token"


@pytest.mark.parametrize("archival", [False, True])
def test_a_stamped_signature_says_who_stamped_it_and_when(plain: bytes, clock: Authority, archival: bool) -> None:
    """B-LT in one revision, B-LTA in two; the file proves itself after the signer's certificate has expired, because the
    authority says that it was signed before."""
    short = certified(ec.generate_private_key(ec.SECP256R1()), "组委会", years=(-1, 1))
    signed = sign(plain, short, AT, attached=b"{}", stamping=clock.stamping(archival))
    answer = verify(signed, [short.certificate_pem], clock.trust)
    assert isinstance(answer, Genuine) and answer.signed_at == AT
    assert answer.stamp == Stamp(AT, "国家授时时间戳服务", "B-LTA" if archival else "B-LT")
    assert b"No syntax or stream encoding errors" in poppler("qpdf", signed, "--check", "FILE")
    told = poppler("pdfsig", signed, "-nocert", "FILE").decode()
    assert told.count("Signature #") == 1 + archival  # of which poppler checks the first
    assert "Signature is Valid" in told or archival
    assert "Total document signed" in told and verify(signed, [short.certificate_pem]) == No(
        "certificate.unknown-authority", REASONS["unknown-authority"]
    )


def test_no_file_leaves_with_a_time_stamp_that_does_not_hold(plain: bytes, clock: Authority) -> None:
    """An authority that refuses, is not the one believed, or whose stamp is of another time than its certificate: Unstamped,
    and no file."""
    key, other = Key.create("组委会", AT), authority("别的机构")

    class Silent(type(clock.stamper)):  # type: ignore[misc]
        async def async_request_tsa_response(self, req: object) -> object:
            raise OSError("no route to host")

    silent = Silent(clock.stamper.tsa_cert, clock.stamper.tsa_key)
    late = authority(at=AT + 10 * YEAR)
    for stamping in (Stamping(silent, clock.trust), Stamping(other.stamper, clock.trust), late.stamping()):
        with pytest.raises(Unstamped):
            sign(plain, key, AT, stamping=stamping)
