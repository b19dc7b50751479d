"""What the code of a competitor's badge opens: the door, and with a name and a number a winner's certificates.

The code is an address of this site that a phone's camera opens: `/b/`, the token of the door, and sixteen signs (80 bits)
computed from the installation's key for this member, the person behind them and a version. Nothing of it is stored, and the
devices at the door hold the token alone. Whoever gives a name and the last six of a document is asked for it as the second
thing (`standing`), which is why a badge that nobody knows the owner of is never looked up: no answer depends on it.

What each opens to somebody whose badge was made:

- the badge alone: nothing, and not even whether it is one of ours: who finds one learns what is printed on it;
- name and last six alone: the list of their certificates, and files that say what was published;
- both: besides, the files that show the document's number and the photo (skill levels), and links for others;
- both, but another's badge, or one that was replaced since: as without a badge, and so it is told.

To somebody who never had a badge (a judge, the crew, an earlier competition) name and last six open everything.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from scoring.verdict import Words
from server.access import Actor
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.tables import BadgeCode
from server.errors import Refusal
from server.ledger import hold, record
from server.registration.badges import COMPETITOR, members_with_badges, signs, token
from server.sealing import Sealer

Standing = Literal["none", "asked", "read", "other"]
"""Of a badge beside a name and a number: none was made, none was shown, theirs, or not theirs (any more)."""
OWN = 16
SHAPE = re.compile(r"PB[A-Z2-7]{42}")
THEIRS = (
    """SELECT b.id, b.version, b.competition, m.person FROM badge b JOIN member m ON m.id = b.id WHERE m.person = {}"""
)
NOBODY = Refusal(
    "badges.unknown",
    Words("名单里没有这个报名号和姓名。", "Nobody on the list has this entry number and this name."),
    Words("请照参赛证上印的填写；队员要写明姓名。", "Type both as the badge has them; of a team say whose it is."),
    status=404,
)


async def coded(
    competition: UUID, members: Sequence[Mapping[str, Any]], base_url: str, sealer: Sealer
) -> list[dict[str, Any]]:
    """Members as `members_with_badges` has them, each with the address (`code`) that their badge holds now."""
    made = await BadgeCode.select(BadgeCode.id, BadgeCode.version).where(BadgeCode.competition == competition)
    versions = {row["id"]: row["version"] for row in made}
    start = f"{base_url.rstrip('/')}/b/"
    known = ({**one, "competition": competition, "version": versions.get(one["id"], 0)} for one in members)
    return [{**one, "code": start + code_of(one, sealer)} for one in known]


async def hand_out(competition: UUID, members: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """The badges of these members are made, so that from now on they are asked for them."""
    rows = [{"id": one["id"], "competition": competition, "version": 0, "at": at} for one in members]
    await insert_rows(BadgeCode, rows, unless="id")


async def replace(
    competition: UUID, number: str, name: str, sealer: Sealer, actor: Actor, at: datetime
) -> list[dict[str, Any]]:
    """The members of that entry number and name (in a team of one it may be empty) whose badge was lost: its code opens
    nothing from now on. The door takes the old one as before, and shows whose it is.

    Raises Refusal `badges.unknown`.
    """
    number, name = number.strip().upper(), "".join(name.split())
    async with DB.transaction():
        await hold(competition)
        entry = [row for row in await members_with_badges(competition, sealer) if row["number"] == number]
        lost = [row for row in entry if (name or len(entry) == 1) and name in ("", "".join(row["name"].split()))]
        if not lost:
            raise NOBODY
        await hand_out(competition, lost, at)
        which = BadgeCode.id.is_in([row["id"] for row in lost])
        await BadgeCode.update({BadgeCode.version: BadgeCode.version + 1, BadgeCode.at: at}).where(which)
        data = {"entry": number, "members": [str(row["id"]) for row in lost]}
        await record(competition, "badge.replaced", actor, at, event=lost[0]["event"], data=data)
    return lost


async def standing(person: UUID, given: str, sealer: Sealer) -> Standing:
    """What a badge that was shown (`given`, or "") says about somebody who was found by name and number."""
    rows = await BadgeCode.raw(THEIRS, person)
    if not rows or not given:
        return "asked" if rows else "none"
    theirs = any(hmac.compare_digest(code_of(row, sealer).encode(), given.encode()) for row in rows)
    return "read" if theirs else "other"


def code_of(one: Mapping[str, Any], sealer: Sealer) -> str:
    """The end of the address in a member's badge: of their `id`, `person`, `competition` and the badge's `version`."""
    own = sealer.index("badge-code", str(one["id"]), str(one["person"]), str(one["version"]))
    return token(COMPETITOR, one["competition"], one["id"], sealer) + signs(own, OWN)
