"""Is this file one that a trusted key signed, whole and unchanged? And what does it say?

Decided here: the order of the checks. Whoever uploads a file is nobody's friend, so the bytes are first judged by a few
lines that look at nothing but the signature's frame: one signature, over the whole file but its own place, by one of
the trusted certificates. Only bytes that pass, and were therefore written by a trusted issuer, reach the large parsers:
pyHanko, which judges the signature once more by the book, and PDFium, which reads what is printed. So a hostile file is
refused in milliseconds and opens no parser.
"""

import asyncio
import contextlib
import datetime
import hashlib
import itertools
import logging
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    SignatureCoverageLevel,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.settings import KeyUsageConstraints

from certificates.appending import ATTACHED
from certificates.pdfium import ONE_AT_A_TIME
from certificates.stamping import Stamp, called, context, dss_of, time_in
from certificates.words import Words

MOST_BYTES = 8_000_000
MOST_HEX = 65_536  # of a signature's container
MOST_STAMP = 200_000  # bytes of the revision with the archive's time stamp (B-LTA)
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
USAGE = KeyUsageConstraints(key_usage={"digital_signature"})
DIGESTS = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}

REASONS = {
    "empty": Words("文件是空的。", "The file is empty."),
    "too-large": Words(
        "文件超过 8 MB，不是本系统签发的证书。", "The file is larger than 8 MB: no certificate of ours is."
    ),
    "not-a-pdf": Words("这不是 PDF 文件。", "This is no PDF file."),
    "unsigned": Words("文件没有数字签名。", "The file bears no digital signature."),
    "altered": Words("文件在签名之后被改动过，或已损坏。", "The file was changed after it was signed, or is damaged."),
    "appended": Words("签名之后又追加了内容。", "Something was appended after the signature."),
    "broken-signature": Words("数字签名无法读取。", "The digital signature cannot be read."),
    "unknown-signer": Words("签名者不在受信任的签发机构之列。", "The signer is none of the trusted issuers."),
    "not-valid-then": Words(
        "签名时该签发证书不在有效期内。", "The signer's certificate was not valid when the file was signed."
    ),
    "unknown-authority": Words(
        "时间戳不是由受信任的时间戳机构签发的。", "The time stamp is by none of the trusted authorities."
    ),
    "unstamped": Words(
        "签名原有的时间戳不见了，或已失效。", "The time stamp that the signature had is gone, or does not hold."
    ),
    "unreadable": Words("签名有效，但内容无法读取。", "The signature is valid, but the content cannot be read."),
}


@dataclass(frozen=True, slots=True)
class Genuine:
    """A trusted issuer signed exactly these bytes. `text` is what is printed, `number` the certificate's."""

    number: str
    title: str
    text: str
    signed_at: datetime.datetime
    signer: str
    fingerprint: str  # SHA-256 of the signer's certificate
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class No:
    """Not genuine, with the rule that decided it and the reason in both languages."""

    rule: str
    reason: Words


Answer = Genuine | No


def no(rule: str) -> No:
    """A refusal of a file by its rule, one of REASONS."""
    return No(f"certificate.{rule}", REASONS[rule])


@dataclass(frozen=True, slots=True)
class Frame:
    """A signature's container, the bytes that it claims to cover, and where in the file these end."""

    container: bytes
    covered: bytes
    end: int


@dataclass(frozen=True, slots=True)
class Judged:
    """pyHanko's judgement: when it was signed, who stamped it, and the rule that refuses it, or nothing."""

    signed_at: datetime.datetime
    stamp: Stamp | None
    rule: str


def verify(pdf: bytes, trusted: Sequence[bytes], authorities: bytes = b"") -> Answer:
    """Judge a file against trusted certificates (PEM or DER) and time-stamp authorities (PEM). Never raises on any file."""
    frame = framed(pdf)
    if isinstance(frame, No):
        return frame
    signer = signed_by(frame, [certificate(one) for one in trusted])
    if isinstance(signer, No):
        return signer
    return by_the_book(pdf, frame.end, signer, authorities)


def behind(pdf: bytes, trusted: Sequence[bytes]) -> str | None:
    """The number on a file that has a part behind what its issuer signed, or "" where no number can be read; nothing where it has none,
    or is refused anyway. That part is not looked at: whoever has one of our files can have an authority stamp anything behind it, and
    a cross-reference of a few bytes there costs pyHanko gigabytes. So whoever keeps a register asks that first. Never raises."""
    frame = framed(pdf)
    if isinstance(frame, No) or frame.end == len(pdf):
        return None
    if isinstance(signed_by(frame, [certificate(one) for one in trusted]), No):
        return None
    try:
        return printed(pdf[: frame.end])[0]
    except Exception:  # noqa: BLE001 - our keys sign other papers as well, and those have no number
        return ""


def certificate(data: bytes) -> x509.Certificate:
    """A certificate in PEM or DER. Raises ValueError where it is neither."""
    if b"-----BEGIN" in data:
        return x509.load_pem_x509_certificate(data)
    return x509.load_der_x509_certificate(data)


def framed(pdf: bytes) -> Frame | No:
    """The one signature that covers the whole file but its own place. Nothing is parsed but this frame.

    A file for archives (B-LTA) has a second part behind that, which an authority's time stamp covers with the first.
    """
    if not pdf:
        return no("empty")
    if len(pdf) > MOST_BYTES:
        return no("too-large")
    if not pdf.startswith(b"%PDF-"):
        return no("not-a-pdf")
    ranges = list(itertools.islice(BYTE_RANGE.finditer(pdf), 3))  # a third is one too many already
    if not ranges:
        return no("unsigned")
    start, before, after, rest = (int(value) for value in ranges[0].groups())
    hole = pdf[before:after]
    if start != 0 or len(hole) > MOST_HEX or not re.fullmatch(rb"<[0-9A-Fa-f]+>", hole):
        return no("altered")
    end = after + rest
    if end > len(pdf):
        return no("altered")
    if (end < len(pdf) and not stamped_to_its_end(pdf, end, ranges)) or (end == len(pdf) and len(ranges) > 1):
        return no("appended")
    digits = hole[1:-1]
    container = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    return Frame(container, pdf[:before] + pdf[after:end], end)


def stamped_to_its_end(pdf: bytes, end: int, ranges: Sequence[re.Match[bytes]]) -> bool:
    """Whether what follows the issuer's part is short, and one more signature claims to cover all of the file."""
    if len(ranges) != 2 or ranges[1].start() < end or len(pdf) - end > MOST_STAMP:
        return False
    start, before, after, rest = (int(value) for value in ranges[1].groups())
    return start == 0 and end < before < after and after + rest == len(pdf)


def signed_by(frame: Frame, trusted: Sequence[x509.Certificate]) -> x509.Certificate | No:
    """Which of the trusted certificates signed the covered bytes."""
    try:
        length = int.from_bytes(frame.container[2:4], "big") + 4 if frame.container[:2] == b"\x30\x82" else 0
        if any(frame.container[length:]):
            return no("altered")
        signed = cms.ContentInfo.load(frame.container[:length], strict=True)["content"]
        (info,) = signed["signer_infos"]
        digest = str(info["digest_algorithm"]["algorithm"].native)
        attributes = {str(one["type"].native): one["values"] for one in info["signed_attrs"]}
        claimed = bytes(attributes["message_digest"][0].native)
        attested = info["signed_attrs"].untag().dump()
        signature = bytes(info["signature"].native)
        named = (info["sid"].chosen["issuer"].dump(), int(info["sid"].chosen["serial_number"].native))
    except Exception:  # noqa: BLE001 - asn1crypto raises many kinds on hostile bytes; each means the same
        return no("broken-signature")
    if digest not in DIGESTS:
        return no("broken-signature")
    signer = next((one for one in trusted if name_of(one) == named), None)
    if signer is None:
        return no("unknown-signer")
    if hashlib.new(digest, frame.covered).digest() != claimed:
        return no("altered")
    key = signer.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, attested, ec.ECDSA(DIGESTS[digest]))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, attested, padding.PKCS1v15(), DIGESTS[digest])
        else:
            return no("unknown-signer")
    except InvalidSignature:
        return no("altered")
    return signer


def name_of(certificate: x509.Certificate) -> tuple[bytes, int]:
    """How a signature names its signer: issuer and serial number."""
    return certificate.issuer.public_bytes(), certificate.serial_number


def by_the_book(pdf: bytes, end: int, signer: x509.Certificate, authorities: bytes) -> Answer:
    """pyHanko's judgement of bytes that a trusted key signed, and what is printed on them.

    PDFium reads nothing but what the issuer signed: a time stamp can be had from an authority by anybody, over anything.
    """
    try:
        found = judged(pdf, signer, authorities)
    except Exception:  # noqa: BLE001 - parts that no signature covers were changed; pyHanko raises what it likes then
        return no("appended" if end < len(pdf) else "altered")
    try:
        number, title, text = printed(pdf[:end])
    except Exception:  # a trusted key signed it, so that whatever goes wrong here is for the log
        logging.getLogger(__name__).exception("a file signed by a trusted key cannot be read")
        return no("unreadable")
    if found.rule:
        return no(found.rule)
    if not signer.not_valid_before_utc <= found.signed_at <= signer.not_valid_after_utc:
        return no("not-valid-then")
    common = signer.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return Genuine(
        number=number,
        title=title,
        text=text,
        signed_at=found.signed_at,
        signer=str(common[0].value) if common else signer.subject.rfc4514_string(),
        fingerprint=signer.fingerprint(hashes.SHA256()).hex(),
        stamp=found.stamp,
    )


def judged(pdf: bytes, signer: x509.Certificate, authorities: bytes) -> Judged:
    """Whether pyHanko finds the signature sound, trusted and over the whole file, and its time stamps by a trusted authority.

    Raises whatever pyHanko raises on a file that is not whole.
    """
    with ThreadPoolExecutor(1) as pool:  # because the caller may have an event loop running in this thread
        return pool.submit(lambda: asyncio.run(_judged(pdf, signer, authorities))).result()


async def _judged(pdf: bytes, signer: x509.Certificate, authorities: bytes) -> Judged:
    reader = PdfFileReader(BytesIO(pdf))
    (signature,), archival = reader.embedded_regular_signatures, reader.embedded_timestamp_signatures
    token = next(extract_tst_data_iter(signature.signer_info, signed=False), None)
    dss, signed_at = dss_of(reader), signature.self_reported_timestamp
    if signed_at is None:
        raise ValueError("the signature does not say when it was made")
    moment = time_in(token) if token else signed_at
    status = await async_validate_pdf_signature(
        signature,
        context(b"", signer, moment),
        context(authorities, moment=moment, dss=dss),
        key_usage_settings=USAGE,
    )
    stamp = status.timestamp_validity
    if stamp is None:
        rule = "unstamped" if dss else "appended" if archival else "" if status.bottom_line else "altered"
        return Judged(moment, None, rule)
    level, rule = "B-LT" if dss else "B-T", ""
    if stamp.intact and stamp.valid and not stamp.trusted:
        rule = "unknown-authority"
    elif not status.bottom_line:
        rule = "altered" if len(archival) == 0 else "appended"
    for one in archival:
        last = await async_validate_pdf_timestamp(one, context(authorities, moment=time_in(one.signed_data), dss=dss))
        whole = last.coverage is SignatureCoverageLevel.ENTIRE_FILE
        if not (last.intact and last.valid and whole and len(archival) == 1):
            rule = rule or "appended"
        elif not last.trusted:
            rule = rule or "unknown-authority"
        level = "B-LTA"
    return Judged(moment, Stamp(moment, called(stamp.signing_cert), level), rule)


def printed(pdf: bytes) -> tuple[str, str, str]:
    """The certificate's number, its title, and everything that is printed on its pages."""
    with ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        said = document.get_metadata_dict()
        text = "\n".join(words_of(document, number) for number in range(len(document)))
    number = said.get("Keywords", "")
    if not number or number not in text:
        raise ValueError(f"the number {number!r} is not printed")
    return number, said.get("Title", ""), text


def attached(pdf: bytes) -> bytes:
    """The credential in a file that was found genuine; nothing when it carries none."""
    frame = framed(pdf)
    if isinstance(frame, Frame):
        pdf = pdf[: frame.end]
    with ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        for number in range(document.count_attachments()):
            one = document.get_attachment(number)
            if one.get_name() == ATTACHED.decode("ascii"):
                return bytes(one.get_data())
    return b""


def words_of(document: pypdfium2.PdfDocument, number: int) -> str:
    """What a page says; everything is closed here, because PDFium must not be called from another thread meanwhile."""
    with contextlib.closing(document[number]) as page, contextlib.closing(page.get_textpage()) as words:
        said: str = words.get_text_range()
    return said
