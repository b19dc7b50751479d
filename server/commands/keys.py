"""`podium keys`: which keys sign certificates and credentials here; `podium keys --rotate`: new ones from now on.

`--file KEY.p12` brings a key of one's own, `--token LIBRARY --label TOKEN --key LABEL` one in a PKCS#11 token, whose PIN is
taken from PODIUM_TOKEN_PIN. Old keys stay on record, and what they signed stays genuine.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from certificates.keys import Key, Token, UnusableKey
from certificates.tokens import found
from scoring.verdict import Words
from server import settings
from server.database.opening import opened
from server.database.piccolo_conf import DB
from server.errors import Refusal
from server.issuing import keys
from server.issuing.key_keeping import LARGEST, PLACES, refused
from server.sealing import Sealer
from server.terminal import spoken

KINDS = {"file": Words("证书文件", "files"), "credential": Words("数字凭证", "credentials")}
SIGNS = Words("正在使用", "signs")
VERIFIES = Words("仅供验证", "verifies")
CODES = Words("签二维码", "signs QR codes")
NONE_YET = Words("还没有密钥：首次颁发证书时生成。", "There is no key yet: the first certificate makes them.")
ASKED = Words("密钥文件的口令", "Password of the key file")
STAMPS = Words("时间戳：{url}（PAdES B-{level}）", "time stamps: {url} (PAdES B-{level})")


@click.command()
@click.option("--rotate", is_flag=True, help="Make new keys, which sign from now on; the old ones go on verifying.")
@click.option(
    "--file", "brought", type=click.Path(path_type=Path), help="Sign with the key in this PKCS#12 file from now on."
)
@click.option("--token", "library", help="Sign with a key in a PKCS#11 token from now on: the path of its library.")
@click.option("--label", default="", help="The label of the token.")
@click.option("--key", default="", help="The label of the key and its certificate in the token.")
def command(rotate: bool, brought: Path | None, library: str | None, label: str, key: str) -> None:
    """List the keys that sign here: what, since when, algorithm, validity, where they are, fingerprint."""
    told, now = settings.load(os.environ), datetime.now(UTC)
    if sum((rotate, bool(brought), bool(library))) > 1 or bool(library) != bool(label and key):
        words = Words("这些选项不能一起使用。", "These options do not go together.")
        mend = Words("令牌需要 --token、--label 和 --key 三项。", "A token takes --token, --label and --key.")
        raise Refusal("keys.options", words, mend, status=422)
    new = (
        _from_file(brought, now)
        if brought
        else _from_token(library, label, key, told.token_pin, now)
        if library
        else None
    )
    with opened(told) as dsn:
        rows = asyncio.run(_listed(dsn, _change(rotate, new, Sealer(told), now)))
    if not rows:
        click.echo(spoken(NONE_YET))
    for row in rows:
        click.echo("  ".join(_line(row)))
    if told.authority:
        shown = spoken(STAMPS).format(
            url=settings.shown(told.authority.url), level="LTA" if told.authority.archival else "LT"
        )
        click.echo(shown)


def _line(row: Mapping[str, Any]) -> list[str]:
    states = [spoken(SIGNS if row["signs"] else VERIFIES), *([spoken(CODES)] if row.get("codes") else [])]
    line = [f"{row['created']:%Y-%m-%d %H:%M}", spoken(KINDS[row["kind"]]), ", ".join(states)]
    if row["kind"] == "file":
        line += [row["algorithm"], f"{row['from']:%Y-%m-%d} – {row['until']:%Y-%m-%d}", spoken(PLACES[row["place"]])]
    return [*line, row["id"]]


def _from_file(path: Path, at: datetime) -> Key:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        words = Words(f"无法读取 {path}。", f"{path} cannot be read: {error.strerror}.")
        raise Refusal("keys.unreadable", words, status=422) from error
    password = click.prompt(spoken(ASKED), hide_input=True, default="", show_default=False)
    try:
        return Key.from_pkcs12(content, password.encode(), at)
    except UnusableKey as error:
        raise refused(error) from error


def _from_token(library: str, label: str, key: str, pin: str, at: datetime) -> Token:
    try:
        return found(library, label, key, pin, at)
    except UnusableKey as error:
        raise refused(error) from error


Change = Callable[[str], Awaitable[None]]


def _change(rotate: bool, new: Key | Token | None, sealer: Sealer, at: datetime) -> Change | None:
    if new:
        return lambda name: keys.bring(new, sealer, name, at)
    return (lambda name: keys.rotate(sealer, name, at)) if rotate else None


async def _listed(dsn: str, change: Change | None) -> Sequence[Mapping[str, Any]]:
    await DB.connect(dsn, connections=2)
    try:
        if change:
            await change(await keys.namesake())
        return await keys.listed()
    finally:
        await DB.disconnect()
