"""Views of lists that an account keeps under a name: the filters, columns and order of an address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from admin.lists.asked import Asked
from admin.lists.listing import Listing
from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Account, SavedView
from server.errors import Refusal

MOST, LONGEST_NAME = 20, 40
NO_NAME = Refusal(
    "view.name",
    Words("请给这个视图起一个名字，最多 40 字。", "Give this view a name of at most 40 characters."),
    status=422,
)
TOO_MANY = Refusal(
    "view.too-many",
    Words("一张列表最多保存 20 个视图。", "A list keeps at most 20 views."),
    Words("请先删去一个。", "Remove one first."),
    status=422,
)


async def views_of(listing: Listing, competition: UUID, actor: Actor) -> list[dict[str, Any]]:
    """The views that this person keeps of a list, by name."""
    where = (SavedView.account == actor.account) & (SavedView.competition == competition)
    query = SavedView.select(SavedView.id, SavedView.name, SavedView.query)
    return [dict(row) for row in await query.where(where & (SavedView.listing == listing.id)).order_by(SavedView.name)]


async def keep(
    listing: Listing, competition: Mapping[str, Any], name: str, asked: Asked, actor: Actor, at: datetime
) -> None:
    """Keep a view; one of the same name becomes this one. Raises Refusal `view.name` or `view.too-many`."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME or "\x00" in name:
        raise NO_NAME
    async with DB.transaction():
        await Account.select(Account.id).where(Account.id == actor.account).lock_rows().first()
        kept = await views_of(listing, competition["id"], actor)
        same = next((one["id"] for one in kept if one["name"] == name), None)
        if same:
            changes: dict[Any, Any] = {SavedView.query: asked.query(), SavedView.at: at}
            await SavedView.update(changes).where(SavedView.id == same)
            return
        if len(kept) >= MOST:
            raise TOO_MANY
        row = SavedView(
            id=uuid4(), account=actor.account, competition=competition["id"], listing=listing.id, name=name,
            query=asked.query(), at=at,
        )  # fmt: skip
        await SavedView.insert(row)


async def drop(listing: Listing, competition: UUID, view: UUID, actor: Actor) -> None:
    """Forget a view of one's own; somebody else's, or one that is gone already, is left alone."""
    own = (SavedView.account == actor.account) & (SavedView.competition == competition)
    await SavedView.delete().where(own & (SavedView.listing == listing.id) & (SavedView.id == view))
