"""The ZIP of a template, read into memory and nowhere else: no name of a file ever reaches a disk.

Sizes are counted as they are unpacked, because the figures in a ZIP are only what its writer says.
"""

import io
import pathlib
import posixpath
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from certificates.own import figures, svg
from certificates.own.faults import Faulty
from certificates.own.figures import Figures

EXAMPLE = pathlib.Path(__file__).resolve().parent / "example"
LARGEST = 5_000_000
LARGEST_UNPACKED = 20_000_000
MOST_FILES = 40
MOST_PIXELS = 25_000_000
PAGE, STYLE, FIGURES = "template.html", "style.css", "design.toml"
PICTURES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
TEXTS = (".html", ".css", ".svg", ".toml")
IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db")  # what systems add by themselves
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Own:
    """A template: its files by name, its texts read, and the figures that text is fitted by."""

    files: Mapping[str, bytes]
    texts: Mapping[str, str]
    figures: Figures


def read(data: bytes) -> Own:
    """The template in a ZIP. Raises Faulty."""
    if len(data) > LARGEST:
        raise Faulty("zip.too-large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = unpacked(archive)
    except UNREADABLE as error:
        if isinstance(error, Faulty):
            raise
        raise Faulty("zip.unreadable") from error
    files = from_its_folder(files)
    if PAGE not in files:
        raise Faulty("file.missing", PAGE)
    texts = {name: text_of(name, content) for name, content in files.items() if name.endswith(TEXTS)}
    for name, content in files.items():
        if name.endswith(".svg"):
            svg.check(name, texts[name])
        elif picture := PICTURES.get(posixpath.splitext(name)[1]):
            check_picture(name, content, picture)
    return Own(files, texts, figures.read(FIGURES, texts.get(FIGURES, "")))


def unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The files of an archive by name."""
    members = [one for one in archive.infolist() if not one.is_dir() and not ignored(one.filename)]
    if len(members) > MOST_FILES:
        raise Faulty("zip.too-many", detail=str(len(members)))
    files: dict[str, bytes] = {}
    left = LARGEST_UNPACKED
    for one in members:
        check_member(one, files)
        with archive.open(one) as file:
            files[one.filename] = content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise Faulty("zip.bomb", one.filename)
    return files


def ignored(name: str) -> bool:
    """Whether a file is one that a computer puts into every ZIP by itself."""
    return any(part in IGNORED for part in name.split("/"))


def check_member(one: zipfile.ZipInfo, known: Mapping[str, bytes]) -> None:
    """Nothing that leaves the ZIP, points elsewhere, is locked, or is of no kind that a template is made of."""
    name, mode = one.filename, one.external_attr >> 16
    if name.startswith("/") or "\\" in one.orig_filename or ":" in name or {"..", "."} & set(name.split("/")):
        raise Faulty("zip.path", name)
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise Faulty("zip.link", name)
    if one.flag_bits & 1:
        raise Faulty("zip.locked", name)
    if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Faulty("zip.unreadable", name)
    if name in known:
        raise Faulty("zip.twice", name)
    if not name.endswith((*TEXTS, *PICTURES)) or (name.endswith(".toml") and posixpath.basename(name) != FIGURES):
        raise Faulty("zip.kind", name)


def from_its_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """Without the folder that everything lies in, where somebody packed the folder and not what is in it."""
    tops = {name.partition("/")[0] for name in files}
    if PAGE in files or len(tops) != 1 or not all("/" in name for name in files):
        return files
    return {name.partition("/")[2]: content for name, content in files.items()}


def text_of(name: str, content: bytes) -> str:
    """A file's text. Raises Faulty with the line where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Faulty("text.encoding", name, content.count(b"\n", 0, error.start) + 1) from error


def check_picture(name: str, content: bytes, kind: str) -> None:
    """What its name says, whole, and no larger than a page can show."""
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Faulty("picture.too-large", name, detail=f"{picture.width} × {picture.height}")
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Faulty("picture.too-large", name) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, Faulty):
            raise
        raise Faulty("picture.unreadable", name) from error


def example() -> bytes:
    """A template to begin with, as a ZIP that is the same each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(EXAMPLE.rglob("*.*")):
            about = zipfile.ZipInfo(path.relative_to(EXAMPLE).as_posix())
            archive.writestr(about, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()
