"""A typed client of Podium's JSON API on httpx, for programs and machines.

    with Client("https://jingsai.example.cn", key="podium_…") as podium:
        sheets = podium.sheets("hebei-2026", "M01")
        for answer in podium.send_marks(marks):
            ...

What is refused is raised as `Declined`, with the code, what happened, the mend and each problem's place. What may be sent
again is: GET, PUT, DELETE, and marks, which carry ids of their own; as long as the server says `Retry-After`, or later and
later. What may not, such as a POST that adds something, is sent once.
"""

from __future__ import annotations

import contextlib
import random
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import httpx
import msgspec

from server import wire

T = TypeVar("T")
CSRF = "podium_csrf"
TRIES = 8
LONGEST_PAUSE = 30.0
AGAIN = frozenset({429, 502, 503, 504})
"""Statuses after which the same may do later."""
NOTHING = wire.Both("", "")
MOST_MARKS = 200


class Declined(Exception):
    """The server refused: a stable `code`, what happened, how to mend it, and every problem with its place."""

    def __init__(self, status: int, refused: wire.Refused) -> None:
        self.status, self.code = status, refused.code
        self.words, self.mend, self.problems = refused.words, refused.mend, refused.problems
        listed = "; ".join(f"{_where(one)}{one.words.en}" for one in self.problems[:5])
        super().__init__(" ".join(part for part in (f"{self.code}:", self.words.en, self.mend.en, listed) if part))


class Unreachable(Exception):
    """The server gave no answer, however often it was asked."""


class Client:
    """One person, program or machine that asks; not to be shared between threads while it signs in.

    `key` is an API key; without one, `sign_in` opens a session. `pause` waits for seconds, `dice` spreads the waits.
    """

    def __init__(
        self,
        base: str,
        key: str = "",
        *,
        tries: int = TRIES,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
        dice: Callable[[], float] = random.random,
    ) -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self.http = httpx.Client(
            base_url=base, timeout=60, verify=_context(), trust_env=False, headers=headers, transport=transport
        )
        self._tries, self._pause, self._dice = tries, pause, dice

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    # ---------- what every request is ----------

    def get(self, path: str, kind: type[T] = Any, **query: Any) -> T:  # type: ignore[assignment]
        """The answer at an address."""
        return _read(self._send("GET", path, again=True, params=query or None), kind)

    def post(self, path: str, data: Any, kind: type[T] = Any) -> T:  # type: ignore[assignment]
        """Post JSON, once."""
        return _read(self._send("POST", path, json=msgspec.to_builtins(data)), kind)

    def put(self, path: str, data: Any, kind: type[T] = Any) -> T:  # type: ignore[assignment]
        """Say how something shall be."""
        return _read(self._send("PUT", path, again=True, json=msgspec.to_builtins(data)), kind)

    def delete(self, path: str, kind: type[T] = Any) -> T:  # type: ignore[assignment]
        """Take something out."""
        return _read(self._send("DELETE", path, again=True), kind)

    def upload(self, path: str, filename: str, content: bytes, kind: type[T] = Any, again: bool = False) -> T:  # type: ignore[assignment]
        """Send a file, once unless the address only reads it."""
        return _read(self._send("POST", path, again=again, files={"data": (filename, content)}), kind)

    def content(self, path: str) -> bytes:
        """The bytes at an address."""
        return self._send("GET", path, again=True).content

    def pages(self, path: str, kind: type[T], **query: Any) -> Iterator[T]:
        """Every page of a list, as `Link` leads on."""
        response = self._send("GET", path, again=True, params=query or None)
        while True:
            yield _read(response, kind)
            if not (following := response.links.get("next")):
                return
            response = self._send("GET", following["url"], again=True)

    def _send(self, method: str, path: str, again: bool = False, **more: Any) -> httpx.Response:
        trouble: Exception | None = None
        for turn in range(self._tries if again else 1):
            asked = None
            try:
                token = {"x-csrf-token": self.http.cookies.get(CSRF) or ""}
                response = self.http.request(method, path, headers=token, **more)
            except httpx.TransportError as error:
                trouble = error
            else:
                if response.is_success:
                    return response
                trouble = Declined(response.status_code, _refused(response))
                if response.status_code not in AGAIN:
                    raise trouble
                asked = response.headers.get("retry-after")
            if again and turn + 1 < self._tries:
                self._pause(self._wait(turn, asked))
        if isinstance(trouble, Declined):
            raise trouble
        raise Unreachable(f"{method} {path}: {trouble}") from trouble

    def _wait(self, turn: int, asked: str | None) -> float:
        """Seconds: what the server asks for, or longer each turn; spread, so that many do not come back together."""
        if asked and asked.isascii() and asked.isdecimal():
            return min(float(asked), LONGEST_PAUSE) * (1 + self._dice() / 4)
        return float(min(0.1 * 2**turn, 2.0) * (0.5 + self._dice()))

    # ---------- sessions ----------

    def sign_in(self, **credentials: str) -> None:
        """Open a session with `login` and `password`, or with the `token` of a one-time link."""
        self.session()
        self.post("/api/session", credentials, wire.Done)

    def sign_out(self) -> None:
        """End the session."""
        self.delete("/api/session", wire.Done)

    def session(self) -> wire.SessionHeld:
        """Who asks."""
        return self.get("/api/session", wire.SessionHeld)

    # ---------- a competition ----------

    def competitions(self, **query: str) -> Iterator[wire.CompetitionListed]:
        """The competitions that the public knows of, newest first; filter `q`."""
        for page in self.pages("/api/competitions", list[wire.CompetitionListed], **query):
            yield from page

    def competition(self, slug: str) -> wire.CompetitionShown:
        """A competition as everybody may know it."""
        return self.get(_of(slug), wire.CompetitionShown)

    def setup(self, slug: str, code: str = "") -> dict[str, Any]:
        """Everything that was said about a competition and its events, or about one event."""
        return self.get(f"{_of(slug, code)}/setup", dict[str, Any])

    def quotas(self, slug: str, **query: str) -> Iterator[wire.QuotaSet]:
        """How many places each delegation has; filters `event`, `delegation`."""
        for page in self.pages(f"{_of(slug)}/quotas", list[wire.QuotaSet], **query):
            yield from page

    def event(self, slug: str, code: str) -> wire.EventProgress:
        """How far an event is."""
        return self.get(_of(slug, code), wire.EventProgress)

    def results(self, slug: str, code: str) -> wire.Results:
        """The published results of an event; `results.not-public` before."""
        return self.get(f"{_of(slug, code)}/results", wire.Results)

    def boards(self, slug: str, **query: str) -> Iterator[wire.Boards]:
        """The live boards that are open, page by page, each with the medals; filter `q`."""
        return self.pages(f"{_of(slug)}/board", wire.Boards, **query)

    def board(self, slug: str, code: str, **query: str) -> Iterator[wire.EventBoard]:
        """The live board of an event, page by page of its standings; filters `q`, `delegation`."""
        return self.pages(f"{_of(slug, code)}/board", wire.EventBoard, **query)

    def open_results(self, slug: str, **query: str) -> Iterator[wire.ResultRow]:
        """The lines of every published standings; filters `q`, `event`, `delegation`."""
        for page in self.pages(f"{_of(slug)}/open/results", wire.ResultData, **query):
            yield from page.rows

    def open_entries(self, slug: str, **query: str) -> Iterator[wire.EntryRow]:
        """Everybody who stands in a publication; filters `q`, `event`, `delegation`."""
        for page in self.pages(f"{_of(slug)}/open/entries", wire.EntryData, **query):
            yield from page.rows

    def open_delegations(self, slug: str, **query: str) -> Iterator[wire.DelegationRow]:
        """The delegations that stand in a publication, with their medals; filter `q`."""
        for page in self.pages(f"{_of(slug)}/open/delegations", wire.DelegationData, **query):
            yield from page.rows

    def delegations(self, slug: str, **query: str) -> Iterator[wire.DelegationShown]:
        """The delegations."""
        for page in self.pages(f"{_of(slug)}/delegations", list[wire.DelegationShown], **query):
            yield from page

    def entries(self, slug: str, **query: str) -> Iterator[wire.EntryReviewed]:
        """The entries with where they stand in the review; filters `q`, `event`, `delegation`, `state`."""
        for page in self.pages(f"{_of(slug)}/review", wire.Review, **query):
            yield from page.entries

    def promotions(self, slug: str, **query: str) -> Iterator[wire.PromotionShown]:
        """The promotions; filters `q`, `event`, `state`."""
        for page in self.pages(f"{_of(slug)}/promotions", wire.Promotions, **query):
            yield from page.promotions

    def appeals(self, slug: str, **query: str) -> Iterator[wire.AppealShown]:
        """The appeals; filters `q`, `event`, `state`."""
        for page in self.pages(f"{_of(slug)}/appeals", wire.Appeals, **query):
            yield from page.appeals

    def certificates(self, slug: str, **query: str) -> Iterator[wire.CertificateIssued]:
        """The certificates that were issued; filters `q` (number), `event`."""
        for page in self.pages(f"{_of(slug)}/certificates", wire.Certificates, **query):
            yield from page.issued

    def certificate(self, slug: str, number: str) -> bytes:
        """The PDF of a certificate."""
        return self.content(f"{_of(slug)}/certificates/{number}")

    def printing(self, slug: str) -> wire.Printing:
        """How many certificates are issued, and how many of them are files."""
        return self.get(f"{_of(slug)}/printing", wire.Printing)

    def issuing(self, slug: str, kind: str) -> wire.IssuingPlan:
        """Who would get a certificate of this kind now, who none and why."""
        return self.get(f"{_of(slug)}/issuing/{kind}", wire.IssuingPlan)

    def specimen(self, slug: str, kind: str, subject: UUID) -> bytes:
        """How the certificate of one of the plan would look: a PDF without number and signature."""
        return self.content(f"{_of(slug)}/issuing/{kind}/{subject}")

    def issue(
        self, slug: str, plan: wire.IssuingPlan, subjects: Sequence[UUID] | None = None, document: str = ""
    ) -> wire.IssuedNow:
        """Issue to some of a plan, all of them unless `subjects` are named; refused where the plan is no longer so. Sent once."""
        chosen = [one.subject for one in plan.recipients] if subjects is None else subjects
        body = {"subjects": chosen, "seen": plan.seen, "document": document}
        return self.post(f"{_of(slug)}/issuing/{plan.kind}", body, wire.IssuedNow)

    # ---------- marks ----------

    def sheets(self, slug: str, code: str) -> wire.Sheets:
        """What this judge or machine marks."""
        return self.get(f"{_of(slug, code)}/sheets", wire.Sheets)

    def send_marks(self, marks: Sequence[wire.NewMark | dict[str, Any]]) -> list[wire.Answer]:
        """Send marks until the server answers for them: one answer each, in their order. A mark that says `stored`,
        `duplicate` or `conflict` is on the server's disk."""
        answers: list[wire.Answer] = []
        for start in range(0, len(marks), MOST_MARKS):
            body = msgspec.to_builtins(marks[start : start + MOST_MARKS])
            response = self._send("POST", "/api/marks", again=True, json=body)
            answers += _read(response, wire.Answers).answers
        return answers

    # ---------- verification ----------

    def verify_number(self, number: str, name: str = "") -> wire.Verified:
        """By the number on the paper, and the name on it; without the name, the answer has it masked."""
        return self.get(f"/api/verify/{number}", wire.Verified, **({"name": name} if name else {}))

    def verify_code(self, token: str) -> wire.Verified:
        """By what the QR code says."""
        return self.get(f"/api/verify/code/{token}", wire.Verified)

    def credential(self, token: str) -> dict[str, Any]:
        """The Open Badges 3.0 credential of the certificate that has this code, as it was signed."""
        return self.get(f"/v/{token}/credential.json", dict[str, Any])

    def revocations(self, number: int) -> dict[str, Any]:
        """Which credentials of a list are revoked (W3C Bitstring Status List 1.0)."""
        return self.get(f"/status/{number}", dict[str, Any])

    def issuer(self) -> dict[str, Any]:
        """Who issues there, with every key that signs or signed credentials (did:web)."""
        return self.get("/.well-known/did.json", dict[str, Any])

    def keys(self) -> dict[str, Any]:
        """What `podium verify --trust` needs to check files and credentials elsewhere."""
        return self.get("/.well-known/podium-keys.json", dict[str, Any])

    def description(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return self.get("/api/schema/openapi.json", dict[str, Any])

    def verify_file(self, filename: str, content: bytes) -> wire.Verified:
        """A PDF or a credential."""
        return self.upload("/api/verify", filename, content, wire.Verified, again=True)


@cache
def _context() -> ssl.SSLContext:
    """Made once: every client would spend 20 ms on its own."""
    return ssl.create_default_context()


def _of(slug: str, code: str = "") -> str:
    return f"/api/competitions/{slug}" + (f"/events/{code}" if code else "")


def _read(response: httpx.Response, kind: type[T]) -> T:
    return msgspec.json.decode(response.content, type=kind)


def _refused(response: httpx.Response) -> wire.Refused:
    with contextlib.suppress(msgspec.MsgspecError):
        return msgspec.json.decode(response.content, type=wire.Refused)
    words = wire.Both(response.text[:200], response.text[:200])
    return wire.Refused(f"http.{response.status_code}", words, NOTHING, [])


def _where(problem: wire.Problem) -> str:
    place = " ".join(str(part) for part in problem.place.values())
    return f"{place}: " if place else ""
