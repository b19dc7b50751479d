"""`podium keys`: which keys sign certificates and credentials here; `podium keys --rotate`: new ones from now on.

Old keys stay on record, and what they signed stays genuine.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from scoring.verdict import Words
from server import settings
from server.database.opening import opened
from server.database.piccolo_conf import DB
from server.database.tables import Organiser
from server.issuing import keys
from server.sealing import Sealer
from server.terminal import spoken

KINDS = {"file": Words("证书文件", "files"), "credential": Words("数字凭证", "credentials")}
SIGNS = Words("正在使用", "signs")
VERIFIES = Words("仅供验证", "verifies")
NONE_YET = Words("还没有密钥：首次颁发证书时生成。", "There is no key yet: the first certificate makes them.")


@click.command()
@click.option("--rotate", is_flag=True, help="Make new keys, which sign from now on; the old ones go on verifying.")
def command(rotate: bool) -> None:
    """List the keys that sign here by their fingerprints."""
    told = settings.load(os.environ)
    with opened(told) as dsn:
        rows = asyncio.run(_listed(dsn, Sealer(told), rotate))
    if not rows:
        click.echo(spoken(NONE_YET))
    for row in rows:
        state = spoken(SIGNS if row["signs"] else VERIFIES)
        click.echo(f"{row['created']:%Y-%m-%d %H:%M}  {spoken(KINDS[row['kind']])}  {state}  {row['id']}")


async def _listed(dsn: str, sealer: Sealer, rotate: bool) -> Sequence[Mapping[str, Any]]:
    await DB.connect(dsn, connections=2)
    try:
        if rotate:
            first = await Organiser.select(Organiser.name).order_by(Organiser.id).first()
            await keys.rotate(sealer, first["name"] if first else "Podium", datetime.now(UTC))
        return await keys.listed()
    finally:
        await DB.disconnect()
