"""A thousand people, one design, one photo each: certificates a second, their size, and the memory of the process.

Beside it in the same run: WeasyPrint alone, typst, Chromium and LibreOffice (where it is installed), on the same sheets
with the same art and fonts; the peers print fewer, because they would take minutes. Every printer has a process of its
own, which is warm when the clock starts: fonts are open, layouts are compiled, browsers have started. What our own two
lines write is what the program gives out: plain, and signed with a credential made and attached.
The module's name is what stands behind `podium bench`; nobody imports it by a statement.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
import json
import multiprocessing
import os
import random
import resource
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from certificates import photo
from certificates.certificate import Certificate
from certificates.codes import code
from certificates.credential import Issuer, credential
from certificates.integrity import IssuerKey
from certificates.keys import Key
from certificates.rendering import Press
from certificates.signing import sign
from server.issuing import pressing
from server.issuing.press import trim
from server.issuing.pressing import NO_FONTS
from tests.certificates.paper import PLAIN

PEOPLE, WARM, CHUNK = 1000, 20, 50
SENT = 24  # that a press is handed at once (server.issuing.printing.CHUNK, which would bring the database along)
ROUNDS = 3  # of which the fastest is shown, for every printer
DESIGN = "classical"
FAMILIES = ("classical", "modern", "craft", "youth", "level")
PAPERS = "tests.bench.peers.papers"  # by name: what it imports is no part of our own memory
PEERS: tuple[tuple[str, str, int, int], ...] = (
    ("WeasyPrint alone", "with_weasyprint", 20, 2),
    ("typst", "with_typst", 100, 4),
    ("Chromium", "with_chromium", 40, 2),
    ("LibreOffice", "with_libreoffice", 30, 0),
)
FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈"
Row = dict[str, str | int | float]


def measure() -> list[Row]:
    """Ours on one core and on two, then the peers and how many times as many ours prints, unsigned, in the same time."""
    ours = apart(printed_by_us, False)
    rows = [
        row("Podium", *ours),
        row("Podium, signed", *apart(printed_by_us, True)),
        row("Podium, signed, two cores", *on_two_cores()),
        *presses(),
    ]
    for name, printer, count, warm in PEERS:
        if name == "LibreOffice" and not shutil.which("soffice"):
            rows.append({"printer": "LibreOffice: not installed here"})
            continue
        peer = apart(printed_by_peer, printer, count, warm)
        rows.append({**row(name, *peer), "Podium is × as fast": round(ours[0] / ours[1] / (peer[0] / peer[1]), 1)})
    return rows


Measured = tuple[int, float, int, float]  # certificates, seconds, bytes in all, peak memory of the process in MB


def apart(printed: Callable[..., Measured], *given: Any) -> Measured:
    """Measured in a process of its own, so that nobody inherits memory or warmth."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(printed, *given).result()


def presses() -> Iterator[Row]:
    """The most memory of the program's own presses: one for each family of designs, then one that prints all of them in turn."""
    said = [(json.dumps(one.as_data(), ensure_ascii=False), '{"measured": true}') for one in people(PEOPLE)]
    for families in (*((one,) for one in FAMILIES), FAMILIES):
        with pressing.pool(1) as press:
            for design in families:
                alike = press.submit(pressing.in_a_press, "all_alike", design, [content for content, _ in said[:3]])
                assert alike.result()
                for at in range(0, PEOPLE, SENT):
                    given = design, said[at : at + SENT], signing_key().to_pem(), datetime(2026, 10, 18, tzinfo=UTC)
                    press.submit(pressing.in_a_press, "print_and_sign", *given).result()
            pid = press.submit(os.getpid).result()
            name = ", ".join(families) if len(families) == 1 else "all designs in turn"
            yield {"printer": f"a press: {name}", "certificates": PEOPLE * len(families), "peak MB": round(peak(pid))}


def as_a_press() -> None:
    """Without the machine's fonts, as the presses of the program; not niced, for that would measure the neighbours."""
    os.environ["FONTCONFIG_FILE"] = str(NO_FONTS)
    warnings.filterwarnings("ignore", "No fonts configured in FontConfig")


def printed_by_us(signed: bool) -> Measured:
    """All certificates by this process, in chunks as the program hands them out."""
    as_a_press()
    print_chunk(people(WARM), signed)
    everybody = people(PEOPLE)
    took, size = fastest(lambda: sum(print_chunk(everybody[at : at + CHUNK], signed) for at in range(0, PEOPLE, CHUNK)))
    return PEOPLE, took, size, peak()


def fastest(work: Callable[[], int]) -> tuple[float, int]:
    """Seconds of the fastest round, and what it gave."""
    took = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        size = work()
        took.append(time.perf_counter() - begin)
    return min(took), size


def on_two_cores() -> Measured:
    """The same in two processes, each of which is warm."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(warmed, range(8)))
        everybody = people(PEOPLE)
        took, size = fastest(
            lambda: sum(pool.map(print_chunk, (everybody[at : at + CHUNK] for at in range(0, PEOPLE, CHUNK))))
        )
        return PEOPLE, took, size, max(pool.map(peak, [0] * 4))


def warmed(_: int) -> None:
    as_a_press()
    print_chunk(people(WARM))
    time.sleep(0.2)  # so that the other process takes its share


def print_chunk(chunk: list[Certificate], signed: bool = True) -> int:
    """How many bytes the certificates have; the process keeps its press."""
    made = Press(DESIGN).print(chunk)
    if not signed:
        size = sum(len(pdf) for pdf in made)
        trim()
        return size
    key, now = signing_key(), datetime(2026, 10, 18, tzinfo=UTC)
    issuer = Issuer("measurement", "https://podium.example")
    said = [credential(one, issuer, credential_key(), now, place) for place, one in enumerate(chunk)]
    size = sum(len(sign(pdf, key, now, attached=one.encode())) for pdf, one in zip(made, said, strict=True))
    trim()  # as `server.issuing.press` does after each piece of work
    return size


@functools.cache
def signing_key() -> Key:
    return Key.create("measurement", datetime(2026, 10, 18, tzinfo=UTC))


@functools.cache
def credential_key() -> IssuerKey:
    return IssuerKey.create()


def printed_by_peer(printer: str, count: int, warm: int) -> Measured:
    """The first of them warm the printer up and are not counted."""
    workshop = Press(DESIGN).workshop
    took = []
    for _ in range(ROUNDS):
        sheets = [workshop.sheet(one) for one in people(count + warm)]
        files: Iterator[bytes] = getattr(importlib.import_module(PAPERS), printer)(workshop, sheets)
        for _ in range(warm):
            next(files)
        begin = time.perf_counter()
        sizes = [len(pdf) for pdf in files]
        took.append(time.perf_counter() - begin)
        assert len(sizes) == count
    return count, min(took), sum(sizes), peak()


def people(count: int) -> list[Certificate]:
    """Winners of one event with names of two or three characters, and a photo each."""
    chance = random.Random("podium")
    common = [chr(code) for code in range(0x4E00, 0x9FA0) if in_daily_use(chr(code))]
    portrait = portrayed()

    def one(number: int) -> Certificate:
        return dataclasses.replace(
            PLAIN,
            number=f"PD2026-{number:06}",
            name=chance.choice(FAMILY) + "".join(chance.choices(common, k=chance.choice((1, 2, 2, 2)))),
            name_en="",
            score=f"{chance.uniform(60, 100 - 0.01):.2f}",
            rank=str(chance.randint(1, 9)),
            award=chance.choice(("一等奖", "二等奖", "三等奖")),
            medal="",
            verify_url=f"https://podium.example/v/{chance.randrange(10**16):016}",
            photo=portrait,
        )

    everybody = [one(number) for number in range(count)]
    return [dataclasses.replace(one, code=code(one, signing_key())) for one in everybody]


def in_daily_use(char: str) -> bool:
    """Of the first level of GB 2312: the 3 755 characters that most names are made of."""
    try:
        return 0xB0 <= char.encode("gb2312")[0] < 0xD8
    except UnicodeEncodeError:
        return False


@functools.cache
def portrayed() -> bytes:
    """A photo as heavy as a real one."""
    grain = Image.effect_noise((photo.WIDTH, photo.HEIGHT), 9).convert("RGB")
    return photo.encoded(grain)


def peak(pid: int = 0) -> float:
    """The most memory that this process has had, or on Linux the one of this number, in MB.

    Linux: VmHWM, for a process that was begun by another one takes over its `ru_maxrss` (`exec_mmap` of the kernel keeps the
    larger), which is the memory of whoever measures. macOS counts in bytes.
    """
    if sys.platform == "linux":
        told = Path(f"/proc/{pid or 'self'}/status").read_text()
        return int(told.partition("VmHWM:")[2].split()[0]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def row(printer: str, count: int, seconds: float, size: int, memory: float) -> Row:
    return {
        "printer": printer,
        "certificates": count,
        "a second": round(count / seconds, 1),
        "ms each": round(seconds / count * 1000, 2),
        "bytes each": round(size / count),
        "peak MB": round(memory),
    }
