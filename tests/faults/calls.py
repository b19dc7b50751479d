"""The system calls of a program and its children, with their bytes, as strace wrote them down."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WRITES = ("write", "pwrite64", "pwritev")
SIZES = ("ftruncate", "fallocate")
SYNCS = ("fsync", "fdatasync")
NAMES = ("open", "openat", "rename", "renameat", "renameat2", "unlink", "unlinkat")
OTHERS = ("creat", "writev", "pwritev2", "truncate", "link", "linkat", "copy_file_range", "sendfile", "splice")
"""What also changes files; nobody models these, so that a program that begins to use them is noticed."""

LINE = re.compile(r"(\d+) +(?:<\.\.\. \w+ resumed>|(\w+)\()")
UNFINISHED = " <unfinished ...>"
DESCRIPTOR = re.compile(r"(\d+)<([^>]*)>")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
RETURNED = re.compile(r"\) += (-?\d+)")
TAIL = 400
"""Letters at the end of a call that hold its numbers and its result."""


def traced(strace: str, trace: Path) -> list[str]:
    """The words before a command that have its calls, and those of all its children, written down."""
    known = ",".join(
        f"?{name}" for name in (*WRITES, *SIZES, *SYNCS, *NAMES, *OTHERS)
    )  # not every machine has all of them
    how = ["-f", "-qq", "--seccomp-bpf", "-y", "-xx", "-s", str(1 << 24), "-e", "signal=none"]
    return [strace, *how, "-e", f"trace={known}", "-o", str(trace)]


@dataclass(eq=False, slots=True)
class Call:
    """A call of a process; `returned` is None until it has ended, and below 0 when it failed or the process died in it."""

    process: str
    name: str
    text: str
    returned: int | None = None

    @property
    def descriptor(self) -> str:
        """The number of the file that it is about."""
        return self.text.partition("<")[0]

    @property
    def numbers(self) -> list[int]:
        """The numbers among its last words: lengths and places."""
        tail = self.text[-TAIL:]
        return [int(one) for one in re.findall(r", (-?\d+)(?=[,)]|$)", tail[tail.rfind('"') + 1 :])]

    @property
    def data(self) -> bytes:
        """The bytes that it writes, of all parts one after the other."""
        parts = list(TEXT.finditer(self.text))
        if any(part[2] for part in parts):
            raise ValueError("the tracer cut a write short")
        return b"".join(_bytes(part[1]) for part in parts)

    @property
    def paths(self) -> list[str]:
        """The files that it names, or the one that it has open."""
        if self.name in NAMES:
            return [_bytes(found[1]).decode() for found in TEXT.finditer(self.text)]
        found = DESCRIPTOR.match(self.text)
        return [_bytes(found[2]).decode()] if found and "\\x" in found[2] else []


def calls(trace: Path) -> Iterator[Call]:
    """Each call when it begins, and once more when it has ended, in the order in which the tracer saw both.

    The tracer holds a process at either moment, so that this order really happened: what ends before another call
    begins was done before it.
    """
    begun: dict[str, Call] = {}
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            if not (found := LINE.match(line)):  # an exit, a death
                continue
            process, name = found.groups()
            rest = line.rstrip("\n")[found.end() :]
            if name:
                call = begun[process] = Call(process, name, rest.removesuffix(UNFINISHED))
                yield call
                if rest.endswith(UNFINISHED):
                    continue
            else:
                call = begun[process]
                call.text += rest
            del begun[process]
            result = RETURNED.search(call.text, max(0, len(call.text) - TAIL))
            call.returned = int(result[1]) if result else -1
            yield call


def below(folder: str, path: str) -> str | None:
    """The path inside the folder, in which relative ones begin; None when it is elsewhere."""
    path = os.path.normpath(os.path.join(folder, path))
    if path == folder:
        return ""
    return path.removeprefix(f"{folder}/") if path.startswith(f"{folder}/") else None


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
