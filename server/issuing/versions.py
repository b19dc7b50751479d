"""The versions of our designs: kept when one is first used for issuing, and found when something is printed again.

What is issued now is issued in the design as it is today; what replaces a certificate, in the version of the one before it, so
that the certificates of one competition look alike.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from certificates import versions
from certificates.versions import OWN, Former
from server.database.rows import the_row
from server.database.tables import DesignVersion
from server.issuing.own import is_own, printed_in
from server.version import VERSION


async def today(design: str) -> str:
    """The fingerprint of a design as this program has it; of what it takes from ours, where it is an organiser's own."""
    return await asyncio.to_thread(versions.fingerprint, OWN if is_own(design) else design)


async def kept(design: str, at: datetime) -> str:
    """The same, kept from then on. Whoever issues calls this within their transaction."""
    id = await today(design)
    if not await DesignVersion.exists().where(DesignVersion.id == id):
        name = OWN if is_own(design) else design
        sources = await asyncio.to_thread(versions.sources, name)
        row = DesignVersion(
            id=id, design=name, sources=sources, outside=dict(versions.outside()), podium=VERSION, at=at
        )
        await DesignVersion.insert(row).on_conflict(action="DO NOTHING")
    return id


async def as_it_was(design: str, version: str | None) -> str | bytes | Former:
    """What a press is given for a certificate: today's design where it is the same, or was not kept; else the one that was."""
    drawn_in = await printed_in(design)
    if not version or version == await today(design):
        return drawn_in
    row = await the_row(DesignVersion.select(DesignVersion.sources).where(DesignVersion.id == version).first())
    return Former(drawn_in, bytes(row["sources"]))
