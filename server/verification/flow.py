"""Is this certificate genuine? Answered from the register, and for a file also from its signature.

By number alone the holder's name is masked: numbers can be walked through, so they must tell nothing that somebody
who holds the paper does not know. The QR code's token is random and shows what the paper shows.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from certificates.credential import check
from certificates.integrity import IssuerKey
from certificates.verification import Genuine, No, attached, behind, no, verify
from scoring.verdict import Words
from server.database.tables import Certificate, Revocation
from server.issuing.credentials import SAID
from server.issuing.keys import authorities, trusted, trusted_for_credentials
from server.issuing.saying import GROUNDS

Outcome = Literal["genuine", "not-genuine", "revoked", "not-found", "cannot-check"]
State = Literal["passed", "failed", "unchecked", "fact"]
LARGEST_FILE = 10_000_000
MOST_SPACE = 64
NO_WORDS = Words("", "")
HYPHENS = dict.fromkeys(map(ord, "\u2010\u2012\u2013\u2014\u2015\u2212"), "-")
BRACKETS = str.maketrans("()", "（）")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    id: str
    state: State
    detail: Words = NO_WORDS


UNNAMED = Check(
    "name",
    "unchecked",
    Words("没有填姓名，请自己与纸面比对。", "No name was given: compare it with the paper yourself."),
)


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of it. `paper` is what the register says, only where it may be shown."""

    outcome: Outcome
    by: Literal["number", "file", "credential"]
    checked: datetime
    number: str
    checks: tuple[Check, ...]
    paper: Mapping[str, Any] | None = None
    revoked: Mapping[str, Any] | None = None


async def by_number(number: str, at: datetime, *, named: bool = False) -> Verification:
    """Look a number up; the name is masked unless whoever asks has `named` it."""
    row = await numbered(number)
    found = await _registered_answer(row, row["number"] if row else number.strip().upper(), at, masked=not named)
    if not named:
        return replace(found, checks=(*found.checks, UNNAMED)) if found.paper else found
    state: State = "passed" if found.outcome == "genuine" else "fact"
    return replace(found, checks=(*found.checks, Check("name", state)))


async def numbered(number: str) -> dict[str, Any] | None:
    """The certificate whose number somebody typed."""
    tried = spellings(number)
    rows = await Certificate.select().where(Certificate.number.is_in(list(tried)))
    return next((dict(row) for one in tried for row in rows if row["number"] == one), None)


def spellings(number: str) -> tuple[str, ...]:
    """What a typed number may stand for, as typed first: telephones here write full-width letters and hyphens of many kinds,
    and people write spaces and small letters.
    """
    typed = "".join(number.split())
    plain = unicodedata.normalize("NFKC", typed).translate(HYPHENS)
    wide = plain.translate(BRACKETS)
    return tuple(dict.fromkeys((typed, plain, plain.upper(), wide, wide.upper())))


async def by_token(token: str, at: datetime) -> Verification:
    """Look up what the QR code on the paper names; shows what the paper shows."""
    row = await _registered(Certificate.token == token.strip().upper())
    return await _registered_answer(row, row["number"] if row else "", at, masked=False)


async def by_file(content: bytes, at: datetime) -> Verification:
    """Check a PDF: its signature and integrity first, then that the register knows this very file.

    A credential by itself is checked as well: its proof, and that the register knows it.
    """
    if content[:MOST_SPACE].lstrip().startswith(b"{"):
        return await by_credential(content, at)
    return await _by_pdf(content, at)


async def by_credential(text: bytes, at: datetime) -> Verification:
    """Check a credential that came alone, as wallets hand it over: its proof, and that it is the very one on record."""
    verdict = await asyncio.to_thread(check, text, await trusted_for_credentials())
    if isinstance(verdict, No):
        why = Words(verdict.reason.zh, verdict.reason.en)
        refused = (Check("credential", "failed", why), Check("register", "unchecked"))
        return Verification("not-genuine", "credential", at, "", refused)
    number = verdict.said["number"]
    row = await _registered(Certificate.number == number)
    if row is None or not row["credential"] or json.loads(row["credential"]) != json.loads(text):
        not_ours = Words("登记册里没有这份数字凭证。", "The register does not know this credential.")
        refused = (Check("credential", "fact"), Check("register", "failed", not_ours))
        return Verification("not-genuine", "credential", at, number, refused)
    found = await _registered_answer(row, number, at, masked=False)
    state: State = "passed" if found.outcome == "genuine" else "fact"
    checks = (Check("credential", state), *found.checks)
    return Verification(found.outcome, "credential", at, number, checks, found.paper, found.revoked)


async def _by_pdf(pdf: bytes, at: datetime) -> Verification:
    keys = await trusted()
    number = await asyncio.to_thread(behind, pdf, keys)
    if number is None or _is_file_of(await _registered(Certificate.number == number), pdf):
        verdict = await asyncio.to_thread(verify, pdf, keys, await authorities())
    else:
        verdict = no("appended")
    if isinstance(verdict, No):
        why = Words(verdict.reason.zh, verdict.reason.en)
        checks = (Check("signature", "failed", why), Check("content", "unchecked"), Check("register", "unchecked"))
        return Verification("not-genuine", "file", at, "", checks)
    row = await _registered(Certificate.number == verdict.number)
    return await _file_answer(pdf, verdict, row, at)


def _is_file_of(row: Mapping[str, Any] | None, pdf: bytes) -> bool:
    """Whether these bytes are on record for a certificate, as its file or as an earlier one."""
    return row is not None and hashlib.sha256(pdf).hexdigest() in (row["pdf_sha256"], *row["earlier_sha256"].split())


async def _file_answer(pdf: bytes, verdict: Genuine, row: Mapping[str, Any] | None, at: datetime) -> Verification:
    signed, stamped = (
        Check("signature", "passed", Words(f"签名者：{verdict.signer}", f"Signed by {verdict.signer}")),
        timed(verdict),
    )
    if row is None or not _is_file_of(row, pdf):
        facts = (Check("signature", "fact", signed.detail), Check("content", "fact"))
        not_ours = Words("登记册里没有这份文件。", "The register does not know this file.")
        return Verification("not-genuine", "file", at, verdict.number, (*facts, Check("register", "failed", not_ours)))
    found = await _registered_answer(row, row["number"], at, masked=False)
    state: State = "passed" if found.outcome == "genuine" else "fact"
    carried = await _carried(pdf, row)
    if carried.state == "failed":
        parts = (Check("signature", "fact", signed.detail), Check("content", "fact"), carried)
        return Verification("not-genuine", "file", at, found.number, (*parts, Check("register", "fact")))
    if carried.state == "passed":
        carried = Check("credential", state)
    if stamped.state == "passed":
        stamped = Check("timestamp", state, stamped.detail)
    first = (Check("signature", state, signed.detail), stamped, Check("content", state), carried)
    return Verification(found.outcome, "file", at, found.number, (*first, *found.checks), found.paper, found.revoked)


def timed(found: Genuine) -> Check:
    """Who says when a file was signed: an authority, or nobody but the signer."""
    if found.stamp is None:
        own = f"{found.signed_at:%Y-%m-%d %H:%M} UTC"
        alone = Words(
            f"没有时间戳：签名时间 {own} 由签发机构自述。",
            f"No time stamp: that it was signed at {own} says the issuer.",
        )
        return Check("timestamp", "fact", alone)
    by, at, level = found.stamp.authority, f"{found.stamp.at:%Y-%m-%d %H:%M:%S} UTC", found.stamp.level
    return Check(
        "timestamp",
        "passed",
        Words(f"{by} 证明签于 {at}（{level}）", f"{by} attests that it was signed at {at} ({level})"),
    )


async def _carried(pdf: bytes, row: Mapping[str, Any]) -> Check:
    """The credential in a file: proved by a trusted key, and saying what the paper says."""
    text = await asyncio.to_thread(attached, pdf)
    return agreeing(text, await trusted_for_credentials(), json.loads(row["content"]), SAID)


def agreeing(text: bytes, keys: Mapping[str, IssuerKey], paper: Mapping[str, Any], fields: Sequence[str]) -> Check:
    """Whether a credential that came in a file is proved, and says the same as the paper in these fields."""
    if not text:
        return Check("credential", "unchecked", Words("这份文件不带数字凭证。", "This file carries no credential."))
    verdict = check(text, keys)
    if isinstance(verdict, No):
        return Check("credential", "failed", Words(verdict.reason.zh, verdict.reason.en))
    if any(verdict.said.get(field, "") != paper.get(field, "") for field in fields):
        unlike = Words("数字凭证与纸面内容不一致。", "The credential says something else than the paper.")
        return Check("credential", "failed", unlike)
    return Check("credential", "passed")


async def _registered(where: Any) -> dict[str, Any] | None:
    row = await Certificate.select().where(where).first()
    return dict(row) if row else None


async def _registered_answer(row: Mapping[str, Any] | None, number: str, at: datetime, masked: bool) -> Verification:
    if row is None:
        return Verification("not-found", "number", at, number, (Check("register", "failed"),))
    revoked = await Revocation.select().where(Revocation.certificate == row["id"]).first()
    if revoked:
        ground = GROUNDS[revoked["ground"]]
        withdrawn = {
            "when": revoked["at"], "ground": revoked["ground"], "zh": ground.zh, "en": ground.en, "replaced_by": revoked["replaced_by"],
        }  # fmt: skip
        checks = (Check("register", "fact"), Check("revocation", "failed"))
        return Verification("revoked", "number", at, number, checks, revoked=withdrawn)
    paper = json.loads(row["content"])
    if masked:
        paper["name"] = mask_name(paper["name"])
        if "members" in paper:
            paper["members"] = "、".join(mask_name(name) for name in paper["members"].split("、"))
    checks = (Check("register", "passed"), Check("revocation", "passed"))
    return Verification("genuine", "number", at, number, checks, paper=paper)


def mask_name(name: str) -> str:
    """A name that only who knows it can recognise: 王小明 → 王*明, 李雷 → 李*."""
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]
