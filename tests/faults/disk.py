"""A disk that keeps nothing but what it was told to keep, replayed from a trace of system calls.

On the disk is: what lay there when the trace began; of each file, the writes that ended before an fsync or fdatasync of
that file began which came to its end; of each folder, the names that it had when an fsync of the folder began. POSIX
promises no more, and a file system such as ext4 keeps more. Everything else is dropped, or survives by chance, sector by
sector, in files of every kind.

Not modelled: a disk that says that it has written and has not, a write that harms sectors beside its own, a controller
that reverses what it confirmed, and memory that is mapped into files, which PostgreSQL does not use.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.calls import NAMES, OTHERS, SYNCS, WRITES, Call, below, calls

SECTOR = 512

Write = tuple[int, bytes | None]
"""Where and what, -1 being the end of the file; without bytes it is the length that the file is cut to."""


@dataclass(eq=False, slots=True)
class File:
    """One file, whatever its name is: where it lay in the beginning, what was added and kept, what is not yet kept."""

    origin: str | None = None
    kept: list[Write] = field(default_factory=list)
    unkept: list[Write] = field(default_factory=list)


class Disk:
    """What lies below `folder`; `before` is a copy of what it held when the trace began."""

    def __init__(self, folder: Path, before: Path) -> None:
        self.folder, self.before = str(folder), before
        self.names = {name: File(name) for name in _files(before)}
        """What programs see."""
        self.kept = dict(self.names)
        """What is on the disk."""
        self._begun: dict[Call, tuple[list[Write], dict[str, File]]] = {}
        """Calls on the way; for an fsync the writes of the file, or the names in the folder, that it covers."""
        self._places: dict[tuple[str, str], int] = {}
        """How far a process has written through a descriptor; what was opened before the trace is written at its end."""

    def replay(self, trace: Path) -> None:
        """Read the trace to its end, which is where the power is cut."""
        for call in calls(trace):
            paths = [path for path in (below(self.folder, one) for one in call.paths) if path is not None]
            if not paths:
                continue
            if call.name in OTHERS:
                raise NotImplementedError(f"the model of the disk knows no {call.name}: {call.text[:200]}")
            if call.returned is None:
                self._begun[call] = self._covered(paths[0]) if call.name in SYNCS else ([], {})
            elif call.returned >= 0:
                self._end(call, paths, *self._begun.pop(call))
            elif "?" not in call.text[-20:]:  # it failed; `= ?` is one that the cut interrupted
                del self._begun[call]

    def _covered(self, path: str) -> tuple[list[Write], dict[str, File]]:
        if file := self.names.get(path):
            return list(file.unkept), {}
        return [], {name: file for name, file in self.names.items() if os.path.dirname(name) == path}

    def _end(self, call: Call, paths: Sequence[str], writes: list[Write], names: dict[str, File]) -> None:
        path = paths[-1]
        match call.name:
            case "open" | "openat":
                self._places[call.process, str(call.returned)] = -1 if "O_APPEND" in call.text else 0
                if "O_CREAT" in call.text:
                    self.names.setdefault(path, File())
                if "O_TRUNC" in call.text:
                    self.names[path].unkept.append((0, None))
            case "rename" | "renameat" | "renameat2":
                self.names[path] = self.names.pop(paths[0])
            case "unlink" | "unlinkat":
                self.names.pop(path, None)
            case "fsync" | "fdatasync" if path in self.names:
                file, covered = self.names[path], {id(write) for write in writes}
                file.kept += [write for write in file.unkept if id(write) in covered]
                file.unkept = [write for write in file.unkept if id(write) not in covered]
            case "fsync" | "fdatasync":
                others = {name: file for name, file in self.kept.items() if os.path.dirname(name) != path}
                self.kept = others | names
            case _ if path in self.names:  # a file without a name cannot be found after the cut
                self.names[path].unkept.append(self._write(call))

    def _write(self, call: Call) -> Write:
        done = call.returned or 0
        match call.name:
            case "ftruncate":
                return call.numbers[-1], None
            case "fallocate":  # PostgreSQL only ever makes files longer with it
                return call.numbers[-2] + call.numbers[-1] - 1, b"\0"
            case "write":
                place = self._places.get((call.process, call.descriptor), -1)
                if place >= 0:
                    self._places[call.process, call.descriptor] = place + done
                return place, call.data[:done]
            case _:
                return call.numbers[-1], call.data[:done]

    def unkept(self) -> list[tuple[str, Write]]:
        """The writes that a cut now drops, those included that had begun and not ended."""
        done = [(name, write) for name, file in self.names.items() for write in file.unkept]
        begun = [(below(self.folder, call.paths[0]), call) for call in self._begun if call.name in WRITES]
        return done + [(name, (call.numbers[-1], call.data)) for name, call in begun if name and call.name != "write"]

    def unseen(self, live: Path) -> list[str]:
        """Files that are not what all calls together made of them: something came to the disk that is not modelled.

        Asked of the files that the killed server left. What the last call of a file wrote may differ: the tracer read it
        a moment before the kernel did, and the log's last page fills meanwhile.
        """
        wrong = _files(live) ^ self.names.keys()
        loose = {below(self.folder, path) for call in self._begun if call.name not in NAMES for path in call.paths}
        for name in self.names.keys() - wrong - loose:
            file, there = self.names[name], bytearray((live / name).read_bytes())
            content = self._content(file)
            writes = [*file.kept, *file.unkept]
            for write in writes:
                _into(content, write)
            if writes and content != there:
                _into(there, writes[-1])
            if content != there:
                wrong.add(name)
        return sorted(wrong)

    def written(self, place: Path, dice: random.Random | None = None) -> None:
        """Make the folder that is found after the cut; with `dice`, each sector that was not kept is there by chance."""
        subprocess.run(["cp", "-a", self.before, place], check=True)
        for name in _files(place) - self.kept.keys():
            (place / name).unlink()
        owner, loose = place.stat(), self.unkept()
        for name, file in self.kept.items():
            torn: list[Write] = []
            if dice and self.names.get(name) is file:
                torn = [part for path, write in loose if path == name for part in _torn(write, dice)]
            if not (torn or file.kept or file.origin != name):
                continue
            content = self._content(file)
            for write in (*file.kept, *torn):
                _into(content, write)
            (place / name).write_bytes(content)
            (place / name).chmod(0o600)
            os.chown(place / name, owner.st_uid, owner.st_gid)

    def _content(self, file: File) -> bytearray:
        return bytearray((self.before / file.origin).read_bytes() if file.origin else b"")


def _torn(write: Write, dice: random.Random) -> Iterator[Write]:
    offset, data = write
    if data is not None and offset >= 0:
        for begin in range(0, len(data), SECTOR):
            if dice.random() < 0.5:
                yield offset + begin, data[begin : begin + SECTOR]


def _into(content: bytearray, write: Write) -> None:
    offset, data = write
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    place = len(content) if offset < 0 else offset
    content.extend(bytes(max(0, place - len(content))))
    content[place : place + len(data)] = data


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}
