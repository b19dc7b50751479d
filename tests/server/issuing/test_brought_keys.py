"""A key that the organiser brought, and a time-stamp authority: how certificates are signed with them, and wait for them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec

from server.commands import verify
from server.commands.keys import command
from server.database.tables import Certificate
from server.errors import Refusal
from server.issuing.keys import bring, listed, rotate
from server.issuing.pressing import pool
from server.issuing.printing import place_of
from server.jobs import WORKERS
from server.settings import Authority, load
from tests.certificates.signers import PIN, authority, certified, in_a_token, of_an_authority, pkcs12_of, rsa_key
from tests.server.conftest import Site
from tests.server.small import brought, founded

CLOCK = authority(at=datetime.now(UTC).replace(microsecond=0))


class Stamps(BaseHTTPRequestHandler):
    """A time-stamp authority as there are many: RFC 3161 over HTTP. `mood` is what it answers."""

    mood = "silent"

    def do_POST(self) -> None:
        asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["content-length"])))
        told = {"silent": (503, b""), "elsewhere": (302, b""), "babbling": (200, b"<html>")}.get(self.mood)
        status, body = told or (200, CLOCK.stamper.request_tsa_response(asked).dump())
        self.send_response(status)
        if self.mood == "elsewhere":
            self.send_header("location", f"http://127.0.0.1:{self.server.server_address[1]}/other")  # type: ignore[attr-defined]
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def presses() -> Iterator[Callable[[], ProcessPoolExecutor]]:
    """Processes of these tests alone: where a token's library finds its tokens stands in the environment that they begin with."""
    made: list[ProcessPoolExecutor] = []

    def own() -> ProcessPoolExecutor:
        made.append(pool(WORKERS))
        return made[-1]

    yield own
    for one in made:
        one.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stamps)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/tsa"
    server.shutdown()


def environment(site: Site) -> dict[str, str]:
    told = site.app.state.settings
    return {
        "PODIUM_DATA": str(told.data), "DATABASE_URL": site.dsn, "PODIUM_KEY": told.secret.decode(), "PODIUM_TOKEN_PIN": PIN, "LANG": "en",
    }  # fmt: skip


async def keys(site: Site, *given: str, typed: str = "") -> str:
    """`podium keys` beside the running site; what it prints."""
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.cli", "keys", *given, env={**os.environ, **environment(site)}, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    told, wrong = await run.communicate(f"{typed}\n".encode())
    assert run.returncode == 0, wrong.decode()
    return told.decode()


async def test_certificates_are_signed_by_what_was_brought_and_wait_for_their_time_stamp(
    site: Site, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bought RSA key out of PKCS#12, then one in a token, then ours again: `podium keys` brings and lists them, files of all three
    stay genuine. While the authority is silent, points elsewhere or babbles, nothing is printed, the desk says why, and every
    number stays; then it answers, and page, API and `podium verify` say who stamped the file and when."""
    small = await brought(await founded(), "certified")
    competition, state = await small.competition(), site.app.state
    desk, stranger = await site.visitor(small.staff.account), await site.visitor()
    folder, printing = Path(state.settings.data) / "certificates" / small.slug, state.printing
    bought, (library, held) = of_an_authority(rsa_key()), in_a_token()
    (tmp_path / "key.p12").write_bytes(pkcs12_of(bought, "口令".encode()))
    runner = CliRunner(env=environment(site))
    wrong = runner.invoke(command, ["--file", str(tmp_path / "key.p12")], input="guess\n")
    assert isinstance(wrong.exception, Refusal) and wrong.exception.code == "keys.password"
    done = await keys(site, "--file", str(tmp_path / "key.p12"), typed="口令")
    assert "RSA 2048" in done and bought.fingerprint in done and "口令" not in done
    with pytest.raises(Refusal) as again:
        await bring(bought, state.sealer, "组委会", datetime.now(UTC))
    assert again.value.code == "keys.known"

    state.settings = replace(state.settings, authority=Authority(address, CLOCK.trust), token_pin=PIN)
    numbers = [row["number"] for row in await Certificate.select(Certificate.number).order_by(Certificate.number)]
    for mood, said in (("silent", "HTTP 503"), ("elsewhere", "HTTP 302"), ("babbling", "")):
        Stamps.mood = mood
        printing.held.clear()
        printing.begin(competition)
        await until(lambda: printing.held)
        told = (await desk.get(f"/api/competitions/{small.slug}/printing")).json()
        assert told["printed"] == 0 and "time-stamp authority" in told["held"]["en"] and said in told["held"]["en"]
        page = (await desk.get(f"/office/{small.slug}/issuing", headers={"accept": "text/html"})).text
        assert told["held"]["zh"] in page and not list(folder.glob("*.pdf"))
    Stamps.mood = "well"
    printing.begin(competition)
    await finished(competition)
    assert numbers == [
        row["number"] for row in await Certificate.select(Certificate.number).order_by(Certificate.number)
    ]
    first = place_of(folder, numbers[0]).read_bytes()
    assert await Certificate.count().where(Certificate.file_key == bought.fingerprint) == len(numbers)
    found = (await stranger.post("/api/verify", files={"data": ("c", first)})).json()
    checks = {one["id"]: one for one in found["checks"]}
    assert found["outcome"] == "genuine" and checks["timestamp"]["state"] == "passed"
    assert "国家授时时间戳服务" in checks["timestamp"]["en"] and "B-LT" in checks["timestamp"]["en"]
    page = (await stranger.post("/verify", files={"file": ("c", first)})).text
    assert checks["timestamp"]["zh"] in page

    assert held[1].fingerprint in await keys(site, "--token", library, "--label", "Podium", "--key", "1")
    state.settings = replace(state.settings, authority=Authority(address, CLOCK.trust, archival=True))
    second = await reprinted(site, competition, folder / f"{numbers[1]}.pdf")
    rotated = await keys(site, "--rotate")
    assert len(rotated.strip().splitlines()) == 6
    state.settings = replace(state.settings, authority=None)
    third = await reprinted(site, competition, folder / f"{numbers[2]}.pdf")
    assert [(row["place"], row["signs"], row["codes"]) for row in await listed() if row["kind"] == "file"] == [
        ("here", True, True), ("token", False, False), ("file", False, False), ("here", False, False),
    ]  # fmt: skip
    files = {"a.pdf": first, "b.pdf": second, "c.pdf": third}
    published = await stranger.get("/.well-known/podium-keys.json")
    assert len(published.json()["files"]) == 4 and len(published.json()["codes"]) == 3
    for name, content in {**files, "keys.json": published.content}.items():
        (tmp_path / name).write_bytes(content)
        if name in files:
            assert (await stranger.post("/api/verify", files={"data": ("c", content)})).json()["outcome"] == "genuine"
    arguments = [*(str(tmp_path / name) for name in files), "--trust", str(tmp_path / "keys.json")]
    verify.command.main(arguments, standalone_mode=False)
    told = capsys.readouterr().out
    assert "B-LT)" in told and "B-LTA)" in told and told.count("国家授时时间戳服务") == 2


async def until(true: Any) -> None:
    async with asyncio.timeout(600):
        while not true():
            await asyncio.sleep(0.05)


async def finished(competition: Any) -> None:
    """When every certificate has its file."""
    waiting = Certificate.count().where((Certificate.competition == competition["id"]) & Certificate.printed.is_null())
    async with asyncio.timeout(600):
        while await waiting:
            await asyncio.sleep(0.1)


async def reprinted(site: Site, competition: Any, path: Path) -> bytes:
    """A certificate's file, made once more."""
    await Certificate.update({Certificate.printed: None}).where(Certificate.number == path.stem)
    site.app.state.printing.begin(competition)
    await finished(competition)
    return path.read_bytes()


async def test_a_key_whose_years_are_over_lets_printing_wait(site: Site) -> None:
    """What it would sign nobody could believe: the desk says so, and a key that may sign lets the rest be printed."""
    small = await brought(await founded("later"), "certified")
    competition, state, now = await small.competition(), site.app.state, datetime.now(UTC)
    old = certified(ec.generate_private_key(ec.SECP256R1()), "旧", years=(-3, -2))
    await bring(old, state.sealer, "组委会", now)
    state.printing.begin(competition)
    await until(lambda: state.printing.held)
    assert state.printing.held[competition["id"]].en.startswith("The certificate of the key has expired. ")
    await rotate(state.sealer, "组委会", datetime.now(UTC))
    state.printing.begin(competition)
    await finished(competition)


def test_an_authority_needs_an_address_and_a_root(tmp_path: Path) -> None:
    """Settings that would stamp with nobody, or believe everybody, are refused by their names."""
    trust = tmp_path / "trust.pem"
    trust.write_bytes(CLOCK.trust)
    good = {
        "PODIUM_DATA": str(tmp_path),
        "PODIUM_STAMP_URL": "https://me:secret@tsa.example/tsa",
        "PODIUM_STAMP_TRUST": str(trust),
    }
    told = load({**good, "PODIUM_STAMP_LEVEL": "lta"})
    assert told.authority and told.authority.archival and "secret" not in repr(told)
    for bad in (
        {"PODIUM_STAMP_URL": "ftp://x/y"},
        {"PODIUM_STAMP_TRUST": "/nowhere"},
        {"PODIUM_STAMP_TRUST": ""},
        {"PODIUM_STAMP_LEVEL": "B"},
    ):
        with pytest.raises(Refusal) as refused:
            load({**good, **bad})
        assert next(iter(bad)) in refused.value.words.en
