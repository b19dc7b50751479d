"""Sign-off: who signs which marks, what a signature names, and when it holds no longer.

A judge's *sheet* of an entry is their own mark of every aspect that each judge marks, and the panel's mark of every aspect
that it records once. A signature names the marks of the sheet one by one; it is a row of its own and a decision of the
ledger, and neither is ever changed. It *holds* while the sheet still consists of those very marks. Where the policy wants
it ([signing]), a contestant signs what was measured once for the panel, before their eyes, in the modules it names.
What was signed on paper counts too: a sheet is signed when each of its marks came from paper that its judge had signed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from scoring.language.checking import NOT_ASKED, REFUSE, SILENT, SigningRule
from scoring.marks import Scheme
from scoring.verdict import No, Words, Yes
from server.competitions.flow import policy_of, scheme_of
from server.database.tables import PaperTyping, Signature
from server.marks.floor import COMPETED, facts_of_entries
from server.marks.flow import Panel, Progress, current_rows, panel_of, progress, sealable
from server.marks.hall import open_problems

JUDGE, CONTESTANT = "judge", "contestant"
OPEN = frozenset({"marking", "sealed", "reviewed", "published"})
"""States in which a sheet may be signed: also again, after a correction."""
NEWEST = """SELECT DISTINCT ON (entry, role, CASE role WHEN 'judge' THEN judge END)
    id, entry, role, judge, marks, sequence, stored_at FROM signature WHERE event = {}
ORDER BY entry, role, CASE role WHEN 'judge' THEN judge END, sequence DESC"""


def sheet_hash(role: str, event: UUID, entry: str, judge: UUID, marks: Sequence[Sequence[Any]]) -> bytes:
    """SHA-256 of what was signed, each mark as aspect, id, hundredths, round; the tablet computes the same."""
    said = ["podium-sheet-1", role, str(event), entry, str(judge), [list(one) for one in marks]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def asked_of(role: str, scheme: Scheme, rule: SigningRule) -> tuple[str, ...]:
    """The aspects that are signed for, in the order of the scheme; none where this role is not asked."""
    if role == JUDGE:
        return tuple(aspect.id for aspect in scheme.aspects)
    if rule.contestants == NOT_ASKED:
        return ()
    inside = {criterion.id for criterion in scheme.criteria if criterion.module in rule.modules}
    found = [one for criterion in scheme.criteria if criterion.id in inside for one in criterion.aspects]
    return tuple(one.id for one in found if one.recorded == "one" and one.kind == "measured")


@dataclass(frozen=True, slots=True)
class Signed:
    """The newest signature of a judge under a sheet, or of a contestant (then `judge` is before whom)."""

    id: str
    entry: str
    judge: UUID
    holds: bool
    sequence: int
    at: Any


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who has signed what of an event. `owed` are entries whose marks are owed at all."""

    rule: SigningRule
    panel: Panel
    owed: tuple[str, ...]
    judges: Mapping[tuple[str, UUID], Signed]
    contestants: Mapping[str, Signed]
    asks_contestants: bool

    def unsigned(self, judge: UUID) -> int:
        """How many sheets of a judge wear no signature that holds."""
        return sum(not self.holds(entry, judge) for entry in self.owed)

    def holds(self, entry: str, judge: UUID) -> bool:
        """Whether a judge's sheet is signed as it is now."""
        found = self.judges.get((entry, judge))
        return found is not None and found.holds

    @property
    def missing_judges(self) -> int:
        """Sheets of all judges without a signature that holds."""
        return sum(self.unsigned(judge) for judge in self.panel.labels)

    @property
    def missing_contestants(self) -> int:
        """Entries under whose on-site marks their contestant has not signed."""
        held = {entry for entry, one in self.contestants.items() if one.holds}
        return sum(entry not in held for entry in self.owed) if self.asks_contestants else 0


async def signatures_of(
    event: Mapping[str, Any], rows: Sequence[Mapping[str, Any]] | None = None, panel: Panel | None = None
) -> Signatures:
    """Who has signed what, against the marks as they are now; `rows` and `panel` where the caller has them already."""
    scheme, rule = scheme_of(event), policy_of(event).signing if event["policy"] else SILENT
    panel = panel or await panel_of(event["id"])
    facts = await facts_of_entries(event["id"])
    owed = tuple(entry for entry, one in facts.items() if one.status == COMPETED)
    if scheme is None:
        return Signatures(rule, panel, owed, {}, {}, False)
    current = Current(scheme, await current_rows(event["id"]) if rows is None else rows)
    judges: dict[tuple[str, UUID], Signed] = {}
    contestants: dict[str, Signed] = {}
    for row in await Signature.raw(NEWEST, event["id"]):
        marks = json.loads(row["marks"])
        holds = [one[1] for one in marks] == current.ids(row["entry"], row["judge"], [one[0] for one in marks])
        one = Signed(row["id"], row["entry"], row["judge"], holds, row["sequence"], row["stored_at"])
        if row["role"] == JUDGE:
            judges[row["entry"], row["judge"]] = one
        else:
            contestants[row["entry"]] = one
    for entry, who, one in await _on_paper(event["id"], current, scheme, rule):
        if who == CONTESTANT:
            contestants[entry] = _joined(contestants.get(entry), one)
        else:
            judges[entry, UUID(who)] = _joined(judges.get((entry, UUID(who))), one)
    return Signatures(rule, panel, owed, judges, contestants, bool(asked_of(CONTESTANT, scheme, rule)))


def _joined(drawn: Signed | None, paper: Signed) -> Signed:
    """The newest signature of a tablet, which holds also where the paper does."""
    return replace(drawn, holds=drawn.holds or paper.holds) if drawn else paper


async def _on_paper(event: UUID, current: Current, scheme: Scheme, rule: SigningRule) -> list[tuple[str, str, Signed]]:
    """Entry, who signed it on paper, and whether that holds, where everything that is signed for was on such paper once."""
    typed = (PaperTyping.event == event) & (PaperTyping.state == "stored")
    rows = await PaperTyping.select().where(typed).order_by(PaperTyping.at).output(load_json=True)
    named: dict[tuple[str, str], dict[str, set[str]]] = {}
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        for who in row["signers"]:
            last[row["entry"], who] = row
            aspects = named.setdefault((row["entry"], who), {})
            for aspect, mark in row["marks"].items():
                aspects.setdefault(aspect, set()).add(mark["id"])
    found = []
    for (entry, who), aspects in named.items():
        role, newest = CONTESTANT if who == CONTESTANT else JUDGE, last[entry, who]
        judge = newest["judge"] if who == CONTESTANT else UUID(who)
        asked = asked_of(role, scheme, rule)
        if not asked or not set(asked) <= aspects.keys():
            continue
        ids = current.ids(entry, judge, asked)
        holds = all(id in aspects[aspect] for aspect, id in zip(asked, ids, strict=True))
        found.append((entry, who, Signed(f"paper {newest['id']}", entry, judge, holds, 0, newest["at"])))
    return found


class Current:
    """The marks that sheets consist of now."""

    def __init__(self, scheme: Scheme, rows: Sequence[Mapping[str, Any]]) -> None:
        self.once = frozenset(aspect.id for aspect in scheme.aspects if aspect.recorded == "one")
        self.cells = {
            (row["entry"], row["aspect"], None if row["aspect"] in self.once else row["judge"]): row
            for row in sorted(rows, key=lambda row: row["sequence"])
        }

    def ids(self, entry: str, judge: UUID, aspects: Sequence[str]) -> list[str]:
        """The ids of a sheet's marks for these aspects; an empty text where there is none, or where it is in doubt."""
        found = [self.cells.get((entry, one, None if one in self.once else judge)) for one in aspects]
        return [row["id"] if row and not row["conflict"] else "" for row in found]


async def may_seal_signed(event: Mapping[str, Any], now: Progress | None = None) -> Yes | No:
    """Whether an event may be sealed: every mark there and none in doubt, no problem open that may still change one, and signed
    where the policy has the seal wait.

    `now` is its progress where the caller has it.
    """
    verdict = sealable(now or await progress(event))
    if isinstance(verdict, No):
        return verdict
    if number := await open_problems(event["id"]):
        words = Words(
            f"有 {number} 个现场问题没有办结，先在裁判长看板上答复。",
            f"Problems still open: {number}. Answer and close them on the chief judge's board.",
        )
        return No("marks.problems", words)
    rule = policy_of(event).signing if event["policy"] else SILENT
    if REFUSE not in (rule.judges, rule.contestants):
        return verdict
    found = await signatures_of(event)
    if found.rule.judges == REFUSE and found.missing_judges:
        number = found.missing_judges
        words = Words(f"还有 {number} 张评分表没有裁判签字。", f"{number} sheets are not signed by their judges.")
        return No("marks.unsigned", words)
    if found.rule.contestants == REFUSE and found.missing_contestants:
        number = found.missing_contestants
        words = Words(
            f"还有 {number} 个作品的现场分没有选手签字。", f"{number} contestants have not signed their on-site marks."
        )
        return No("marks.unsigned-contestants", words)
    return verdict
