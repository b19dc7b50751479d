"""What a version of a policy says otherwise than what was in force before it, sentence by sentence."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from admin.policy_form import draft_of
from admin.policy_words import SECTIONS
from scoring import policy as policies
from scoring.policy import Policy
from scoring.sentences import sections, sentences
from scoring.verdict import Words
from server.competitions.own_policies import called, in_force_before
from server.web.page import spoken

Said = tuple[str, str]
"""A sentence and its citation."""
UNKNOWN_NUMBER = Words("文号未知", "document number not known")
NUMBER = Words("文号", "Document no.")
DAYS = Words("有效期", "In force")


async def against_before(row: Mapping[str, Any], policy: Policy, lang: str) -> dict[str, Any] | None:
    """The differences to what was in force before this version; None where nothing was: it came as a file of its own."""
    origin = str(row["origin"])
    before = await in_force_before(row)
    if before is None and origin in policies.shipped():
        name, text = origin, policies.text_of(origin)
    elif before is not None:
        name, text = called(before), before["text"]
    else:
        return None
    old = draft_of(text).policy
    return {"name": name, "sections": differences(old, policy, lang)} if old else None


def differences(before: Policy, after: Policy, lang: str) -> list[dict[str, Any]]:
    """Section by section what is said otherwise, each as (before, after), either of them None where it says nothing."""
    old, new = _said(before, lang), _said(after, lang)
    found = []
    for name in ("about", *(name for name in SECTIONS if name != "about")):
        pairs = _pairs(old.get(name, []), new.get(name, []))
        if pairs:
            lines = [{"before": _line(one), "after": _line(other)} for one, other in pairs]
            found.append({"name": spoken(SECTIONS[name], lang), "lines": lines})
    return found


def _pairs(old: list[Said], new: list[Said]) -> list[tuple[Said | None, Said | None]]:
    pairs: list[tuple[Said | None, Said | None]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            pairs += zip_longest(old[a:b], new[c:d])
    return pairs


def _line(said: Said | None) -> dict[str, str] | None:
    return {"text": said[0], "cite": said[1]} if said else None


def _said(policy: Policy, lang: str) -> dict[str, list[Said]]:
    found = {
        name: [(spoken(one.words, lang), policy.cited(one.source) or "") for one in some]
        for name, some in sections(sentences(policy)).items()
    }
    first, last = policy.in_force
    number = policies.number_of(policy.document) or spoken(UNKNOWN_NUMBER, lang)
    days = f"{first or ''} – {last or ''}".strip()
    return {"about": [(f"{spoken(NUMBER, lang)}: {number}", ""), (f"{spoken(DAYS, lang)}: {days}", "")], **found}
