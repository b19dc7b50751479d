"""A draw in public, step by step, for the tests that are about one of its steps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.access import Actor
from server.competitions.flow import add_supervisor
from server.draw.announcing import Plan, announce
from server.draw.ceremony import commit, reveal
from server.draw.custodians import take_key
from server.people.flow import employ
from tests.server.small import AT, SEALER, Small, account, approved, entered, founded, opened, seated

NAMING = "福彩3D 2026-10-15 开奖号"
KNOWN = AT + timedelta(hours=12)
LATER = KNOWN + timedelta(minutes=5)
PUBLIC = "3 6 9"
WORDS = ("监督甲的一句话：海内存知己", "监督乙的一句话：天涯若比邻")
PASSPHRASES = {
    "number": "one passphrase for numbers",
    "station": "another one for stations",
    "code": "a third one for codes",
}


async def with_witnesses(slug: str = "small", **more: Any) -> tuple[Small, list[Actor]]:
    """A competition with two supervisors and entries from six delegations, taking entries still."""
    small = await founded(slug, **more)
    await seated(small)
    competition = await small.competition()
    second = await account("监督乙")
    await add_supervisor(competition, second, small.staff, AT)
    await opened(small, "registration")
    await entered(small)
    await approved(small)
    return small, [small.supervisor, Actor(second, "监督乙", supervises=frozenset({competition["id"]}))]


async def announced(small: Small, witnesses: list[Actor], **more: Any) -> int:
    """A ceremony that these witnesses commit to."""
    accounts = [one.account for one in witnesses if one.account]
    plan = Plan(NAMING, KNOWN, accounts, **more)
    return await announce(await small.event(), plan, SEALER, small.staff, AT)


async def committed(small: Small, witnesses: list[Actor]) -> None:
    """Every witness's commitment, in time."""
    for one, words in zip(witnesses, WORDS, strict=True):
        await commit(await small.event(), words, "", one, AT + timedelta(hours=1))


async def revealed(small: Small, witnesses: list[Actor], at: datetime = LATER) -> None:
    """Every witness's words, once the public string is known."""
    for one, words in zip(witnesses, WORDS, strict=True):
        await reveal(await small.event(), words, one, at)


async def ready(slug: str = "small", **more: Any) -> tuple[Small, list[Actor]]:
    """A ceremony in which everybody has revealed."""
    small, witnesses = await with_witnesses(slug)
    await announced(small, witnesses, **more)
    await committed(small, witnesses)
    await revealed(small, witnesses)
    return small, witnesses


async def held(small: Small, **more: Any) -> None:
    """The draw itself, as the organiser opens the door."""
    await opened(small, "drawn", at=LATER, commitments=(), public=PUBLIC, sealer=SEALER, **more)


async def kept(small: Small) -> dict[str, Actor]:
    """Three custodians of the organiser's staff."""
    from_staff: dict[str, Actor] = {}
    for layer in PASSPHRASES:
        from_staff[layer] = await clerk(small, f"保管{layer}")
    return from_staff


async def clerk(small: Small, name: str) -> Actor:
    """One more of the organiser's staff."""
    organiser = next(iter(small.staff.organisers))
    who: UUID = await account(name)
    await employ(organiser, who)
    return Actor(who, name, organisers=frozenset({organiser}))


async def under_custody(slug: str = "small", escrow: bool = False) -> tuple[Small, list[Actor], dict[str, Actor]]:
    """A ceremony in which everybody has revealed and three custodians have their keys."""
    small, witnesses = await with_witnesses(slug)
    custodians = await kept(small)
    accounts = {layer: one.account for layer, one in custodians.items() if one.account}
    await announced(small, witnesses, custodians=accounts, escrow=escrow)
    for layer, passphrase in PASSPHRASES.items():
        await take_key(await small.event(), layer, passphrase, SEALER, custodians[layer], AT)
    await committed(small, witnesses)
    await revealed(small, witnesses)
    return small, witnesses, custodians
