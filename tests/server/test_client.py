"""The API's client: typed answers, refusals as exceptions, and what it sends again."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from server import wire
from server.app import create_app
from server.connect.client import Client, Declined, Unreachable
from server.describing.examples import ID, refusal
from server.describing.schema import described
from server.settings import Settings

MARK = {"id": "01K7QW3J5M8Z4R2T6V9XBCDEFG"}


def client(*answers: httpx.Response | Exception, tries: int = 4) -> tuple[Client, list[httpx.Request], list[float]]:
    """A client of a server that gives these answers in turn; what it was asked, and for how long it waited."""
    asked: list[httpx.Request] = []
    waits: list[float] = []
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        given = left.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    transport = httpx.MockTransport(answer)
    made = Client(
        "https://podium.example", "podium_x", tries=tries, transport=transport, pause=waits.append, dice=lambda: 0.0
    )
    return made, asked, waits


def says(status: int, body: Any, **headers: str) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(body).encode(), headers=headers)


def test_marks_are_sent_again_until_the_server_answers_for_them() -> None:
    """A full queue and a lost connection cost time, never a mark; what the server asks to wait for is waited for."""
    stored = {"answers": [{"id": MARK["id"], "status": "stored", "sequence": 7}]}
    busy = says(503, refusal("503"), **{"retry-after": "3"})
    podium, asked, waits = client(busy, httpx.ConnectError("gone"), says(200, stored))
    (answer,) = podium.send_marks([MARK])
    assert (answer.status, answer.sequence) == ("stored", 7)
    assert [json.loads(one.content) for one in asked] == [[MARK]] * 3 and waits[0] == 3.0 and len(waits) == 2
    assert all(one.headers["authorization"] == "Bearer podium_x" for one in asked)


def test_what_may_not_be_sent_twice_is_sent_once() -> None:
    """A post that adds something is not repeated, because it may have been done; reading is, and gives up in the end."""
    podium, asked, _ = client(httpx.ReadTimeout("slow"))
    with pytest.raises(Unreachable):
        podium.post("/api/competitions", {})
    assert len(asked) == 1
    podium, asked, _ = client(*[httpx.ConnectError("gone")] * 4)
    with pytest.raises(Unreachable):
        podium.competition("hebei-2026")
    assert len(asked) == 4


CALLS: dict[str, Callable[[Client], Any]] = {
    "get /api/session": lambda one: one.session(),
    "post /api/session": lambda one: one.sign_in(login="zhoumin", password="x"),
    "get /api/competitions": lambda one: list(one.competitions(q="焊")),
    "get /api/competitions/{slug}": lambda one: one.competition("hebei-2026"),
    "get /api/competitions/{slug}/setup": lambda one: one.setup("hebei-2026"),
    "get /api/competitions/{slug}/delegations": lambda one: list(one.delegations("hebei-2026")),
    "get /api/competitions/{slug}/quotas": lambda one: list(one.quotas("hebei-2026", event="M01")),
    "get /api/competitions/{slug}/review": lambda one: list(one.entries("hebei-2026")),
    "get /api/competitions/{slug}/promotions": lambda one: list(one.promotions("hebei-2026")),
    "get /api/competitions/{slug}/appeals": lambda one: list(one.appeals("hebei-2026")),
    "get /api/competitions/{slug}/certificates": lambda one: list(one.certificates("hebei-2026")),
    "get /api/competitions/{slug}/certificates/{number}": lambda one: one.certificate("hebei-2026", "PD2026-000128"),
    "get /api/competitions/{slug}/printing": lambda one: one.printing("hebei-2026"),
    "get /api/competitions/{slug}/issuing/{kind}": lambda one: one.issuing("hebei-2026", "participation"),
    "get /api/competitions/{slug}/issuing/{kind}/{subject}": lambda one: one.specimen("hebei-2026", "participation", UUID(ID)),
    "post /api/competitions/{slug}/issuing/{kind}": lambda one: one.issue("hebei-2026", PLAN),
    "get /api/competitions/{slug}/board": lambda one: list(one.boards("hebei-2026", q="焊")),
    "get /api/competitions/{slug}/open/results": lambda one: list(one.open_results("hebei-2026", event="M01")),
    "get /api/competitions/{slug}/open/entries": lambda one: list(one.open_entries("hebei-2026")),
    "get /api/competitions/{slug}/open/delegations": lambda one: list(one.open_delegations("hebei-2026")),
    "get /api/competitions/{slug}/events/{code}": lambda one: one.event("hebei-2026", "M01"),
    "get /api/competitions/{slug}/events/{code}/setup": lambda one: one.setup("hebei-2026", "M01"),
    "get /api/competitions/{slug}/events/{code}/results": lambda one: one.results("hebei-2026", "M01"),
    "get /api/competitions/{slug}/events/{code}/board": lambda one: list(one.board("hebei-2026", "M01")),
    "get /api/competitions/{slug}/events/{code}/sheets": lambda one: one.sheets("hebei-2026", "M01"),
    "post /api/marks": lambda one: one.send_marks([MARK]),
    "get /api/verify/{number}": lambda one: one.verify_number("PD2026-000128", "王焊"),
    "get /api/verify/code/{token}": lambda one: one.verify_code("3F8K2M9QXW4R"),
    "post /api/verify": lambda one: one.verify_file("x.pdf", b"%PDF"),
    "get /v/{token}/credential.json": lambda one: one.credential("3F8K2M9QXW4R"),
    "get /status/{number}": lambda one: one.revocations(1),
    "get /.well-known/did.json": lambda one: one.issuer(),
    "get /.well-known/podium-keys.json": lambda one: one.keys(),
    "get /api/schema/openapi.json": lambda one: one.description(),
}  # fmt: skip
PLAN = wire.IssuingPlan("participation", 0, "9f2c", [], [], [])
OF_TABLETS = "/api/tablet/"
"""What only a browser asks: a device that pairs itself."""


def test_whatever_is_public_or_opened_by_a_key_has_a_method_that_reads_its_answer() -> None:
    """A program need not write addresses by hand: each method asks its operation and reads the answer that the description shows."""
    document = described(create_app(Settings(Path("/nowhere"), b"the client's own secret of 32 bytes")))
    offered = {
        f"{method} {path}": says
        for path, item in document["paths"].items()
        for method, says in item.items()
        if (not says["security"] or says["x-scope"]) and not path.startswith(OF_TABLETS)
    }
    assert CALLS.keys() == offered.keys()
    session = says(200, _shown(offered["get /api/session"])[1])
    for name, call in CALLS.items():
        status, body = _shown(offered[name])
        answer = says(status, body) if body is not None else httpx.Response(status, content=b"%PDF")
        podium, asked, _ = client(*[session] * (name == "post /api/session"), answer)
        call(podium)
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(name))
        assert re.fullmatch(pattern, f"{asked[-1].method.lower()} {asked[-1].url.path}"), name


def _shown(operation: dict[str, Any]) -> tuple[int, Any]:
    """The status of what is asked for, and its example; a file has none."""
    status = next(one for one in operation["responses"] if one.startswith("2"))
    (content,) = operation["responses"][status]["content"].values()
    return int(status), content.get("example")


def test_a_refusal_says_code_place_and_mend() -> None:
    """What a program can act on: the code, words and mend in both languages, every problem with its place; no retry."""
    words = {"zh": "身份证号不对。", "en": "The number is wrong."}
    problem = {"code": "identity.check", "place": {"row": 7}, "words": words, "mend": words}
    podium, _, _ = client(says(422, {**refusal("422"), "problems": [problem]}))
    with pytest.raises(Declined, match=r"request\.invalid.*7: The number is wrong") as caught:
        podium.get("/api/session", wire.SessionHeld)
    assert (caught.value.status, caught.value.code, caught.value.problems[0].place) == (
        422,
        "request.invalid",
        {"row": 7},
    )
    podium, _, _ = client(httpx.Response(502, text="<html>proxy"), httpx.Response(502, text="<html>proxy"), tries=2)
    with pytest.raises(Declined, match=r"http\.502"):
        podium.session()


def test_a_list_is_read_to_its_end() -> None:
    """Pages are followed as the server links them."""
    row = {"number": "PD2026-1", "token": "A", "pdf_sha256": None, "printed": None}
    page = {"issued": [row], "refused": [], "promotions": {}}
    podium, asked, _ = client(says(200, page, link='</api/x?offset=1&limit=1>; rel="next"'), says(200, page))
    found = list(podium.certificates("hebei-2026", event="M01"))
    assert [type(one) for one in found] == [wire.CertificateIssued] * 2
    assert [one.url.query for one in asked] == [b"event=M01", b"offset=1&limit=1"]


AT_ONCE = """
import sys, threading, typing
import httpx, msgspec
from server.connect.client import Client

sys.setswitchinterval(1e-6)  # so that threads take turns within what reads a type for the first time
BODY = b"{" + b",".join(b'"f%d":1' % i for i in range(30)) + b"}"
for n in range(300):
    kind = msgspec.defstruct(f"Kind{n}", [(f"f{i}", "typing.Optional[int]") for i in range(30)], module="__main__")
    gate = threading.Barrier(4)
    transport = httpx.MockTransport(lambda request: (gate.wait(), httpx.Response(200, content=BODY))[1])
    podium = Client("https://podium.example", "podium_x", transport=transport)
    threads = [threading.Thread(target=podium.get, args=("/", kind)) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""


def test_a_kind_may_be_read_for_the_first_time_on_several_threads_at_once() -> None:
    """Forty tablets' first answers arrive side by side: msgspec before 0.23 read a type that was half made, and died."""
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
