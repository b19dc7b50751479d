"""How an appeal is shown, to the delegation that wrote it and in the office alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.verdict import No, Words
from server.access import Actor
from server.appeals.flow import STATES, party_of_each
from server.database.tables import Appeal
from server.errors import missing
from server.registration.naming import entry_id
from server.results.pages import said_in
from server.web.page import Web, spoken

ACTS = {
    "filed": Words("提出申诉", "wrote the appeal"),
    "admitted": Words("准许受理", "admitted it"),
    "refused": Words("不予受理", "did not admit it"),
    "assigned": Words("指定办理人", "assigned it"),
    "answered": Words("答复", "answered"),
    "upheld": Words("裁定成立", "upheld it"),
    "rejected": Words("裁定驳回", "rejected it"),
}


WAITING = """SELECT a.id, a.number, a.state, a.assigned, e.name, e.name_en,
    ARRAY(SELECT account FROM appeal_act WHERE appeal = a.id AND act = 'answered') AS answered
FROM appeal a JOIN event e ON e.id = a.event WHERE a.competition = {} AND a.state IN ('asked', 'open') ORDER BY a.number"""
ADMIT = Words("决定是否受理申诉", "Decide whether to admit an appeal")
GIVE = Words("指定申诉办理人", "Give an appeal to somebody")
ANSWER = Words("答复申诉", "Answer an appeal")
RULE = Words("裁定申诉", "Rule on an appeal")


async def needing(competition: Mapping[str, Any], actor: Actor, lang: str) -> list[dict[str, Any]]:
    """The appeals that wait for this person: to be admitted, given to somebody, answered, or ruled on."""
    found = []
    asked = [
        (row, what)
        for row in await Appeal.raw(WAITING, competition["id"])
        if (what := _asked_of(row, competition, actor))
    ]
    party = await party_of_each([row["id"] for row, _ in asked], actor.account, actor.name)
    for row, what in asked:
        if isinstance(party[row["id"]], No):
            continue
        found.append(
            {
                "event": said_in(row, "name", lang),
                "what": spoken(what, lang),
                "detail": called(row["number"]),
                "due": "",
                "url": f"/office/{competition['slug']}/appeals/{row['number']}",
            }
        )
    return found


def _asked_of(row: Mapping[str, Any], competition: Mapping[str, Any], actor: Actor) -> Words | None:
    if row["state"] == "asked":
        return ADMIT if competition["id"] in actor.supervises else None
    if row["assigned"] is None:
        return GIVE
    if not row["answered"]:
        return ANSWER if row["assigned"] == actor.account else None
    return None if actor.account in row["answered"] else RULE


def called(number: int) -> str:
    """How an appeal is called wherever people read of it."""
    return f"A{number:03}"


def number_in(request: Web) -> int:
    """The number that an address names. Raises Refusal `not-found`."""
    text = str(request.path_params["number"])
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise missing(Words("这件申诉", "appeal"))
    return int(text)


def shown(row: Mapping[str, Any], acts: Sequence[Mapping[str, Any]], lang: str) -> dict[str, Any]:
    """An appeal with everything that was done about it."""
    event = {"code": row["code"]}
    return {
        "number": row["number"],
        "called": called(row["number"]),
        "state": row["state"],
        "said": spoken(STATES[row["state"]], lang),
        "event": row["event_name_en"] if lang == "en" and row["event_name_en"] else row["event_name"],
        "entry": entry_id(event, row["entry_number"]),
        "names": row["names"],
        "delegation": row["delegation_name"],
        "reason": row["reason"],
        "silent": row["rule"] == "appeals.silent",
        "at": row["at"],
        "assigned": row["assigned_name"] or "",
        "has_file": row["media"] is not None,
        "pages": row["pages"] or 0,
        "against": row["snapshot_version"],
        "republished": row["republished_version"] or 0,
        "version": row["version"],
        "acts": [
            {"what": spoken(ACTS[act["act"]], lang), "text": act["text"], "by": act["by_name"], "at": act["at"]}
            for act in acts
        ],
    }
