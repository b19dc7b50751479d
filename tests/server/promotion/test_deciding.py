"""Promotions that people decide: who may, once, with a reason, and only upwards."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from scoring.ladder import LEVELS
from scoring.promotion import Promoted, Silent
from scoring.verdict import Words
from server.database.tables import Decision, PromotionDecision, SkillRecord
from server.errors import Refusal
from server.promotion import flow
from server.promotion.deciding import Ruling, cases_of, choices, decide
from tests.server.small import AT, Small, brought, founded

SAID = Words("本条没有规定", "the text does not say")


def answering(monkeypatch: pytest.MonkeyPatch, *answers: Any) -> None:
    """The policy answers these, one competitor after the other, and nothing to the rest."""
    left = list(answers)
    asked = flow.promote
    monkeypatch.setattr(flow, "promote", lambda *given: left.pop(0) if left else asked(*given))


async def held_over(monkeypatch: pytest.MonkeyPatch) -> tuple[Small, dict[str, dict[str, Any]]]:
    """A competition at its end with one silent case, one that needs approval and one automatic promotion."""
    answering(
        monkeypatch,
        Silent("promotion.first", SAID),
        Promoted(LEVELS["technician"], "promotion.second", SAID, "approval"),
        Promoted(LEVELS["technician"], "promotion.third", SAID, "automatic"),
    )
    small = await brought(await founded(), "final")
    cases = await cases_of((await small.competition())["id"])
    return small, {case["state"]: case for case in cases}


async def codes(small: Small, ruling: Ruling, actor: Any) -> str:
    """The refusal of a ruling."""
    with pytest.raises(Refusal) as caught:
        await decide(await small.competition(), [ruling], actor, AT)
    return caught.value.code


async def test_a_silent_case_is_ruled_on_once(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A supervisor grants a level with a reason; it is in the skill record and in the ledger, and nobody decides again."""
    small, cases = await held_over(monkeypatch)
    silent = cases["silent"]["id"]
    ruling = Ruling(silent, "technician", "参照第 5 条办理")
    assert await codes(small, ruling, small.staff) == "access.role"
    assert await codes(small, replace(ruling, reason=" "), small.supervisor) == "promotion.reason"
    assert await decide(await small.competition(), [ruling], small.supervisor, AT) == {"granted": 1, "refused": 0}
    assert await SkillRecord.exists().where((SkillRecord.promotion == silent) & (SkillRecord.level == "technician"))
    told = await Decision.select().where(Decision.kind == "promotion.granted").output(load_json=True)
    assert told[0]["reason"] == "参照第 5 条办理" and told[0]["data"]["promotion"] == str(silent)
    assert cases["silent"]["name"] not in str(told[0]["data"])
    assert await codes(small, replace(ruling, level=""), small.supervisor) == "promotion.decided"
    (now,) = [case for case in await cases_of((await small.competition())["id"]) if case["id"] == silent]
    assert (now["state"], now["decided_by"]) == ("granted", small.supervisor.name)


async def test_an_authority_answers_with_a_document(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Staff write the answer down, to the level that was proposed and to no other; a refusal says why and grants nothing."""
    small, cases = await held_over(monkeypatch)
    waiting = cases["waiting"]["id"]
    assert await codes(small, Ruling(waiting, "technician"), small.staff) == "promotion.document"
    yes = Ruling(waiting, "technician", document="冀人社函〔2026〕12号")
    assert await codes(small, yes, small.supervisor) == "access.role"
    assert await codes(small, replace(yes, level="senior-technician"), small.staff) == "promotion.level"
    assert await codes(small, replace(yes, level=""), small.staff) == "promotion.reason"
    no = replace(yes, level="", reason="不符合工作年限")
    assert await decide(await small.competition(), [no], small.staff, AT) == {"granted": 0, "refused": 1}
    assert not await SkillRecord.exists().where(SkillRecord.promotion == waiting)


async def test_the_policy_itself_is_not_overruled(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is automatic is not decided by anybody, neither are unknown promotions or those of somewhere else."""
    small, cases = await held_over(monkeypatch)
    automatic = Ruling(cases["automatic"]["id"], "technician", "理由", "文号")
    assert await codes(small, automatic, small.staff) == "promotion.decided"
    other = await founded("other")
    assert await codes(other, replace(automatic, promotion=cases["silent"]["id"]), other.supervisor) == "not-found"


async def test_many_are_decided_all_or_none(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One bad answer among good ones stores nothing, and one person twice is nobody's answer."""
    small, cases = await held_over(monkeypatch)
    good = Ruling(cases["waiting"]["id"], "technician", document="冀人社函〔2026〕12号")
    with pytest.raises(Refusal, match=r"promotion\.decided"):
        await decide(
            await small.competition(), [good, replace(good, promotion=cases["automatic"]["id"])], small.staff, AT
        )
    with pytest.raises(Refusal, match=r"promotion\.twice"):
        await decide(await small.competition(), [good, good], small.staff, AT)
    assert await PromotionDecision.count() == 0


async def test_two_supervisors_at_once(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two who decide in the same moment: one is first, the other is told so, and the record grows once."""
    small, cases = await held_over(monkeypatch)
    competition = await small.competition()
    rulings = [Ruling(cases["silent"]["id"], level, "理由") for level in ("technician", "senior")]
    done = await asyncio.gather(
        *(decide(competition, [ruling], small.supervisor, AT) for ruling in rulings), return_exceptions=True
    )
    refused = [one for one in done if isinstance(one, Refusal)]
    assert [one.code for one in refused] == ["promotion.decided"]
    assert await SkillRecord.count().where(SkillRecord.promotion == cases["silent"]["id"]) == 1


async def test_who_has_risen_meanwhile_is_not_moved_down(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another competition made the person a senior technician: a technician's level can no longer be granted here."""
    small, cases = await held_over(monkeypatch)
    silent = cases["silent"]
    elsewhere = SkillRecord(
        id=uuid4(), person=silent["person"], promotion=cases["waiting"]["id"], occupation_code=silent["occupation_code"],
        level="senior-technician", title="", at=AT,
    )  # fmt: skip
    await SkillRecord.insert(elsewhere)
    assert await codes(small, Ruling(silent["id"], "technician", "理由"), small.supervisor) == "promotion.not-higher"


def test_only_upwards_is_offered() -> None:
    """Who holds nothing is offered every level, a technician those above, the chief technician none."""
    assert [level.id for level in choices("technician")] == [
        "senior-technician",
        "special-technician",
        "chief-technician",
    ]
    assert len(choices("")) == 8 and choices("chief-technician") == ()
