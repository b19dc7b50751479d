"""Files that somebody changed: every one is refused with its words. Genuine files: every one is believed.

Each change is made to a certificate of another kind in another design, signed plainly (B-B), with a time stamp (B-LT) or for
archives (B-LTA). All but the last few are made with what anybody has: an editor, a PDF library, a key and an authority of
their own, and the public authority that stamps for everybody, ours too.
"""

import asyncio
import contextlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import pypdfium2
import pytest
from asn1crypto import cms
from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from certificates.designs import DESIGNS
from certificates.keys import Key, Token
from certificates.lasting import signed_by_pyhanko
from certificates.rendering import Press
from certificates.signing import sign
from certificates.tokens import found
from certificates.verification import REASONS, Genuine, No, verify
from tests.certificates.paper import AT, KINDS, with_photo
from tests.certificates.signers import PIN, YEAR, Authority, authority, in_a_token

NAME = "河北省职业技能大赛组织委员会"
CREDENTIAL = b'{"credential": "of the holder"}'
RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


@dataclass(frozen=True)
class Case:
    """A certificate as it left the press, and everything a forger may have beside it."""

    pdf: bytes
    key: Key
    stranger: Key
    clock: Authority
    other_clock: Authority

    @cached_property
    def plain(self) -> bytes:
        return sign(self.pdf, self.key, AT, "颁发证书", attached=CREDENTIAL)

    @cached_property
    def stamped(self) -> bytes:
        return sign(self.pdf, self.key, AT, attached=CREDENTIAL, stamping=self.clock.stamping())

    @cached_property
    def archived(self) -> bytes:
        return sign(self.pdf, self.key, AT, attached=CREDENTIAL, stamping=self.clock.stamping(archival=True))


@pytest.fixture(scope="module")
def printed() -> list[bytes]:
    """A certificate of every design, of every kind in turn, with a photo where the design has room for one."""
    kinds = list(KINDS.values())
    return [
        next(Press(design).print([with_photo(KINDS["level"]) if DESIGNS[design].rows is not None else kinds[n % len(kinds)]]))
        for n, design in enumerate(DESIGNS)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def cases(printed: list[bytes]) -> list[Case]:
    key, stranger, clock, other = Key.create(NAME, AT), Key.create(NAME, AT), authority(), authority()
    return [Case(pdf, key, stranger, clock, other) for pdf in printed]


def flipped(after: bytes, skip: int = 0) -> Callable[[Case], bytes]:
    """One bit of the file changed, so many bytes behind the first place where this stands."""

    def change(case: Case) -> bytes:
        at = case.plain.index(after) + len(after) + skip
        return case.plain[:at] + bytes([case.plain[at] ^ 1]) + case.plain[at + 1 :]

    return change


def swapped(old: bytes, new: bytes) -> Callable[[Case], bytes]:
    """Bytes in place of as many others."""

    def change(case: Case) -> bytes:
        assert case.plain.count(old) >= 1 and len(old) == len(new)
        return case.plain.replace(old, new)

    return change


def updated(edit: Callable[[IncrementalPdfFileWriter], None], of: str = "plain") -> Callable[[Case], bytes]:
    """An incremental update, as every PDF editor saves what was changed."""

    def change(case: Case) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(getattr(case, of)), strict=False)
        edit(writer)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return change


def page_of(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    kid = writer.root["/Pages"]["/Kids"].raw_get(0)
    writer.mark_update(kid)
    return kid.get_object()


def ink(writer: IncrementalPdfFileWriter, words: bytes = b"1 0 0 rg 0 0 900 900 re f") -> generic.IndirectObject:
    return writer.add_object(generic.StreamObject(stream_data=words))


def overlay(writer: IncrementalPdfFileWriter) -> None:
    page = page_of(writer)
    old = page.raw_get("/Contents")
    page["/Contents"] = generic.ArrayObject([*(old if isinstance(old, generic.ArrayObject) else [old]), ink(writer)])


def other_content(writer: IncrementalPdfFileWriter) -> None:
    page_of(writer)["/Contents"] = ink(writer)


def annotation(subtype: str, **more: generic.PdfObject) -> Callable[[IncrementalPdfFileWriter], None]:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        page = page_of(writer)
        rect = generic.ArrayObject(generic.NumberObject(one) for one in (0, 0, 300, 300))
        said = {"/Type": "/Annot", "/Subtype": f"/{subtype}"}
        note = generic.DictionaryObject({pdf_name(a): pdf_name(b) for a, b in said.items()})
        note[pdf_name("/Rect")], note[pdf_name("/Contents")] = rect, pdf_string("冠军")
        note.update({pdf_name(f"/{name}"): value for name, value in more.items()})
        page["/Annots"] = generic.ArrayObject([*page.get("/Annots", ()), writer.add_object(note)])

    return edit


def form_field(writer: IncrementalPdfFileWriter) -> None:
    annotation("Widget", FT=pdf_name("/Tx"), T=pdf_string("name"), V=pdf_string("冠军"))(writer)
    writer.root["/AcroForm"]["/Fields"].append(page_of(writer)["/Annots"].raw_get(-1))
    writer.update_container(writer.root["/AcroForm"])


def another_page(writer: IncrementalPdfFileWriter) -> None:
    page = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Page"), pdf_name("/Contents"): ink(writer)})
    page[pdf_name("/Parent")] = writer.root.raw_get("/Pages")
    pages = writer.root["/Pages"]
    pages["/Kids"].append(writer.add_object(page))
    pages["/Count"] = generic.NumberObject(2)
    writer.update_container(pages)


def no_page(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Pages"]["/Kids"] = generic.ArrayObject()
    writer.update_container(writer.root["/Pages"])


def turned(writer: IncrementalPdfFileWriter) -> None:
    page_of(writer)["/Rotate"] = generic.NumberObject(180)


def cropped(writer: IncrementalPdfFileWriter) -> None:
    page_of(writer)["/CropBox"] = generic.ArrayObject(generic.NumberObject(one) for one in (0, 0, 200, 200))


def in_root(name: str, value: Callable[[], generic.PdfObject]) -> Callable[[IncrementalPdfFileWriter], None]:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        writer.root[name] = value()
        writer.update_root()

    return edit


def without(name: str) -> Callable[[IncrementalPdfFileWriter], None]:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        del writer.root[name]
        writer.update_root()

    return edit


def script() -> generic.DictionaryObject:
    said = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert('冠军')")}
    return generic.DictionaryObject(said)


def launched() -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name("/S"): pdf_name("/Launch"), pdf_name("/F"): pdf_string("cmd.exe")})


def attachment(name: str, content: bytes) -> Callable[[IncrementalPdfFileWriter], None]:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        if name == "credential.json":
            del writer.root["/Names"]
            del writer.root["/AF"]
        file = embed.EmbeddedFileObject.from_file_data(writer, content)
        embed.embed_file(writer, embed.FileSpec(name, file_name=name, embedded_data=file))

    return edit


def retitled(writer: IncrementalPdfFileWriter) -> None:
    info = writer.trailer.raw_get("/Info")
    info.get_object()["/Keywords"] = pdf_string("PD2026-999999")
    writer.mark_update(info)


def hidden(writer: IncrementalPdfFileWriter) -> None:
    """Shadow content: what was there before the signature is shown or hidden by a layer that is switched afterwards."""
    layer = writer.add_object(
        generic.DictionaryObject({pdf_name("/Type"): pdf_name("/OCG"), pdf_name("/Name"): pdf_string("a")})
    )
    off = generic.DictionaryObject({pdf_name("/OFF"): generic.ArrayObject([layer])})
    writer.root["/OCProperties"] = generic.DictionaryObject(
        {pdf_name("/OCGs"): generic.ArrayObject([layer]), pdf_name("/D"): off}
    )
    writer.update_root()
    overlay(writer)


def restamped(of: str, edit: Callable[[IncrementalPdfFileWriter], None] | None, own: bool) -> Callable[[Case], bytes]:
    """The file with an archive's time stamp over a change: anybody gets one, from our very authority."""

    def change(case: Case) -> bytes:
        pdf = getattr(case, of)
        if edit:
            pdf = updated(edit, of)(case)
        clock = case.clock if own else case.other_clock
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        return bytes(signers.PdfTimeStamper(clock.stamper).timestamp_pdf(writer, "sha256").getvalue())

    return change


def countersigned(case: Case) -> bytes:
    """A second signature, by a container that is somebody's."""
    return restamped("plain", None, own=False)(case).replace(b"/Type /DocTimeStamp", b"/Type /Sig         ")


def hole(pdf: bytes) -> tuple[int, int]:
    """Where the container of the first signature is, brackets included."""
    _, before, after, _ = (int(one) for one in RANGE.search(pdf).groups())  # type: ignore[union-attr]
    return before, after


def contained(pdf: bytes) -> bytes:
    before, after = hole(pdf)
    return bytes.fromhex(pdf[before + 1 : after - 1].decode())


def refilled(pdf: bytes, container: bytes) -> bytes:
    before, after = hole(pdf)
    return pdf[: before + 1] + container.hex().encode().ljust(after - before - 2, b"0") + pdf[after - 1 :]


def other_container(case: Case) -> bytes:
    """A stranger of the same name signs the very same bytes, in place."""
    before, after = hole(case.plain)
    covered = case.plain[:before] + case.plain[after:]
    return refilled(case.plain, case.stranger.containers.container(sha256(covered).digest()))


def other_token(case: Case, token: bool) -> bytes:
    """The time stamp in a signature, which that does not cover: another authority's, or none."""
    info = cms.ContentInfo.load(contained(case.stamped))
    (signer,) = info["content"]["signer_infos"]
    if not token:
        signer["unsigned_attrs"] = cms.CMSAttributes([])
    else:
        imprint = sha256(signer["signature"].native).digest()
        theirs = asyncio.run(case.other_clock.stamper.async_timestamp(imprint, "sha256"))
        signer["unsigned_attrs"] = cms.CMSAttributes(
            [cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [theirs]})]
        )
    return refilled(case.stamped, info.dump(force=True))


def reprinted(case: Case) -> bytes:
    """Opened and saved by another program."""
    out = io.BytesIO()
    pypdfium2.PdfDocument(case.plain).save(out)
    return out.getvalue()


def ranged(change: Callable[[list[int]], list[int]]) -> Callable[[Case], bytes]:
    """Another ByteRange in the same place."""

    def edit(case: Case) -> bytes:
        match = RANGE.search(case.plain)
        assert match
        new = b"/ByteRange [%s]" % b" ".join(b"%d" % one for one in change([int(one) for one in match.groups()]))
        return case.plain[: match.start()] + new.ljust(len(match[0])) + case.plain[match.end() :]

    return edit


def signed_late(case: Case) -> bytes:
    return sign(case.pdf, case.key, AT + 20 * YEAR, attached=CREDENTIAL)


def first_part(case: Case) -> int:
    match = RANGE.search(case.archived)
    assert match
    return int(match[3]) + int(match[4])


ALTERED, APPENDED, STRANGER, UNSIGNED = "altered", "appended", "unknown-signer", "unsigned"
TAMPERED: dict[str, tuple[Callable[[Case], bytes], str]] = {
    # bytes changed in place
    "a byte of the page": (flipped(b"stream\n", 40), ALTERED),
    "a byte of the last stream": (lambda case: bytes_changed(case, -400), ALTERED),
    "a byte of the font": (flipped(b"/Length1", 60), ALTERED),
    "a byte of the photo": (flipped(b"/DCTDecode", 200), ALTERED),
    "a byte of the credential": (flipped(b"/Type /EmbeddedFile", 160), ALTERED),
    "a byte of the metadata": (flipped(b"/Type /Metadata", 120), ALTERED),
    "another number in the metadata": (flipped(b"/Keywords", 6), ALTERED),
    "another language": (swapped(b"(zh-CN)", b"(en-US)"), ALTERED),
    "another size of page": (flipped(b"/MediaBox", 4), ALTERED),
    "another time of signing": (swapped(b"/M (D:2026", b"/M (D:2020"), ALTERED),
    "more allowed after signing": (swapped(b"/TransformParams/P 1", b"/TransformParams/P 3"), ALTERED),
    "another name of the attachment": (swapped(b"credential.json", b"somethingX.json"), ALTERED),
    "a field that is shown": (swapped(b"/F 132", b"/F 128"), ALTERED),
    # saved by an editor, as an update behind the signature
    "an overlay": (updated(overlay), APPENDED),
    "another page's content": (updated(other_content), APPENDED),
    "an appended page": (updated(another_page), APPENDED),
    "a removed page": (updated(no_page), APPENDED),
    "a turned page": (updated(turned), APPENDED),
    "a cropped page": (updated(cropped), APPENDED),
    "a note": (updated(annotation("FreeText")), APPENDED),
    "a stamp": (updated(annotation("Stamp")), APPENDED),
    "a link": (updated(annotation("Link", A=script())), APPENDED),
    "a form's field": (updated(form_field), APPENDED),
    "a script that runs when it is opened": (updated(in_root("/OpenAction", script)), APPENDED),
    "a program that runs when it is opened": (updated(in_root("/OpenAction", launched)), APPENDED),
    "another credential": (updated(attachment("credential.json", b'{"credential": "of another"}')), APPENDED),
    "one more attachment": (updated(attachment("virus.exe", b"MZ")), APPENDED),
    "another number in the properties": (updated(retitled), APPENDED),
    "shadow content, shown by a layer": (updated(hidden), APPENDED),
    "no form any more, so no signature to be seen": (updated(without("/AcroForm")), APPENDED),
    "no permissions any more": (updated(without("/Perms")), APPENDED),
    "a second signature by somebody": (countersigned, APPENDED),
    "a stamp of a foreign authority over it": (restamped("plain", None, own=False), APPENDED),
    "an empty line": (lambda case: case.plain + b"\n", APPENDED),
    "a ZIP behind it": (lambda case: case.plain + b"PK\x03\x04" + bytes(60), APPENDED),
    # the signature itself
    "the signature cut off": (lambda case: case.pdf, UNSIGNED),
    "printed to PDF": (reprinted, ALTERED),
    "cut by a byte": (lambda case: case.plain[:-1], ALTERED),
    "signed again by somebody of the same name": (lambda case: sign(case.pdf, case.stranger, AT), STRANGER),
    "a stranger's signature in place of ours": (other_container, STRANGER),
    "signed by another installation's RSA": (lambda case: signed_by_pyhanko(case.pdf, case.stranger, AT, "", ""), STRANGER),
    "the signature of another certificate": (lambda case: refilled(case.plain, contained(sign(case.pdf + b"\n", case.key, AT))), ALTERED),
    "a signature of zeros": (lambda case: refilled(case.plain, b""), "broken-signature"),
    "something in the room behind the signature": (lambda case: refilled(case.plain, contained(case.plain).rstrip(b"\0") + b"\0" * 9 + b"hidden"), ALTERED),
    "a range that begins later": (ranged(lambda r: [9, r[1] - 9, r[2], r[3]]), ALTERED),
    "a range that ends earlier": (ranged(lambda r: [r[0], r[1], r[2], r[3] - 20]), APPENDED),
    "a range with a larger hole": (ranged(lambda r: [r[0], r[1] - 30, r[2], r[3]]), ALTERED),
    "a range beyond the end": (ranged(lambda r: [r[0], r[1], r[2], r[3] + 50]), ALTERED),
    "a range in front of the real one": (lambda case: case.plain.replace(b"\n", b"\n%/ByteRange [0 10 20 30]\n", 1), ALTERED),
    "something in front of the file": (lambda case: b"GIF89a" + case.plain, "not-a-pdf"),
    "a key after its years": (signed_late, "not-valid-then"),
    # time stamps
    "a time stamp by another authority of the same name": (lambda case: other_token(case, True), "unknown-authority"),
    "a time stamp taken off": (lambda case: other_token(case, False), "unstamped"),
    "an overlay behind a time stamp": (updated(overlay, "stamped"), APPENDED),
    "an overlay that our own authority stamped": (restamped("stamped", overlay, own=True), APPENDED),
    "other content that our own authority stamped": (restamped("stamped", other_content, own=True), APPENDED),
    "a script that our own authority stamped": (restamped("stamped", in_root("/OpenAction", script), own=True), APPENDED),
    "another credential that our own authority stamped": (restamped("stamped", attachment("credential.json", b"{}"), own=True), APPENDED),
    "a foreign authority's stamp for archives": (restamped("stamped", None, own=False), "unknown-authority"),
    "an overlay behind the archive's stamp": (updated(overlay, "archived"), APPENDED),
    "a third time stamp": (restamped("archived", None, own=True), APPENDED),
    "a byte of the archive's part": (lambda case: case.archived[: first_part(case) + 100] + b"#" + case.archived[first_part(case) + 101 :], APPENDED),
    "half of the archive's part": (lambda case: case.archived[: first_part(case) + 900], APPENDED),
}  # fmt: skip


def bytes_changed(case: Case, at: int) -> bytes:
    """One bit of the file changed there."""
    at %= len(case.plain)
    return case.plain[:at] + bytes([case.plain[at] ^ 1]) + case.plain[at + 1 :]


def first(cases: list[Case], change: Callable[[Case], bytes]) -> tuple[Case, bytes]:
    """The first certificate that has what is to be changed, such as a photo."""
    for case in cases:
        with contextlib.suppress(ValueError):
            return case, change(case)
    raise ValueError("no certificate has that")


@pytest.mark.parametrize(("n", "what"), list(enumerate(TAMPERED)), ids=list(TAMPERED))
def test_a_changed_file_is_refused_with_its_words(n: int, what: str, cases: list[Case]) -> None:
    """Whatever was changed, however it was saved: the file is not genuine, and both languages say why."""
    change, rule = TAMPERED[what]
    case, changed = first(cases[n % len(cases) :] + cases, change)
    answer = verify(changed, [case.key.certificate_pem], case.clock.trust)
    assert answer == No(f"certificate.{rule}", REASONS[rule]) and REASONS[rule].zh and REASONS[rule].en


def test_every_genuine_file_is_believed(printed: list[bytes], cases: list[Case]) -> None:
    """Every design by two kinds of key in turn (ours, RSA and P-256 that were brought, in a file and in a token), plain, stamped
    and for archives: none is refused."""
    clock, (library, bought) = cases[0].clock, in_a_token()
    keys: list[Key | Token] = [
        cases[0].key,
        *bought[:2],
        *(found(library, "Podium", str(n), PIN, AT) for n in range(2)),
    ]
    trusted = [key.certificate_pem for key in keys]
    for n, pdf in enumerate(printed):
        for key in (keys[n % len(keys)], keys[(n + 1) % len(keys)]):
            assert isinstance(verify(sign(pdf, key, AT, attached=CREDENTIAL), trusted), Genuine)
        for archival in (False, True):
            signed = sign(pdf, keys[n % len(keys)], AT, attached=CREDENTIAL, stamping=clock.stamping(archival))
            answer = verify(signed, trusted, clock.trust)
            assert (
                isinstance(answer, Genuine) and answer.stamp and answer.stamp.level == ("B-LTA" if archival else "B-LT")
            )


def test_there_are_enough_of_them() -> None:
    """Forty at least, and each is another one."""
    assert len(TAMPERED) >= 40
