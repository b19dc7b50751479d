"""A disk that keeps nothing but what it was told to keep, replayed from a trace of system calls.

`traced` is how the calls are written down; `Disk` reads them in the order in which the tracer saw them. The tracer holds
a process at the begin and at the end of each call, so that the order of the lines is one that really happened: a write
whose end stands before the begin of an fsync of the same file was handed over before that fsync began.

On the disk is: what lay there when the trace began; of each file, the writes that ended before an fsync or fdatasync of
that file began which came to its end; of each folder, the names that it had when an fsync of the folder began. POSIX
promises no more, and a file system such as ext4 keeps more. Everything else is dropped, or with `dice` survives by
chance, sector by sector, in files of every kind.

Not modelled: a disk that says that it has written and has not, sectors that were written earlier and decay, and memory
that is mapped into files, which PostgreSQL does not use.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,ftruncate,truncate,fallocate,"
    "rename,renameat,renameat2,link,linkat,unlink,unlinkat,copy_file_range,sendfile,splice"
)
MODELLED = {
    "openat",
    "write",
    "pwrite64",
    "pwritev",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fallocate",
    "rename",
    "unlink",
}
"""What PostgreSQL uses; one of the other calls on a file of the cluster is an error, not something to pass over."""

LINE = re.compile(r"(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()")
DESCRIPTOR = re.compile(r"(?:AT_FDCWD|\d+)<([^>]*)>")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
RETURNED = re.compile(r"\) += (-?\d+)")


def traced(strace: str, trace: Path) -> list[str]:
    """The words before a command that have its calls, and those of all its children, written down with their bytes."""
    how = ["-f", "-qq", "--seccomp-bpf", "-y", "-xx", "-s", str(1 << 24), "-e", "signal=none"]
    return [strace, *how, "-e", f"trace={CALLS}", "-o", str(trace)]


Write = tuple[int, bytes | None]
"""Where and what, -1 being the end of the file; without bytes it is the length that the file is cut to."""


@dataclass(eq=False, slots=True)
class File:
    """One file, whatever its name is: where its bytes were in the beginning, what was added and kept, what is not yet kept."""

    origin: str | None = None
    kept: list[Write] = field(default_factory=list)
    unkept: list[Write] = field(default_factory=list)


@dataclass(slots=True)
class Call:
    """A call that has begun; an fsync knows what it covers: the writes or the names of that moment."""

    name: str
    text: str
    writes: list[Write] = field(default_factory=list)
    names: dict[str, File] = field(default_factory=dict)


class Disk:
    """What lies below `folder`, from `before`, which is what it held when the trace began."""

    def __init__(self, folder: Path, before: Path) -> None:
        self.folder, self.before = str(folder), before
        self.names = {str(path.relative_to(before)): File(str(path.relative_to(before))) for path in _files(before)}
        """What programs see."""
        self.kept = dict(self.names)
        """What is on the disk."""
        self.begun: dict[str, Call] = {}
        self.places: dict[tuple[str, str], int] = {}
        """How far a process has written through a descriptor; what was opened before the trace is written at its end."""

    def replay(self, trace: Path) -> None:
        """Read the trace to its end, which is where the power is cut."""
        with trace.open(encoding="ascii") as lines:
            for line in lines:
                self._line(line.rstrip("\n"))

    def _line(self, line: str) -> None:
        found = LINE.match(line)
        if not found:  # an exit or a death
            return
        process, resumed, name = found.groups()
        if resumed:
            call = self.begun.pop(process)
            call.text += line[found.end() :]
        else:
            call = self.begun[process] = Call(name, line[found.end() :].removesuffix(" <unfinished ...>"))
            self._begin(call)
            if line.endswith(" <unfinished ...>"):
                return
            del self.begun[process]
        returned = RETURNED.search(call.text, max(0, len(call.text) - 400))
        if returned and int(returned[1]) >= 0:
            self._end(process, call, int(returned[1]))

    def _begin(self, call: Call) -> None:
        if call.name in ("fsync", "fdatasync") and (path := self._described(call)) is not None:
            if path in self.names:
                call.writes = list(self.names[path].unkept)
            else:
                call.names = {name: file for name, file in self.names.items() if os.path.dirname(name) == path}

    def _end(self, process: str, call: Call, returned: int) -> None:
        paths = self._named(call)
        if not paths:
            return
        if call.name not in MODELLED:
            raise NotImplementedError(f"the model of the disk knows no {call.name}: {call.text[:200]}")
        path = paths[-1]
        match call.name:
            case "openat":
                self.places[process, str(returned)] = -1 if "O_APPEND" in call.text else 0
                if "O_CREAT" in call.text and path not in self.names:
                    self.names[path] = File()
                if "O_TRUNC" in call.text:
                    self.names[path].unkept.append((0, None))
            case "rename":
                self.names[path] = self.names.pop(paths[0])
            case "unlink":
                self.names.pop(path, None)
            case "fsync" | "fdatasync":
                self._synced(path, call)
            case _ if path in self.names:  # a file that has no name any more cannot be found after the cut
                self.names[path].unkept += self._writes(process, call, returned)

    def _synced(self, path: str, call: Call) -> None:
        if file := self.names.get(path):
            covered = {id(write) for write in call.writes}
            file.kept += [write for write in file.unkept if id(write) in covered]
            file.unkept = [write for write in file.unkept if id(write) not in covered]
        else:
            gone = [name for name in self.kept if os.path.dirname(name) == path]
            self.kept = {name: file for name, file in self.kept.items() if name not in gone} | call.names

    def _writes(self, process: str, call: Call, returned: int) -> list[Write]:
        numbers = [int(one) for one in re.findall(r", (-?\d+)(?=[,)])", call.text[-200:])]
        if call.name == "ftruncate":
            return [(numbers[-1], None)]
        data = _bytes(call.text)[:returned]
        if call.name in ("pwrite64", "pwritev"):
            return [(numbers[-1], data)]
        if call.name == "fallocate":  # only ever makes a file longer
            return [(numbers[-2] + numbers[-1] - 1, b"\0")]
        descriptor = process, call.text.partition("<")[0]
        place = self.places.get(descriptor, -1)
        if place >= 0:
            self.places[descriptor] = place + returned
        return [(place, data)]

    def _described(self, call: Call) -> str | None:
        found = DESCRIPTOR.match(call.text)
        return self._below(_bytes_of(found[1]).decode()) if found else None

    def _named(self, call: Call) -> list[str]:
        """The files below the folder that a call is about."""
        if call.name in ("openat", "rename", "unlink"):
            head = call.text[:20_000]
            paths = [self._below(os.path.join(self.folder, _bytes_of(one[1]).decode())) for one in TEXT.finditer(head)]
        else:
            paths = [self._described(call)]
        return [path for path in paths if path is not None]

    def _below(self, path: str) -> str | None:
        path = os.path.normpath(path)
        if path == self.folder:
            return ""
        return path.removeprefix(f"{self.folder}/") if path.startswith(f"{self.folder}/") else None

    def unkept(self) -> list[tuple[str, Write]]:
        """The writes that a cut now would drop, those included that had begun and not ended."""
        done = [(name, write) for name, file in self.names.items() for write in file.unkept]
        begun = [
            (path, (int(found[-1]), _bytes(call.text)))
            for call in self.begun.values()
            if call.name == "pwrite64" and (path := self._described(call)) in self.names
            if path is not None and (found := re.findall(r", (\d+)", call.text[-200:]))
        ]
        return done + begun

    def unseen(self, live: Path) -> list[str]:
        """Files that differ from what all calls together made of them: what came to the disk in a way that is not modelled.

        Asked of the files that the killed server left. What the last call of a file wrote may differ: it was read by the
        tracer a moment before the kernel read it, and the log's last page fills meanwhile.
        """
        found = {str(path.relative_to(live)): path for path in _files(live)}
        wrong = list(found.keys() ^ self.names.keys())
        loose = {self._described(call) for call in self.begun.values()}
        for name, file in self.names.items():
            if name not in found or name in loose:
                continue
            content = bytearray((Path(self.before) / file.origin).read_bytes() if file.origin else b"")
            writes = [*file.kept, *file.unkept]
            for write in writes:
                _into(content, write)
            there = bytearray(found[name].read_bytes())
            if writes and content != there:
                _into(content, writes[-1])
                _into(there, writes[-1])
            if content != there:
                wrong.append(name)
        return sorted(wrong)

    def written(self, place: Path, dice: random.Random | None = None) -> None:
        """Make the folder that is found after the cut; with `dice`, sectors of what was not kept are there by chance."""
        subprocess.run(["cp", "-a", self.before, place], check=True)
        for name in self.kept.keys() ^ {str(path.relative_to(self.before)) for path in _files(self.before)}:
            (place / name).unlink(missing_ok=True)
        for name, file in self.kept.items():
            if file.origin != name:
                _new(place / name, self.before / file.origin if file.origin else None, place)
            _patch(place / name, file.kept)
        if dice:
            alive = {name for name, file in self.kept.items() if self.names.get(name) is file}
            for name, (offset, data) in self.unkept():
                if name in alive and data is not None and offset >= 0:
                    _patch(place / name, list(_torn(offset, data, dice)))


def _torn(offset: int, data: bytes, dice: random.Random) -> Iterator[Write]:
    for begin in range(0, len(data), SECTOR):
        if dice.random() < 0.5:
            yield offset + begin, data[begin : begin + SECTOR]


def _new(path: Path, origin: Path | None, like: Path) -> None:
    path.unlink(missing_ok=True)
    if origin:
        shutil.copyfile(origin, path)
    else:
        path.touch()
    owner = like.stat()
    path.chmod(0o600)
    os.chown(path, owner.st_uid, owner.st_gid)


def _patch(path: Path, writes: list[Write]) -> None:
    if not writes:
        return
    with path.open("r+b") as file:
        for offset, data in writes:
            if data is None:
                file.truncate(offset)
            else:
                file.seek(*((0, os.SEEK_END) if offset < 0 else (offset,)))
                file.write(data)


def _into(content: bytearray, write: Write) -> None:
    offset, data = write
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    place = len(content) if offset < 0 else offset
    content.extend(bytes(max(0, place - len(content))))
    content[place : place + len(data)] = data


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _bytes(text: str) -> bytes:
    """The bytes of a call, of all its parts one after the other."""
    parts = []
    for found in TEXT.finditer(text):
        if found[2]:
            raise ValueError("the tracer cut a write short")
        parts.append(_bytes_of(found[1]))
    return b"".join(parts)


def _bytes_of(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
