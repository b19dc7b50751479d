"""When a delegation may enter: between the two moments that the competition named, the last one included.

The organiser's own staff may prepare before it opens, and send photos and papers or take an import back after it has
closed. Who may enter after the close is decided in `late`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.web.words import both


def window(competition: Mapping[str, Any], actor: Actor, at: datetime) -> Yes | No:
    """Whether this person may enter at that moment; a moment that was never named sets no limit."""
    opens, closes = competition["registration_opens"], competition["registration_closes"]
    if competition["organiser"] in actor.organisers:
        return Yes("registration.staff")
    if opens and at < opens:
        when = both(opens, competition["time_zone"])
        return No("registration.not-yet", Words(f"报名 {when.zh} 开始。", f"Registration opens at {when.en}."))
    if closes and at > closes:
        when = both(closes, competition["time_zone"])
        return No("registration.over", Words(f"报名已于 {when.zh} 截止。", f"Registration closed at {when.en}."))
    return Yes("registration.open")


def deadline(competition: Mapping[str, Any], at: datetime) -> tuple[datetime, int] | None:
    """When registration ends, and the whole seconds that are left.

    None where no end was named, and once it is over.
    """
    closes = competition["registration_closes"]
    if not closes or at > closes:
        return None
    return closes, int((closes - at).total_seconds())
