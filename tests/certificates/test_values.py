"""The certificate as a value, its numbers, its words, its fitting and its photo."""

import dataclasses
import datetime
import io
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from certificates import fitting, photo, wording
from certificates.__main__ import main
from certificates.certificate import Certificate, Organisation
from certificates.composing import compose as compose_sheet
from certificates.designs import named
from certificates.fonts import faces
from certificates.numbering import NATIONAL, BadNumber, Format, compose, parse
from tests.certificates.paper import KINDS, LONG, PLAIN, with_photo


@pytest.mark.parametrize("certificate", [PLAIN, with_photo(LONG), *KINDS.values()])
def test_a_certificate_survives_json(certificate: Certificate) -> None:
    """What was issued is kept as JSON and comes back equal."""
    assert certificate == Certificate.from_data(json.loads(json.dumps(certificate.as_data())))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nmae": "王"}, "no field nmae"),
        ({"date": "soon"}, "isoformat"),
        ({"language": "fr"}, "language"),
        ({"organisations": []}, "one to four"),
        ({"organisations": [{"nome": "x"}]}, "incomplete"),
        ({"photo": "%%"}, "base64"),
        ({"kind": "licence"}, "no kind"),
    ],
)
def test_json_that_is_no_certificate_is_refused(change: dict[str, object], words: str) -> None:
    """A misspelt field is never lost in silence."""
    with pytest.raises(ValueError, match=words):
        Certificate.from_data({**PLAIN.as_data(), **change})


def test_numbers_are_made_and_taken_apart() -> None:
    """A number composed from its parts gives the parts back."""
    form = Format("PD{year}-{serial:06}")
    assert compose(form, year=2026, serial=137) == "PD2026-000137"
    assert parse(form, "PD2026-000137") == {"year": "2026", "serial": "000137"}
    assert None is parse(form, "PD2026-137")


def test_the_national_form_has_22_characters() -> None:
    """人社鉴发〔2019〕2号: Y·0001·23·000001·19·5·000001."""
    parts = parse(NATIONAL, "Y000123000001195000001")
    assert tuple((parts or {}).values()) == ("Y", "0001", "23", "000001", "19", "5", "000001")
    assert compose(NATIONAL, **(parts or {})) == "Y000123000001195000001"
    assert None is parse(NATIONAL, "Y00012300000119500000")


@pytest.mark.parametrize("pattern", ["PD{year}", "{serial}{serial}", "{serial}<b>", "{serial", "{serial} x"])
def test_a_format_that_cannot_number_is_refused(pattern: str) -> None:
    """One serial, each field once, and only characters that a number may have."""
    with pytest.raises(BadNumber):
        Format(pattern)


def test_a_serial_that_does_not_fit_is_refused() -> None:
    """The millionth certificate does not silently get a seventh digit, and no part is missing."""
    with pytest.raises(BadNumber):
        compose(Format("PD{serial:06}"), serial=1_000_000)
    with pytest.raises(BadNumber):
        compose(Format("PD{year}-{serial:06}"), serial=1)


@pytest.mark.parametrize(
    ("date", "words"),
    [
        (datetime.date(2026, 10, 18), "二〇二六年十月十八日"),
        (datetime.date(2030, 1, 31), "二〇三〇年一月三十一日"),
        (datetime.date(2026, 12, 20), "二〇二六年十二月二十日"),
    ],
)
def test_dates_are_written_in_characters(date: datetime.date, words: str) -> None:
    """Zero is 〇; ten, twenty and thirty-one as they are spoken."""
    assert words == wording.date_in_characters(date)


@pytest.mark.parametrize(("rank", "said"), [("1", "1st"), ("2", "2nd"), ("3", "3rd"), ("11", "11th"), ("112", "112th")])
def test_english_ranks(rank: str, said: str) -> None:
    """11th, not 11st."""
    assert said == wording.ordinal(rank)


def test_the_year_is_said_once() -> None:
    """A competition whose name has its year is not given another."""
    assert wording.competition(PLAIN) == "2026年河北省职业技能大赛"
    named = dataclasses.replace(PLAIN, competition="2026年河北省职业技能大赛")
    assert wording.competition(named) == "2026年河北省职业技能大赛"


def test_long_names_shrink_and_then_break_after_a_dot() -> None:
    """One line down to the floor; below it the name breaks after “·”, as evenly as can be."""
    kai = faces().kai
    assert fitting.lines("王㛃", kai, 205, 36, 24) == (("王㛃",), 36)
    one, size = fitting.lines("阿卜杜热西提·阿卜杜热合曼·买买提艾力江", kai, 205, 36, 24)
    assert len(one) == 1 and 24 <= size < 36
    two, size = fitting.lines("阿卜杜热西提·阿卜杜热合曼·买买提艾力江·吐尔逊尼亚孜·库尔班江", kai, 205, 36, 24)
    assert two == ("阿卜杜热西提·阿卜杜热合曼·", "买买提艾力江·吐尔逊尼亚孜·库尔班江") and size == 24
    assert fitting.lines("Aleksandr Konstantinowitsch Müller-Lüdenscheidt", kai, 205, 36, 24, track=0.06)[0] == (
        "Aleksandr Konstantinowitsch",
        "Müller-Lüdenscheidt",
    )


def test_sizes_are_half_points() -> None:
    """A batch shares few sizes, and so few layouts."""
    kai = faces().kai
    assert all(2 * fitting.size_for("国" * count, kai, 200, 40) % 1 == 0 for count in range(1, 60))


def test_a_photo_is_cut_to_size_and_encoded_anew() -> None:
    """25 × 35 mm at 300 dpi, whatever came in; transparency becomes white paper, sixteen bits of grey the same grey in eight."""
    out = io.BytesIO()
    Image.new("RGBA", (800, 600), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(photo.prepared(out.getvalue()))) as picture:
        assert (picture.format, picture.size, picture.mode) == ("JPEG", (295, 413), "RGB")
        assert all(level > 250 for level in picture.getpixel((100, 100)))  # type: ignore[union-attr]
    scanned = io.BytesIO()
    Image.new("I;16", (300, 420), 40_000).save(scanned, "PNG")
    with Image.open(io.BytesIO(photo.prepared(scanned.getvalue()))) as picture:
        assert picture.getpixel((100, 100)) == (40_000 // 256,) * 3


def camera(size: tuple[int, int], **more: Any) -> bytes:
    """A colourful JPEG as a camera gives it, with a comment that must not come through."""
    colours = [Image.radial_gradient("L"), Image.linear_gradient("L"), Image.linear_gradient("L").rotate(90)]
    out = io.BytesIO()
    Image.merge("RGB", colours).resize(size).save(out, "JPEG", quality=95, comment=b"where I live", **more)
    return out.getvalue()


def test_a_prepared_photo_is_given_back() -> None:
    """Preparing twice changes nothing; a foreign file with our head is encoded anew, and what was hidden in it is gone."""
    once = photo.prepared(camera((590, 826)))
    assert photo.prepared(once) is once
    assert b"where I live" not in once
    smuggled = once[:-2] + b"\xff\xfe\x00\x0ewhere I live" + once[-2:]
    assert b"where I live" not in photo.prepared(smuggled)
    assert photo.is_prepared(photo.prepared(smuggled))


@pytest.mark.parametrize("size", [(590, 826), (2400, 3360), (295, 413)])
def test_a_large_photo_is_unpacked_small_and_looks_the_same(size: tuple[int, int]) -> None:
    """Reading a JPEG at a fraction of its size gives, to the eye, what reading it whole and shrinking it gives; upright too."""
    for lying in (False, True):
        exif = Image.Exif()
        exif[photo.ORIENTATION] = 6 if lying else 1
        data = camera((size[1], size[0]) if lying else size, exif=exif)
        with Image.open(io.BytesIO(data)) as picture:
            upright = ImageOps.exif_transpose(picture)
            whole = ImageOps.fit(upright, (photo.WIDTH, photo.HEIGHT), Image.Resampling.LANCZOS)
        with Image.open(io.BytesIO(photo.prepared(data))) as small:
            off = ImageStat.Stat(ImageChops.difference(whole, small)).mean
        assert max(off) < 2, off


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG that says it is as large as that."""
    out = io.BytesIO()
    Image.new("1", (8, 8)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")  # or it would be refused as damaged
    return bytes(data)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\xff\xd8\xff\xe0" + bytes(50), bomb(), bomb(1, 39_000_000), b"GIF89a" + bytes(99)]
)
def test_a_photo_that_is_none_is_refused_in_words(data: bytes) -> None:
    """Rubbish, bombs and other formats: said in both languages, nothing decoded."""
    with pytest.raises(photo.UnusablePhoto) as caught:
        photo.prepared(data)
    assert caught.value.words.zh and ("too many pixels" in caught.value.words.en) == data.startswith(b"\x89PNG")


def test_the_command_prints_json_and_lists_what_it_cannot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m certificates` gives a file per certificate, or the characters that stop it and status 1."""
    source = tmp_path / "in.json"
    source.write_text(json.dumps([PLAIN.as_data()]), "utf-8")
    assert main([str(source), str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "PD2026-000137.pdf").read_bytes()[:5] == b"%PDF-"
    source.write_text(json.dumps([{**PLAIN.as_data(), "name": "李㸚"}]), "utf-8")
    assert main([str(source), str(tmp_path / "out")]) == 1
    assert "PD2026-000137: name 㸚 U+3E1A" in capsys.readouterr().err
    source.write_text("[{}]", "utf-8")
    assert main([str(source), str(tmp_path / "out")]) == 1


def test_a_signer_is_called_in_english_where_the_paper_is() -> None:
    """A certificate in English alone prints the signer's English name, broken between words; any other prints the name itself, one in
    both languages the English name under it;
    where there is no English name nothing changes, not even in what is kept."""
    one = Organisation(
        "省职业技能竞赛组委会", name_en="Organising Committee of the Provincial Vocational Skills Competition"
    )
    paper = dataclasses.replace(PLAIN, organisations=(one,))
    signed = {
        language: compose_sheet(dataclasses.replace(paper, language=language), named("classical"), faces()).signatures[0]
        for language in ("zh", "en", "both")
    }  # fmt: skip
    lines = {language: there.lines for language, there in signed.items()}
    assert " ".join(signed["both"].english) == one.name_en and not (signed["zh"].english or signed["en"].english)
    assert " ".join(lines["en"]) == one.name_en and len(lines["en"]) > 1
    assert "".join(lines["zh"]) == "".join(lines["both"]) == one.name
    assert Certificate.from_data(paper.as_data()) == paper
    assert PLAIN.as_data()["organisations"] == [{"name": "河北省职业技能大赛组织委员会", "seal_line2": "竞赛专用章"}]
