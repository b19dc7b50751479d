"""`podium verify FILE…`: are these certificates or credentials genuine? No site needs to run.

Against this installation's own register, or with `--trust KEYS.json` against the keys of another one, fetched once from
its address `/.well-known/podium-keys.json`. Then nobody can say whether something was revoked, and the answer says so.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from admin.sheets.worker import in_worker
from certificates import credential, verification
from certificates.integrity import IssuerKey
from scoring.verdict import Problems, Words
from server import settings
from server.database.opening import opened
from server.database.piccolo_conf import DB
from server.errors import Refusal
from server.terminal import spoken
from server.verification.flow import LARGEST_FILE, Check, Verification, agreeing, by_file, timed

OUTCOMES = {
    "genuine": Words("真实有效", "genuine"),
    "not-genuine": Words("不能认定为真", "not genuine"),
    "revoked": Words("已作废", "revoked"),
    "not-found": Words("登记册里没有", "not in the register"),
    "signed": Words("签名有效；是否已作废未查", "signed by a trusted key; revocation was not checked"),
}
CHECKS = {
    "signature": Words("数字签名", "signature"),
    "timestamp": Words("时间戳", "time stamp"),
    "content": Words("内容未被改动", "content unchanged"),
    "credential": Words("数字凭证", "credential"),
    "register": Words("登记在册", "in the register"),
    "revocation": Words("未被作废", "not revoked"),
}
STATES = {
    "passed": Words("通过", "passed"),
    "failed": Words("未通过", "failed"),
    "unchecked": Words("未查", "not checked"),
    "fact": Words("供参考", "for information"),
}
GOOD = ("genuine", "signed")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--trust", type=click.Path(path_type=Path), help="The keys of another installation, as it publishes them."
)
def command(files: Sequence[Path], trust: Path | None) -> None:
    """Tell of each FILE (PDF or credential.json) whether it is genuine, and what was checked."""
    contents = [_read(file, LARGEST_FILE + 1) for file in files]
    if trust:
        answers = _by_keys(contents, trust)
    else:
        with opened(settings.load(os.environ)) as dsn:
            answers = asyncio.run(_by_register(dsn, contents))
    for file, (outcome, number, checks) in zip(files, answers, strict=True):
        click.echo(f"{file}: {spoken(OUTCOMES[outcome])}{f' ({number})' if number else ''}")
        for check in checks:
            detail = f" — {spoken(check.detail)}" if spoken(check.detail) else ""
            click.echo(f"  {spoken(CHECKS[check.id])}: {spoken(STATES[check.state])}{detail}")
    if any(outcome not in GOOD for outcome, _, _ in answers):
        raise SystemExit(1)


Answer = tuple[str, str, Sequence[Check]]


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise Refusal(
            "verify.unreadable", Words(f"无法读取 {path}。", f"{path} cannot be read: {error.strerror}."), status=422
        ) from error


async def _by_register(dsn: str, contents: Sequence[bytes]) -> list[Answer]:
    await DB.connect(dsn, connections=2)
    try:
        found: list[Verification] = [await by_file(content, datetime.now(UTC)) for content in contents]
    finally:
        await DB.disconnect()
    return [(one.outcome, one.number, one.checks) for one in found]


def _by_keys(contents: Sequence[bytes], trust: Path) -> list[Answer]:
    try:
        told = json.loads(_read(trust, LARGEST_FILE))
        files = [one.encode() for one in told["files"]]
        keys = {one: IssuerKey.from_multikey(one) for one in told["credentials"]}
        authorities = str(told.get("authorities", "")).encode()
        [verification.certificate(one) for one in files]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(
            "verify.keys",
            Words(f"{trust} 不是密钥清单。", f"{trust} holds no keys."),
            Words(
                "请从签发网站的 /.well-known/podium-keys.json 下载。",
                "Fetch it from the issuing site, at /.well-known/podium-keys.json.",
            ),
            status=422,
        ) from error
    return [_by_key(content, files, keys, authorities) for content in contents]


def _by_key(content: bytes, files: Sequence[bytes], keys: dict[str, IssuerKey], authorities: bytes) -> Answer:
    unasked = (Check("register", "unchecked"), Check("revocation", "unchecked"))
    if content.lstrip()[:1] == b"{":
        proved = credential.check(content, keys)
        if isinstance(proved, verification.No):
            return "not-genuine", "", (Check("credential", "failed", _words(proved)), *unasked)
        return "signed", proved.said["number"], (Check("credential", "passed"), *unasked)
    found = _judged(content, files, authorities)
    if isinstance(found, verification.No):
        return "not-genuine", "", (Check("signature", "failed", _words(found)), Check("content", "unchecked"), *unasked)
    by = Check("signature", "passed", Words(found.signer, found.signer))
    carried = agreeing(verification.attached(content), keys, {"number": found.number}, ("number",))
    outcome = "not-genuine" if carried.state == "failed" else "signed"
    return outcome, found.number, (by, timed(found), Check("content", "passed"), carried, *unasked)


def _judged(content: bytes, files: Sequence[bytes], authorities: bytes) -> verification.Answer:
    """A part behind the issuer's signature can cost a parser gigabytes, and no register says whether it is ours: so it is read in a
    process that may have half of one, for twenty seconds."""
    if verification.behind(content, files) is None:
        return verification.verify(content, files, authorities)
    try:
        return in_worker(verification.verify, content, files, authorities)
    except Problems:
        return verification.no("appended")


def _words(no: verification.No) -> Words:
    return Words(no.reason.zh, no.reason.en)
