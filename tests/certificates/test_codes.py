"""What a QR code says by itself: signed, bound to its address, and still read from the paper."""

import dataclasses
import datetime

import pytest
import zxingcpp
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from PIL import Image, ImageFilter

from certificates import codes
from certificates.certificate import Certificate
from certificates.designs import DESIGNS
from certificates.keys import Key
from certificates.rendering import Press
from tests.certificates.paper import LEVEL, LONG, PLAIN, by_pdfium

KEY = Key.create("组委会", datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC))
BLUR = 1.5  # px at 300 dpi: a third of a module
FRAME = 120  # px at 300 dpi: a centimetre of the page around the code


def read(digits: str, token: str, published: dict[str, str]) -> list[str]:
    """Number, name and distinction, by the published point alone; raises where the signature is not the key's."""
    raw = int(digits).to_bytes(123, "big")
    assert raw[:4].hex() == published["id"]
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes.fromhex(published["point"]))
    r, s = (int.from_bytes(raw[at : at + 32], "big") for at in (59, 91))
    point.verify(encode_dss_signature(r, s), codes.message(token, raw[:59]), ec.ECDSA(hashes.SHA256()))
    return raw[4:59].rstrip(b"\0").decode().split("\n")


def coded(certificate: Certificate) -> Certificate:
    return dataclasses.replace(certificate, code=codes.code(certificate, KEY))


def test_a_code_says_number_name_and_distinction_under_the_key() -> None:
    """The published key alone proves the words; another token, digit or key does not; what is too long is cut visibly."""
    told = codes.published(KEY.certificate_pem)
    token = codes.token(PLAIN)
    digits = codes.code(PLAIN, KEY)
    assert len(digits) == codes.DIGITS
    assert read(digits, token, told) == ["PD2026-000137", "王㛃", "一等奖"]
    number, name, what = read(codes.code(LONG, KEY), codes.token(LONG), told)
    assert (number, what) == (LONG.number, LONG.award) and name.endswith("…") and LONG.name.startswith(name[:-1])
    assert read(codes.code(LEVEL, KEY), codes.token(LEVEL), told)[::2] == [LEVEL.number, LEVEL.level]
    english = dataclasses.replace(PLAIN, language="en")
    assert read(codes.code(english, KEY), token, told)[1:] == ["Wang Jie", "First Prize"]
    other = int(digits) ^ 1 << 8 * 70  # a bit of the name
    for wrong, at in ((digits, token + "0"), (f"{other:0{codes.DIGITS}}", token)):
        with pytest.raises(InvalidSignature):
            read(wrong, at, told)
    stranger = codes.published(
        Key.create("组委会", datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)).certificate_pem
    )
    with pytest.raises(InvalidSignature):
        read(digits, token, {**stranger, "id": told["id"]})


@pytest.mark.parametrize("design", sorted(DESIGNS))
def test_every_design_prints_a_code_that_is_read_at_300_dpi(design: str) -> None:
    """Anywhere on the page; then framed as phones do it, three degrees aslant, and blurred by a third of a module."""
    one = coded(LEVEL if DESIGNS[design].rows else PLAIN)
    (pdf,) = Press(design).print([one])
    page = by_pdfium(pdf, 300).convert("L")
    (found,) = zxingcpp.read_barcodes(page)
    first, last = found.position.top_left, found.position.bottom_right
    framed = page.crop((first.x - FRAME, first.y - FRAME, last.x + FRAME, last.y + FRAME))
    aslant = framed.rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    seen = [
        found,
        *zxingcpp.read_barcodes(aslant),
        *zxingcpp.read_barcodes(aslant.filter(ImageFilter.GaussianBlur(BLUR))),
    ]
    assert [code.text for code in seen] == [f"{one.verify_url}#{one.code}"] * 3
