"""Is it genuine? Asked by number, by code and by file, with good papers and with everything that people try instead."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from certificates import verification
from certificates.keys import Key
from server.database.tables import Certificate, Revocation, SigningKey
from server.issuing.printing import place_of, print_pending
from server.pace import MOST
from server.verification.flow import LARGEST_FILE, mask_name
from tests.server.conftest import Site, Visitor
from tests.server.small import brought, founded


@dataclass(frozen=True)
class Papers:
    """Three printed certificates, the first one for everybody's use, the last one revoked."""

    numbers: list[str]
    tokens: list[str]
    names: list[str]
    pdfs: list[bytes]


@pytest.fixture(scope="module")
async def papers(site: Site) -> Papers:
    """A small competition's certificates, printed and signed."""
    small = await brought(await founded(), "certified")
    competition = await small.competition()
    folder = Path(site.app.state.settings.data) / "certificates" / small.slug
    with ThreadPoolExecutor(1) as press:
        async for _ in print_pending(competition["id"], folder, site.app.state.sealer, "组委会", press):  # type: ignore[arg-type]
            pass
    rows = await Certificate.select().order_by(Certificate.number)
    revocation = Revocation(
        id=uuid4(), certificate=rows[2]["id"], ground="superseded", reason="举报人王小明", replaced_by="PD2026-000009", at=datetime.now(UTC)
    )  # fmt: skip
    await Revocation.insert(revocation)
    return Papers(
        [row["number"] for row in rows],
        [row["token"] for row in rows],
        [json.loads(row["content"])["name"] for row in rows],
        [place_of(folder, row["number"]).read_bytes() for row in rows],
    )


@pytest.fixture
async def stranger(site: Site) -> Visitor:
    """Somebody with a paper in their hand and no account."""
    return await site.visitor()


async def by_file(stranger: Visitor, pdf: bytes) -> dict[str, Any]:
    """What the API says of a file; the page must say the same."""
    response = await stranger.post("/api/verify", files={"data": ("c.pdf", pdf)}, headers={"x-csrf-token": ""})
    page = await stranger.post("/verify", files={"file": ("c.pdf", pdf)})
    assert response.status_code == 200, response.text
    assert page.status_code == (200 if pdf else 422), page.text
    assert "Traceback" not in page.text
    found: dict[str, Any] = response.json()
    return found


async def test_a_number_alone_shows_a_masked_name(papers: Papers, stranger: Visitor) -> None:
    """Numbers can be counted through, so they tell only what the holder of the paper can recognise."""
    found = (await stranger.get(f"/api/verify/{papers.numbers[0].lower()}")).json()
    page = await stranger.get("/verify", params={"number": f" {papers.numbers[0]} "})
    assert found["outcome"] == "genuine" and found["paper"]["name"] == mask_name(papers.names[0]) != papers.names[0]
    assert papers.names[0] not in page.text and mask_name(papers.names[0]) in page.text
    assert ("name", "unchecked") in {(one["id"], one["state"]) for one in found["checks"]}
    english = await stranger.get("/verify", params={"number": papers.numbers[0], "lang": "en"})
    assert "This number is in the register" in english.text and "This certificate is genuine" not in english.text


async def test_a_number_is_found_however_a_telephone_types_it(papers: Papers, stranger: Visitor) -> None:
    """Full-width letters, other hyphens, spaces and small letters are the number that the paper shows; guesses of the name are
    counted together whatever the spelling, and what a verdict shows of a person is kept nowhere and listed nowhere.
    """
    number = papers.numbers[2]
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    for typed in (wide, number.replace("-", "–").lower(), " ".join(number)):
        found = (await stranger.get(f"/api/verify/{typed}")).json()
        assert found["number"] == number and found["outcome"] != "not-found", typed
    spellings = [number, wide, number.lower()]
    for guess in range(5):
        told = await stranger.get(f"/api/verify/{spellings[guess % 3]}", params={"name": "李四光"})
        assert told.status_code == 200
    assert (await stranger.get(f"/api/verify/{wide}", params={"name": "李四光"})).status_code == 429
    page = await stranger.get(f"/v/{papers.tokens[0]}")
    assert papers.names[0] in page.text and "no-store" in page.headers["cache-control"]
    assert '<meta name="robots" content="noindex">' in page.text


async def test_the_code_on_the_paper_shows_what_the_paper_shows(papers: Papers, stranger: Visitor) -> None:
    """Who scanned the code has the paper: the name is whole, on the page as well."""
    found = (await stranger.get(f"/api/verify/code/{papers.tokens[0]}")).json()
    page = await stranger.get(f"/v/{papers.tokens[0]}")
    assert (found["outcome"], found["paper"]["name"], found["number"]) == (
        "genuine",
        papers.names[0],
        papers.numbers[0],
    )
    assert papers.names[0] in page.text


async def test_the_file_is_genuine_to_the_byte(papers: Papers, stranger: Visitor) -> None:
    """Signature, content and register all pass, and the number is found in the file."""
    found = await by_file(stranger, papers.pdfs[0])
    assert (found["outcome"], found["number"]) == ("genuine", papers.numbers[0])
    assert {check["id"]: check["state"] for check in found["checks"]} == {
        "signature": "passed", "timestamp": "fact", "content": "passed", "credential": "passed", "register": "passed", "revocation": "passed",
    }  # fmt: skip


@pytest.mark.parametrize("number", ["PD2026-999999", "X", "' OR 1=1 --", "赵一", "PD2026-00000%"])
async def test_a_number_that_nobody_has_is_not_found(papers: Papers, stranger: Visitor, number: str) -> None:
    """Whatever is asked, the answer is an answer, as data and as a page."""
    for address in (f"/api/verify/{number}", f"/api/verify/code/{number}"):
        response = await stranger.get(address)
        assert (response.status_code, response.json()["outcome"]) == (200, "not-found"), response.text
    assert (await stranger.get(f"/v/{number}")).status_code == 200
    assert (await stranger.get(f"/verify?number={number}")).status_code == 200


async def test_a_revoked_certificate_is_told_to_be_so_in_every_way(papers: Papers, stranger: Visitor) -> None:
    """By number, by code and by file: revoked, since when, on what ground, and which one replaces it; neither what it said nor the
    office's reason is repeated."""
    asked = (
        (await stranger.get(f"/api/verify/{papers.numbers[2]}")).json(),
        (await stranger.get(f"/api/verify/code/{papers.tokens[2]}")).json(),
        await by_file(stranger, papers.pdfs[2]),
    )
    for found in asked:
        assert (found["outcome"], found["paper"]) == ("revoked", None)
        assert (found["revoked"]["ground"], found["revoked"]["replaced_by"]) == ("superseded", "PD2026-000009")
        assert "王小明" not in str(found)
    page = await stranger.get(f"/v/{papers.tokens[2]}")
    assert "已由更正后的证书代替" in page.text and "王小明" not in page.text and papers.names[2] not in page.text


def tampered(pdf: bytes) -> dict[str, bytes]:
    """What people do to a file that is not theirs."""
    middle = len(pdf) // 2
    return {
        "one byte changed": pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :],
        "something appended": pdf + b"\n%%EOF\n",
        "cut off": pdf[:-200],
        "a picture of a certificate": b"\x89PNG\r\n\x1a\n" + pdf,
        "nothing": b"",
        "words": "这不是证书".encode(),
        "a frame without a body": b"%PDF-1.7\n/ByteRange [0 10 20 5]\n%%EOF",
    }


@pytest.mark.parametrize("what", tampered(b"x" * 500))
async def test_a_file_that_was_touched_is_not_genuine(papers: Papers, stranger: Visitor, what: str) -> None:
    """The reason is told in both languages, and nothing of what the register knows."""
    found = await by_file(stranger, tampered(papers.pdfs[0])[what])
    assert (found["outcome"], found["paper"]) == ("not-genuine", None)
    assert any(check["state"] == "failed" and check["zh"] and check["en"] for check in found["checks"])


def swollen(pdf: bytes) -> bytes:
    """A genuine file with a cross-reference of three hundred bytes behind it, which names a thousand million objects, and with the
    frame of a second time stamp."""
    end, many = (
        len(pdf),
        b"9999 0 obj\n<</Type/XRef/W[0 0 0]/Index[0 1000000000]/Size 1000000000/Length 0/Root 1 0 R>>\nstream\n",
    )
    many += b"\nendstream\nendobj\nstartxref\n%010d\n%%%%EOF\n"
    frame = b"\n%%/ByteRange [0 %d %d %010d]\n"
    start = end + len(frame % (end + 2, end + 4, 0))
    return pdf + frame % (end + 2, end + 4, start + len(many % 0) - end - 4) + many % start


async def test_what_stands_behind_a_signature_is_read_of_files_on_record_alone(
    papers: Papers, stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused as appended, and the parser that would make a list of a thousand million objects is not called."""
    opened: list[bytes] = []
    monkeypatch.setattr(verification, "judged", lambda pdf, *_: opened.append(pdf))
    found = await by_file(stranger, swollen(papers.pdfs[0]))
    assert (
        found["outcome"] == "not-genuine"
        and found["checks"][0]["en"].startswith("Something was appended")
        and not opened
    )


async def test_a_file_of_another_installation_is_not_ours(papers: Papers, stranger: Visitor) -> None:
    """A whole and valid signature by a key that we never had."""
    other = Key.create("别处组委会", datetime.now(UTC))
    ours = {row["id"]: row["certificate"] for row in await SigningKey.select(SigningKey.id, SigningKey.certificate)}
    for id in ours:
        await SigningKey.update({SigningKey.certificate: other.certificate_pem.decode()}).where(SigningKey.id == id)
    try:
        found = await by_file(stranger, papers.pdfs[0])
    finally:
        for id, certificate in ours.items():
            await SigningKey.update({SigningKey.certificate: certificate}).where(SigningKey.id == id)
    assert found["outcome"] == "not-genuine" and found["checks"][0]["id"] == "signature"


async def test_a_signed_file_that_the_register_does_not_know_is_not_genuine(papers: Papers, stranger: Visitor) -> None:
    """Our own key is not enough: the very bytes must be on record, so that a stolen key prints nothing that passes."""
    mine = Certificate.number == papers.numbers[1]
    before = await Certificate.select(Certificate.pdf_sha256).where(mine).first()
    await Certificate.update({Certificate.pdf_sha256: "0" * 64}).where(mine)
    try:
        found = await by_file(stranger, papers.pdfs[1])
    finally:
        await Certificate.update({Certificate.pdf_sha256: before["pdf_sha256"]}).where(mine)
    assert (found["outcome"], found["paper"]) == ("not-genuine", None)
    assert [check["state"] for check in found["checks"]] == ["fact", "fact", "failed"]


async def test_a_file_that_is_too_large_is_not_read_to_its_end(papers: Papers, stranger: Visitor) -> None:
    """Eleven megabytes are no certificate of ours; what no certificate could be is not even taken in."""
    found = await by_file(stranger, b"%PDF-1.7\n" + bytes(11_000_000))
    assert found["outcome"] == "not-genuine" and LARGEST_FILE < 11_000_000
    response = await stranger.post("/api/verify", files={"data": ("c.pdf", bytes(13_000_000))})
    assert response.status_code == 413 and response.json()["words"]["zh"]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"files": {"x": (None, "no file")}},
        {"data": {"number": "x"}},
        {"content": b"%PDF-1.7"},
        {"json": {"data": 1}},
    ],
)
async def test_a_post_without_a_file_is_an_error_that_can_be_read(
    papers: Papers, stranger: Visitor, given: Any
) -> None:
    """No upload, a field that is no file, a body of another kind: a code, not a failure of the program."""
    response = await stranger.post("/api/verify", **given)
    assert 400 <= response.status_code < 500 and response.json()["code"]
    page = await stranger.post("/verify", headers={"accept": "text/html"}, **given)
    assert page.status_code < 500 and "Traceback" not in page.text


@pytest.mark.parametrize("field", ["file", "other"])
async def test_an_empty_upload_is_asked_for_again_and_not_judged(papers: Papers, stranger: Visitor, field: str) -> None:
    """Nobody who forgot to choose the file may read that their certificate is false."""
    page = await stranger.post("/verify", headers={"accept": "text/html"}, files={field: ("c.pdf", b"")})
    assert page.status_code == 422
    assert "请选择证书的 PDF 文件" in page.text and 'class="verdict' not in page.text


@pytest.mark.parametrize(
    ("name", "shown"), [("王小明", "王*明"), ("李雷", "李*"), ("李", "李"), ("欧阳娜娜", "欧**娜"), ("", "")]
)
def test_a_masked_name_can_be_recognised_and_not_guessed(name: str, shown: str) -> None:
    """The first sign, and the last one where there is something between."""
    assert mask_name(name) == shown


async def test_who_gives_the_name_reads_it_and_who_guesses_is_stopped(papers: Papers, stranger: Visitor) -> None:
    """By number and name: the right one, typed with spaces, is answered whole; a wrong one is told to be wrong and shows
    nothing; the sixth wrong one for a number waits, on the page and in the API, while the code on the paper goes on."""
    number, name = papers.numbers[1], papers.names[1]
    found = (await stranger.get(f"/api/verify/{number}", params={"name": " ".join(name)})).json()
    assert (found["outcome"], found["paper"]["name"]) == ("genuine", name)
    assert ("name", "passed") in {(one["id"], one["state"]) for one in found["checks"]}
    wrong = (await stranger.get(f"/api/verify/{number}", params={"name": "李四光"})).json()
    assert (wrong["outcome"], wrong["paper"]) == ("not-genuine", None)
    assert "登记的姓名与填写的不同。" in [one["zh"] for one in wrong["checks"]]
    for guess in ("王一", "王二", "王三", "王五"):
        page = await stranger.get("/verify", params={"number": number, "name": guess})
        assert name not in page.text and "登记的姓名与填写的不同。" in page.text
        assert "抄错了也会这样答复" in page.text and "PDF 会失去签名" not in page.text, "no file was given"
    refused = await stranger.get(f"/api/verify/{number}", params={"name": name})
    shown = await stranger.get("/verify", params={"number": number, "name": name})
    assert (refused.status_code, refused.json()["code"], shown.status_code) == (429, "verify.wait", 429)
    assert "这个编号填错姓名的次数过多。" in shown.text and number in shown.text
    assert (await stranger.get(f"/api/verify/code/{papers.tokens[1]}")).json()["outcome"] == "genuine"


async def test_nobody_walks_through_all_numbers(papers: Papers, site: Site) -> None:
    """From one address only so many answers a minute, by whatever way; somebody at another address is answered."""
    walker, other = await site.visitor(), await site.visitor()
    answers = [(await walker.get(f"/api/verify/PD2026-{at:06}")).status_code for at in range(MOST)]
    assert set(answers) == {200}
    refused, page = await walker.get(f"/api/verify/code/{papers.tokens[0]}"), await walker.get("/verify?number=1")
    assert (refused.status_code, refused.json()["code"], page.status_code) == (429, "http.429", 429)
    assert (await other.get(f"/v/{papers.tokens[0]}")).status_code == 200
