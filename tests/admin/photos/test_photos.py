"""Photos: what is taken, made alike, refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image, ImageFile

from admin.photos.archive import Limits, Sent, sent_pictures
from admin.photos.portrait import Portrait, portrait, portraits
from admin.sheets.worker import in_worker
from scoring.verdict import Problem, Problems


def picture(width: int = 590, height: int = 826, kind: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    """A picture that is not of one colour."""
    image = Image.radial_gradient("L").resize((width, height)).convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def zipped(members: dict[str, bytes], flag: int | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def shown(one: Portrait) -> Image.Image:
    return Image.open(io.BytesIO(one.jpeg))


def refused(data: bytes, name: str = "张三.jpg") -> str:
    """The code with which a photo is refused, after looking at its words."""
    with pytest.raises(Problems) as caught:
        portrait(Sent(name, data))
    (problem,) = caught.value.problems
    assert problem.place.sheet == name
    assert problem.words.zh and problem.words.en and problem.mend.zh and problem.mend.en
    return problem.code


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (picture(295, 413), (295, 413)),
        (picture(590, 826), (590, 826)),
        (picture(2500, 3500), (590, 826)),
        (picture(500, 700), (295, 413)),
        (picture(600, 826), (590, 826)),
        (picture(295, 413, "PNG"), (295, 413)),
        (picture(590, 826, "PNG", "LA"), (590, 826)),
        (picture(590, 826, "JPEG", "L"), (590, 826)),
        (picture(590, 826, "JPEG", "CMYK"), (590, 826)),
    ],
)
def test_photos_become_alike(data: bytes, size: tuple[int, int]) -> None:
    """JPEG or PNG, grey, with transparency or in printer's colours: one kind of JPEG in one of two sizes."""
    kept = portrait(Sent("a.jpg", data))
    assert (kept.width, kept.height) == size == shown(kept).size
    assert (shown(kept).format, shown(kept).mode) == ("JPEG", "RGB")


def test_nothing_but_the_picture_is_kept() -> None:
    """Camera, place and thumbnail are gone, and a picture that lay on its side stands."""
    marks = Image.Exif()
    marks[0x0112] = 6
    marks[0x010F] = "camera"
    marks.get_ifd(0x8825)[1] = "N"
    kept = portrait(Sent("a.jpg", picture(826, 590, exif=marks, comment=b"secret")))
    assert (kept.width, kept.height) == (590, 826)
    assert not shown(kept).getexif() and b"camera" not in kept.jpeg and b"secret" not in kept.jpeg


def test_transparency_becomes_white() -> None:
    """A cut-out PNG stands on white, as certificates want it."""
    image = Image.new("RGBA", (295, 413), (0, 0, 0, 0))
    image.paste((200, 30, 30, 255), (100, 100, 200, 300))
    out = io.BytesIO()
    image.save(out, "PNG")
    assert min(shown(portrait(Sent("a.png", out.getvalue()))).getpixel((5, 5))) > 245


def bomb() -> bytes:
    """A hundred million pixels in a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo.format"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "photo.format"),
        (picture(kind="GIF", mode="L"), "photo.format"),
        (picture()[:5000], "photo.damaged"),
        (bomb(), "photo.too-many-pixels"),
        (picture(200, 280), "photo.too-small"),
        (picture(600, 600), "photo.ratio"),
        (picture(826, 590), "photo.ratio"),
        (b"\xff" * (13 << 20), "photo.too-heavy"),
    ],
)
def test_what_cannot_be_used_is_refused(data: bytes, code: str) -> None:
    """An SVG renamed .jpg, a cut-off file, a bomb, a square: each with its own code, its file and a mend."""
    assert refused(data) == code


def test_a_cut_off_picture_is_refused_whatever_others_asked_of_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that lets Pillow fill up cut-off pictures does so for the whole process; a photo is whole or refused."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert refused(picture()[:5000]) == "photo.damaged"
    assert ImageFile.LOAD_TRUNCATED_IMAGES


def test_a_sheet_of_one_colour_is_no_photo() -> None:
    """A scanner's empty page is told before it is printed on a badge."""
    out = io.BytesIO()
    Image.new("RGB", (295, 413), "white").save(out, "PNG")
    assert refused(out.getvalue()) == "photo.blank"


def test_a_zip_gives_its_pictures_by_name() -> None:
    """Folders count for nothing, litter of operating systems is passed over, Chinese names of old ZIPs are read."""
    sent = sent_pictures(
        zipped({"照片/张三.jpg": b"1", "__MACOSX/._张三.jpg": b"x", ".DS_Store": b"x", "b.png": b"2"}), "a.zip"
    )
    assert [(one.name, one.data) for one in sent] == [("张三.jpg", b"1"), ("b.png", b"2")]
    old = zipped({"XXXX.jpg": b"1"}).replace(b"XXXX", "张三".encode("gb18030"))
    assert [one.name for one in sent_pictures(old, "old.zip")] == ["张三.jpg"]
    assert sent_pictures(b"\xff\xd8", "C:\\photos\\李四.jpg") == (Sent("李四.jpg", b"\xff\xd8"),)


@pytest.mark.parametrize("name", ["../张三.jpg", "/etc/passwd", "a/../../b.jpg", "C:\\x.jpg"])
def test_a_path_that_climbs_refuses_the_archive(name: str) -> None:
    """Nobody packs such a path by accident."""
    with pytest.raises(Problems) as caught:
        sent_pictures(zipped({"ok.jpg": b"1", name: b"2"}), "photos.zip")
    assert caught.value.problems[0].code == "photo.path"


def test_archives_that_are_too_much_or_broken() -> None:
    """Counted while unpacking, so that a small archive cannot become a large one; encrypted and broken ones are told."""
    few = Limits(pictures=1, picture=1 << 20, unpacked=1 << 20)
    zeros = io.BytesIO()
    with zipfile.ZipFile(zeros, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", bytes(5 << 20))
    encrypted = bytearray(zipped({"a.jpg": b"1"}))
    for place in (encrypted.find(b"PK\x03\x04") + 6, encrypted.find(b"PK\x01\x02") + 8):
        encrypted[place] |= 1
    for data, code in (
        (zipped({"a.jpg": b"1", "b.jpg": b"2"}), "photo.too-many"),
        (zeros.getvalue(), "photo.archive-too-large"),
        (bytes(encrypted), "photo.archive-encrypted"),
        (b"PK\x03\x04" + bytes(100), "photo.archive-damaged"),
    ):
        with pytest.raises(Problems) as caught:
            sent_pictures(data, "photos.zip", few)
        assert caught.value.problems[0].code == code


def test_one_bad_photo_keeps_no_other_out() -> None:
    """In the worker, under its limits: the good ones come back, the bad one with its problem."""
    files = {
        "a.jpg": picture(),
        "b.jpg": b"no picture",
        "c.png": picture(kind="PNG"),
        "d.zip": zipped({"e.jpg": picture()}),
    }
    first, second, third, fourth = in_worker(portraits, sent_pictures(zipped(files), "a.zip"))
    assert isinstance(first, Portrait) and isinstance(second, Problem) and isinstance(third, Portrait)
    assert second.code == "photo.format"
    assert isinstance(fourth, Problem) and fourth.code == "photo.nested" and "单独上传" in fourth.mend.zh
