"""How an appeal is shown, to the delegation that wrote it and in the office alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.verdict import Words
from server.appeals.flow import STATES
from server.errors import missing
from server.registration.naming import entry_id
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
