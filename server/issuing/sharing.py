"""Links that a holder gives to somebody, an employer say, and takes back: one certificate, or everything they have.

Whoever has the link sees what the paper shows, as long as it is not withdrawn; a withdrawn one says so, and nothing else.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.database.piccolo_conf import DB
from server.database.tables import Certificate, Revocation, Serial, Share
from server.errors import Refusal, missing
from server.issuing.lookup import Holder
from server.sealing import Sealer

MOST, LONGEST = 20, 40
LINK = Words("这个链接", "link")
WITHDRAWN = Refusal(
    "share.withdrawn",
    Words("持证人已经收回这个链接。", "The holder has withdrawn this link."),
    Words("需要查看请向本人要新的链接。", "Ask them for a new one."),
    status=410,
)


async def share(holder: Holder, number: str, label: str, sealer: Sealer, at: datetime) -> str:
    """A new link's secret: to the certificate of this number, or to everything of the holder's where it is empty.

    Raises Refusal: `not-found`, `share.label`, or `share.many` while there are too many that are not withdrawn.
    """
    label = label.strip()
    if not 0 < len(label) <= LONGEST:
        words = Words(f"请写明给谁看，最多 {LONGEST} 字。", f"Say whom it is for, in at most {LONGEST} characters.")
        raise Refusal("share.label", words, status=422)
    id, secret = uuid4(), secrets.token_urlsafe(24)
    async with DB.transaction():
        await _one_at_a_time()
        certificate = await _theirs(holder, number) if number else None
        if await Share.count().where((Share.whose == holder.whose) & Share.withdrawn.is_null()) >= MOST:
            words = Words(f"最多同时有 {MOST} 个链接。", f"There are at most {MOST} links at a time.")
            raise Refusal("share.many", words, Words("请先收回不用的。", "Withdraw one that is no longer needed."))
        row = Share(
            id=id, whose=holder.whose, certificate=certificate, label=label, hash=_hash(secret),
            sealed=sealer.seal(secret, f"share:{id}"), made=at,
        )  # fmt: skip
        await Share.insert(row)
    return secret


async def _one_at_a_time() -> None:
    await Serial.insert(Serial(id="share", following=1)).on_conflict(action="DO NOTHING")
    await Serial.select().where(Serial.id == "share").lock_rows().first()


async def _theirs(holder: Holder, number: str) -> UUID:
    """Raises Refusal `not-found`: also for one that is out of force, which nobody shows around."""
    gone = Revocation.select(Revocation.certificate)
    where = (Certificate.number == number) & holder.theirs & Certificate.id.not_in(gone)
    row = await Certificate.select(Certificate.id).where(where).first()
    if row is None:
        raise missing(Words("这份证书", "certificate"))
    return UUID(str(row["id"]))


async def shares_of(holder: Holder, sealer: Sealer) -> list[dict[str, Any]]:
    """A holder's links that are not withdrawn, the newest first, each with its `secret` and the `number` that it shows."""
    query = Share.select(*Share.all_columns(), Share.certificate.number.as_alias("number"))
    rows = await query.where((Share.whose == holder.whose) & Share.withdrawn.is_null()).order_by(
        Share.made, ascending=False
    )
    return [{**row, "secret": sealer.open(bytes(row["sealed"]), f"share:{row['id']}")} for row in rows]


async def withdraw(holder: Holder, id: UUID, at: datetime) -> None:
    """Take a link back; taking it back twice changes nothing. Raises Refusal `not-found` for somebody else's."""
    mine = (Share.id == id) & (Share.whose == holder.whose)
    if not await Share.exists().where(mine):
        raise missing(LINK)
    await Share.update({Share.withdrawn: at}).where(mine & Share.withdrawn.is_null())


async def shared(secret: str) -> Mapping[str, Any]:
    """The link of a secret, counted as looked at. Raises Refusal: `not-found`, or `share.withdrawn`."""
    row = await Share.select().where(Share.hash == _hash(secret)).first()
    if row is None:
        raise missing(LINK)
    if row["withdrawn"]:
        raise WITHDRAWN
    await Share.update({Share.opened: Share.opened + 1}).where(Share.id == row["id"])
    return dict(row)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
