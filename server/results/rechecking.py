"""Checking sheets again between seal and decoding: a sample drawn by lot, each sheet agreed or in error, everything when too
many are wrong.

Who is drawn follows from the seed and the sealed marks alone; the seed is thrown by the program and stays in the ledger, so
that anybody draws the same sample again and nobody chose it. Everything here knows work codes only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.review import conclusion, sample
from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.competitions.flow import policy_of
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Event, Recheck, RecheckSheet
from server.errors import Refusal, missing
from server.ledger import hold, record
from server.marks.correcting import marks_of
from server.results.flow import outcome_of

MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a re-check is: the codes to check in their order, what was found on each, whether the sample stands for the
    rest (None while it is not finished), and whether everything that has to be checked is."""

    seed: str
    by: str
    at: datetime
    top: tuple[str, ...]
    codes: tuple[str, ...]
    found: Mapping[str, Mapping[str, Any]]
    sampled: int
    verdict: Yes | No | None
    done: bool

    @property
    def wrong(self) -> int:
        """How many sheets are in error."""
        return sum(not one["agreed"] for one in self.found.values())


async def draw_sample(event: Mapping[str, Any], seed: str, actor: Actor, at: datetime) -> None:
    """Draw the sample of a sealed event, once.

    Raises Refusal `recheck.state`, `recheck.no-rule` where the policy says nothing of a review, or `recheck.drawn`.
    """
    rule = policy_of(event).review
    if rule is None:
        words = Words("规则没有规定复核。", "The policy says nothing of a review.")
        raise Refusal("recheck.no-rule", words)
    async with DB.transaction():
        await _sealed(event)
        if await Recheck.exists().where(Recheck.event == event["id"]):
            raise Refusal("recheck.drawn", Words("样本已经抽过。", "The sample has been drawn already."))
        standings = (await outcome_of(event)).standings
        chosen = sample(standings, rule, seed)
        rest = sorted(one.entry for one in standings if one.rank and one.entry not in chosen.entries)
        row = Recheck(
            event=event["id"],
            seed=seed,
            top=list(chosen.top),
            drawn=list(chosen.drawn),
            rest=rest,
            by_name=actor.name,
            at=at,
        )
        await Recheck.insert(row)
        data = {"seed": seed, "top": list(chosen.top), "drawn": list(chosen.drawn)}
        await record(event["competition"], "recheck.drawn", actor, at, event=event["id"], data=data)


async def find(
    event: Mapping[str, Any], code: str, agreed: bool, words: str, mark: str, actor: Actor, at: datetime
) -> Progress:
    """Write down what was found on one sheet, once; how far the re-check is. `mark` is the one of the sheet's marks that is wrong, ""
    where it is not one alone.

    Raises Refusal `recheck.state`, `recheck.sheet` for a code that is not to be checked, `recheck.words` for an error without
    words, `recheck.found` for a sheet that was checked already, or `not-found` for a mark that is not this sheet's.
    """
    words = words.strip()
    if len(words) > MOST_WORDS or (not agreed and not words):
        raise Refusal("recheck.words", Words("请写明错在哪里。", "Say what is wrong."), status=422)
    async with DB.transaction():
        await _sealed(event)
        before = await progress_of(event)
        if before is None or code not in before.codes:
            raise Refusal(
                "recheck.sheet", Words("这份评分表不在复核之列。", "This sheet is not to be checked."), status=422
            )
        if code in before.found:
            raise Refusal("recheck.found", Words("这份评分表已经复核过。", "This sheet has been checked already."))
        if mark and mark not in {row["id"] for row in await marks_of(event, code)}:
            raise missing(Words("这个分数", "mark"))
        wrong = None if agreed else mark or None
        sheet = RecheckSheet(
            id=uuid4(),
            event=event["id"],
            code=code,
            agreed=agreed,
            words="" if agreed else words,
            mark=wrong,
            by_name=actor.name,
            at=at,
        )
        await RecheckSheet.insert(sheet)
        data = {"code": code, "agreed": agreed, **({"mark": wrong} if wrong else {})}
        await record(event["competition"], "recheck.sheet", actor, at, event=event["id"], reason=sheet.words, data=data)
        now = await progress_of(event)
        if before.verdict is None and now and now.verdict is not None:
            told = {"checked": now.sampled, "wrong": now.wrong, "rule": now.verdict.rule}
            await record(event["competition"], "recheck.concluded", actor, at, event=event["id"], data=told)
    assert now is not None  # it was there before
    return now


async def progress_of(event: Mapping[str, Any]) -> Progress | None:
    """How far the re-check of an event is; None before its sample is drawn."""
    row = await Recheck.select().where(Recheck.event == event["id"]).output(load_json=True).first()
    rule = policy_of(event).review
    if row is None or rule is None:
        return None
    rows = await RecheckSheet.select().where(RecheckSheet.event == event["id"])
    found = {one["code"]: dict(one) for one in rows}
    sampled = (*row["top"], *row["drawn"])
    verdict = None
    if all(code in found for code in sampled):
        verdict = conclusion(rule, len(sampled), sum(not found[code]["agreed"] for code in sampled))
    codes = (*sampled, *row["rest"]) if isinstance(verdict, No) else sampled
    done = all(code in found for code in codes)
    return Progress(
        row["seed"], row["by_name"], row["at"], tuple(row["top"]), codes, found, len(sampled), verdict, done
    )


async def errors_of(event: UUID, corrections: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The sheets of an event that were found in error, the oldest first, each with the one of its `corrections` that mends it, which
    waits or is approved, as `mended`; None while there is none.
    """
    rows = await RecheckSheet.select().where((RecheckSheet.event == event) & RecheckSheet.agreed.eq(False))
    return [
        {**row, "mended": next((one for one in corrections if _mends(one, row)), None)}
        for row in sorted(rows, key=lambda row: (row["at"], row["code"]))
    ]


def _mends(correction: Mapping[str, Any], sheet: Mapping[str, Any]) -> bool:
    """Whether a correction is of what was found: of that mark, or of anything of the piece where no one mark was named."""
    of = correction["corrects"] == sheet["mark"] if sheet["mark"] else correction["at"] >= sheet["at"]
    return of and correction["entry"] == sheet["code"] and correction["state"] in ("proposed", "approved")


async def rechecked(event: Mapping[str, Any]) -> Yes | No:
    """Whether the re-check lets an event be decoded: where its policy wants it done before that, it is done."""
    rule = policy_of(event).review
    if rule is None or not rule.before_decoding:
        return Yes("recheck.not-required")
    progress = await progress_of(event)
    if progress is None:
        return No("recheck.not-drawn", Words("复核样本还没有抽取。", "The sample for the re-check is not drawn yet."))
    if not progress.done:
        left = len(progress.codes) - len(progress.found)
        return No("recheck.open", Words(f"还有 {left} 份评分表没有复核。", f"{left} sheets are not checked again yet."))
    return Yes("recheck.done")


async def _sealed(event: Mapping[str, Any]) -> None:
    await hold(event["competition"])
    now = await the_row(Event.select(Event.state).where(Event.id == event["id"]).first())
    if now["state"] != "sealed":
        words = Words("复核在封存之后、解码之前。", "Sheets are checked after the seal and before the decoding.")
        raise Refusal("recheck.state", words)
