"""Takes pictures out of what somebody sent: a ZIP, or one picture.

Names in old ZIPs are in the sender's own alphabet (GB 18030 here) and are read so. Folders inside count for nothing,
except that a path that climbs out refuses the whole archive: nobody packs such a thing by accident. What is unpacked is
counted while it is unpacked, whatever the archive says of itself.
"""

import contextlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from admin.photos.wording import problem
from scoring.verdict import Problems

MEGABYTE = 1 << 20
UTF8_NAME = 0x800
ENCRYPTED = 0x1


@dataclass(frozen=True)
class Limits:
    """How much may come at once. The worker's 512 MB and 20 s stand behind these."""

    pictures: int = 500
    picture: int = 12 * MEGABYTE
    unpacked: int = 240 * MEGABYTE


LIMITS = Limits()


@dataclass(frozen=True)
class Sent:
    """One file as it was sent: its name without folders, and its bytes."""

    name: str
    data: bytes


def sent_pictures(data: bytes, name: str, limits: Limits = LIMITS) -> tuple[Sent, ...]:
    """The pictures in a ZIP, or the file itself. Raises Problems when the whole of it is refused."""
    if not data.startswith(b"PK\x03\x04"):
        return (Sent(PurePosixPath(name.replace("\\", "/")).name, data),)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return tuple(_unpacked(archive, name, limits))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise Problems((problem("archive-damaged", name),)) from error


def _unpacked(archive: zipfile.ZipFile, name: str, limits: Limits) -> Iterator[Sent]:
    wanted = [(member, _path(member)) for member in archive.infolist() if not member.is_dir()]
    if any(path.is_absolute() or ".." in path.parts or ":" in str(path) for _, path in wanted):
        raise Problems((problem("path", name),))
    wanted = [(member, path) for member, path in wanted if not _is_litter(path)]
    if len(wanted) > limits.pictures:
        raise Problems((problem("too-many", name, limit=limits.pictures),))
    if any(member.flag_bits & ENCRYPTED for member, _ in wanted):
        raise Problems((problem("archive-encrypted", name),))
    left = limits.unpacked
    for member, path in wanted:
        with archive.open(member) as stream:
            data = stream.read(min(limits.picture, left) + 1)
        left -= len(data)
        if left < 0:
            raise Problems((problem("archive-too-large", name, limit=f"{limits.unpacked // MEGABYTE} MB"),))
        yield Sent(path.name, data)


def _path(member: zipfile.ZipInfo) -> PurePosixPath:
    """The path in it, in the alphabet in which it was written."""
    name = member.filename
    if not member.flag_bits & UTF8_NAME:
        with contextlib.suppress(UnicodeError):  # then it is what it says
            name = name.encode("cp437").decode("gb18030")
    return PurePosixPath(name.replace("\\", "/"))


def _is_litter(path: PurePosixPath) -> bool:
    """What operating systems leave behind."""
    return path.name.startswith(".") or path.name.lower() in ("thumbs.db", "desktop.ini") or "__MACOSX" in path.parts
