"""Changing the keys that sign, from the desk: by a superuser, to the password and a reason; and what each key has signed.

Keys are the installation's: every organiser's certificates are signed by them, so that no organiser alone may change them.
Private halves are sealed as they arrive and never leave again. Keys in a token are brought on the machine, where its
library and its PIN are (`podium keys --token`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from certificates.keys import Key, UnusableKey
from scoring.verdict import Words
from server.access import Actor
from server.database.tables import Certificate, RawAct
from server.errors import Refusal
from server.issuing.keys import bring, namesake, rotate
from server.people.flow import prove
from server.sealing import Sealer
from server.superuser import LONGEST_REASON

LARGEST = 1_000_000
MOST_ACTS = 50
PLACES = {
    "here": Words("本系统生成，加密存于数据库", "made here, sealed in the database"),
    "file": Words("由文件带入，加密存于数据库", "brought in a file, sealed in the database"),
    "token": Words("在令牌里", "in a token"),
}
MENDS = {
    "password": Words("请再试一次；口令不会被保存。", "Try again; the password is not kept."),
    "expired": Words("请向发证机构续期。", "Have the authority renew it."),
    "pin": Words(
        "请检查 PODIUM_TOKEN_PIN；多次错误会锁住令牌。", "See PODIUM_TOKEN_PIN; too many wrong ones lock the token."
    ),
    "no-pin": Words("请设置环境变量 PODIUM_TOKEN_PIN。", "Set PODIUM_TOKEN_PIN in the environment."),
    "usage": Words(
        "请申请可用于数字签名（digitalSignature）的证书。", "Ask for a certificate with the usage digitalSignature."
    ),
    "too-small": Words("请用 2048 位以上的 RSA 或 P-256。", "Use RSA of 2048 bits and more, or P-256."),
    "unreadable": Words(
        "请选择 PKCS#12 文件（.p12 或 .pfx）。", "Choose a PKCS#12 file; its name ends in .p12 or .pfx."
    ),
}
NO_REASON = Refusal(
    "keys.no-reason",
    Words("还没有写明更换密钥的原因。", "No reason for the change of keys was given."),
    Words("请写明原因；原因写入留痕。", "Say why; it goes into the trail."),
    status=422,
)
LONG_REASON = Refusal(
    "keys.long-reason",
    Words(f"原因最多 {LONGEST_REASON} 个字符。", f"A reason has at most {LONGEST_REASON} characters."),
    Words("请写短些。", "Make it shorter."),
    status=422,
)
NO_FILE = Refusal(
    "keys.no-file",
    Words("还没有选密钥文件。", "No key file was chosen."),
    MENDS["unreadable"],
    status=422,
)
TOO_LARGE = Refusal(
    "keys.large",
    Words(f"密钥文件最大 {LARGEST // 1000} KB。", f"A key file has at most {LARGEST // 1000} KB."),
    MENDS["unreadable"],
    status=413,
)
USED = """SELECT {column} AS key, count(*) AS signed FROM certificate WHERE ({{}} OR competition IN (
    SELECT c.id FROM competition c JOIN series s ON s.id = c.series WHERE s.organiser = ANY({{}}))) AND ({{}} OR printed IS NOT NULL) GROUP BY {column}"""


async def rotate_keys(actor: Actor, password: str, reason: str, sealer: Sealer, at: datetime) -> None:
    """New keys for files and credentials. Raises Refusal `keys.no-reason`, `keys.long-reason`, or what `prove` says."""
    why = _reasoned(reason)
    await prove(actor, password, at)
    await rotate(sealer, await namesake(), at, actor, why)


async def bring_file(
    actor: Actor, password: str, reason: str, content: bytes, passphrase: str, sealer: Sealer, at: datetime
) -> None:
    """Sign files with the key in a PKCS#12 file from now on.

    Raises Refusal: what `rotate_keys` raises; `keys.no-file`, `keys.large`, `keys.known`; and `keys.` with the rule of
    UnusableKey where it cannot sign.
    """
    why = _reasoned(reason)
    if not content:
        raise NO_FILE
    if len(content) > LARGEST:
        raise TOO_LARGE
    await prove(actor, password, at)
    try:
        key = await asyncio.to_thread(Key.from_pkcs12, content, passphrase.encode(), at)
    except UnusableKey as error:
        raise refused(error) from error
    await bring(key, sealer, await namesake(), at, actor, why)


def refused(error: UnusableKey) -> Refusal:
    """Why a key cannot be used, and what to do about it."""
    mend = MENDS.get(error.rule, Words("", ""))
    return Refusal(f"keys.{error.rule}", Words(error.words.zh, error.words.en), mend, status=422)


async def signed_by(organisers: Iterable[UUID] | None) -> Mapping[str, int]:
    """How many files, and credentials, each key signed: of these organisers' certificates, or of all. Under the empty key:
    files whose key was not written down when they were printed."""
    everything, theirs = organisers is None, list(organisers or ())
    found = {
        column: await Certificate.raw(USED.format(column=column), everything, theirs, column == "credential_key")
        for column in ("file_key", "credential_key")
    }
    return {
        row["key"]: row["signed"]
        for column, rows in found.items()
        for row in rows
        if row["key"] or column == "file_key"
    }


async def changes() -> Sequence[Mapping[str, Any]]:
    """Who changed the keys, when and why, the newest first."""
    where = RawAct.kind.is_in(["keys.rotated", "keys.brought"])
    query = RawAct.select().where(where).order_by(RawAct.sequence, ascending=False).limit(MOST_ACTS)
    rows: list[dict[str, Any]] = await query.output(load_json=True)
    return rows


def _reasoned(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise NO_REASON
    if len(reason) > LONGEST_REASON:
        raise LONG_REASON
    return reason
