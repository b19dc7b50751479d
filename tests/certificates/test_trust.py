"""Signing and verification: genuine files are believed, every other file is refused with its reason."""

import datetime
import random
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from certificates.appending import update
from certificates.keys import Key, UnusableKey
from certificates.rendering import Press
from certificates.signing import sign
from certificates.verification import REASONS, Genuine, No, verify
from tests.certificates.paper import AT, PLAIN, letters, poppler


@pytest.fixture(scope="module")
def key() -> Key:
    return Key.create("河北省职业技能大赛组织委员会", AT)


@pytest.fixture(scope="module")
def plain() -> bytes:
    return next(Press().print([PLAIN]))


@pytest.fixture(scope="module")
def signed(plain: bytes, key: Key) -> bytes:
    return sign(plain, key, AT, "颁发证书", "石家庄")


def refused(answer: Genuine | No) -> str:
    assert isinstance(answer, No), answer
    assert answer.reason.zh and answer.reason.en
    return answer.rule


def test_a_signed_certificate_is_genuine(signed: bytes, key: Key) -> None:
    """Number, printed words, time and signer are read from the file itself; PEM and DER are equally good."""
    for form in (key.certificate_pem, key.certificate_der):
        answer = verify(signed, [form])
        assert isinstance(answer, Genuine)
        assert (PLAIN.number, AT, "河北省职业技能大赛组织委员会") == (answer.number, answer.signed_at, answer.signer)
        assert "王㛃" in letters(answer.text) and answer.fingerprint == key.fingerprint


@pytest.mark.parametrize("name", ["机" * 64, "河北省职业技能大赛组织委员会"])
def test_a_file_of_any_form_can_be_signed(plain: bytes, name: str) -> None:
    """A filled file is signed by our own few lines, a rendered one by pyHanko; both are believed by everybody."""
    workshop = Press().workshop
    rendered = workshop.rendered(workshop.sheet(PLAIN))
    key = Key.create(name, AT)
    assert update(plain, "Podium", AT, {}, 100) and not update(rendered, "Podium", AT, {}, 100)
    for pdf in (plain, rendered):
        signed = sign(pdf, key, AT, "颁发证书", "石家庄")
        assert isinstance(verify(signed, [key.certificate_pem]), Genuine)
        assert "Signature is Valid" in poppler("pdfsig", signed, "-nocert", "FILE").decode()
        assert b"No syntax or stream encoding errors" in poppler("qpdf", signed, "--check", "FILE")
    assert not update(sign(plain, key, AT), "Podium", AT, {}, 100)


def test_another_reader_believes_the_signature_too(signed: bytes) -> None:
    """poppler's pdfsig finds it valid and over the whole document."""
    told = poppler("pdfsig", signed, "-nocert", "FILE").decode()
    assert "Signature is Valid" in told and "Total document signed" in told and "ETSI.CAdES.detached" in told


def test_signing_leaves_the_page_alone(plain: bytes, signed: bytes) -> None:
    """The signature is appended: what was printed is in the file, byte for byte."""
    assert signed.startswith(plain)


def test_one_changed_bit_is_caught_anywhere(signed: bytes, key: Key) -> None:
    """Wherever a byte is changed, the file is no longer genuine."""
    dice = random.Random(7)
    spots = [dice.randrange(8, len(signed)) for _ in range(300)]
    spots = [spot for spot in spots if signed[spot : spot + 1] != b"0"]  # the hex digits that pad the signature
    for spot in spots:
        changed = bytearray(signed)
        changed[spot] ^= 1
        assert isinstance(verify(bytes(changed), [key.certificate_pem]), No), spot


def test_a_padding_that_says_something_is_caught(signed: bytes, key: Key) -> None:
    """The room left behind the signature must be empty: nothing hides in it."""
    at = signed.rindex(b"00000>")
    assert refused(verify(signed[:at] + b"00ff0" + signed[at + 5 :], [key.certificate_pem])) == "certificate.altered"


def test_something_appended_is_caught(signed: bytes, key: Key) -> None:
    """An incremental update after the signature, even an empty line, is refused."""
    for tail in (b"\n", b"\n7 0 obj\n<</Type/Page>>\nendobj\nxref\n0 0\ntrailer<<>>\nstartxref\n9\n%%EOF"):
        assert refused(verify(signed + tail, [key.certificate_pem])) == "certificate.appended"


def test_a_second_signature_over_the_first_is_caught(signed: bytes, key: Key) -> None:
    """Signed again by somebody else: that is not the file we issued."""
    with pytest.raises(Exception, match=r"(?i)sign|permi|field"):
        sign(signed, Key.create("他人", AT), AT)


def test_an_unsigned_certificate_is_refused(plain: bytes, key: Key) -> None:
    """The picture of a seal proves nothing."""
    assert refused(verify(plain, [key.certificate_pem])) == "certificate.unsigned"


def test_a_foreign_key_is_refused(plain: bytes, signed: bytes, key: Key) -> None:
    """The same page signed by a key of the same name is still not ours; nor is ours theirs."""
    impostor = Key.create("河北省职业技能大赛组织委员会", AT)
    assert refused(verify(sign(plain, impostor, AT), [key.certificate_pem])) == "certificate.unknown-signer"
    assert refused(verify(signed, [impostor.certificate_pem])) == "certificate.unknown-signer"
    assert refused(verify(signed, [])) == "certificate.unknown-signer"


def test_a_signature_outside_the_certificates_years_is_refused(plain: bytes, key: Key) -> None:
    """A key signs only while its certificate is valid."""
    late = AT + datetime.timedelta(days=5000)
    assert refused(verify(sign(plain, key, late), [key.certificate_pem])) in (
        "certificate.not-valid-then",
        "certificate.altered",
    )


def test_old_keys_stay_trusted(signed: bytes, key: Key) -> None:
    """After a rotation the new key signs and the old certificates still verify."""
    newer = Key.create("河北省职业技能大赛组织委员会", AT)
    assert isinstance(verify(signed, [newer.certificate_pem, key.certificate_pem]), Genuine)


HOSTILE = {
    "nothing": (b"", "certificate.empty"),
    "a text": (b"hello", "certificate.not-a-pdf"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), "certificate.not-a-pdf"),
    "a head without a body": (b"%PDF-1.7\n", "certificate.unsigned"),
    "ten megabytes": (b"%PDF-1.7\n" + bytes(10_000_000), "certificate.too-large"),
    "a signature of nothing": (b"%PDF-1.7 /ByteRange [0 10 12 10] <00>......", "certificate.altered"),
    "a range backwards": (b"%PDF-1.7 /ByteRange [0 9999999999 0 0]", "certificate.altered"),
    "many ranges": (b"%PDF-1.7 " + b"/ByteRange [0 1 2 3]" * 100_000, "certificate.altered"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_a_reason(name: str, key: Key) -> None:
    """No upload raises, none takes long, each is told why in both languages."""
    data, rule = HOSTILE[name]
    assert rule == refused(verify(data, [key.certificate_pem]))


def test_a_truncated_file_is_refused(signed: bytes, key: Key) -> None:
    """Half a download is not a certificate, wherever it broke off."""
    for end in range(0, len(signed), len(signed) // 40):
        assert isinstance(verify(signed[:end], [key.certificate_pem]), No)


def test_a_container_of_rubbish_is_refused(signed: bytes, key: Key) -> None:
    """A frame that is right around a signature that is none."""
    start, end = re.search(rb"<[0-9A-Fa-f]{2000,}>", signed).span()  # type: ignore[union-attr]
    for rubbish in (b"30820004" + b"00" * 4, b"ff" * 8, b"3082ffff", b"30820002" + b"3080"):
        filled = rubbish + b"0" * (end - start - 2 - len(rubbish))
        answer = verify(signed[: start + 1] + filled + signed[end - 1 :], [key.certificate_pem])
        assert refused(answer) in ("certificate.broken-signature", "certificate.altered")


def test_every_reason_is_said_in_both_languages() -> None:
    """Whoever is refused can read why."""
    assert all(words.zh and words.en for words in REASONS.values())


def test_a_key_survives_its_pem(key: Key) -> None:
    """Kept with a password, it opens with that password only."""
    again = Key.from_pem(key.to_pem(b"secret"), b"secret")
    assert key.fingerprint == again.fingerprint
    for pem, password in ((key.to_pem(b"secret"), b"wrong"), (key.to_pem(b"secret"), None), (b"nothing", None)):
        with pytest.raises(UnusableKey):
            Key.from_pem(pem, password)


def test_a_signature_needs_a_time_with_its_zone(plain: bytes, key: Key) -> None:
    """A time without a zone is nobody's time."""
    with pytest.raises(ValueError, match="time zone"):
        sign(plain, key, datetime.datetime(2026, 1, 1))  # noqa: DTZ001


def test_many_ask_at_once(signed: bytes, key: Key) -> None:
    """Files checked at the same time in several threads are judged each by itself: no genuine one is refused."""
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: verify(signed, [key.certificate_der]), range(60)))
    assert {type(answer) for answer in answers} == {Genuine}
