"""A draw in public: committed before the string is known, revealed after it, and held only when both agree."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from scoring.blind_draw import ALGORITHM, BEFORE, promise
from scoring.draw import seed
from server.database.tables import Ceremony, Decision, Draw, Event, Member, Place, Witness
from server.draw.announcing import Plan, announce
from server.draw.ceremony import ceremony_of, commit, hash_of, reveal, withdraw
from server.draw.flow import draws_of
from server.draw.pool import algorithm_of
from server.draw.record import placed, record_of
from server.errors import Refusal
from server.registration.flow import enter
from tests.server.draw.ceremonies import (
    KNOWN,
    LATER,
    NAMING,
    PUBLIC,
    WORDS,
    announced,
    committed,
    held,
    ready,
    revealed,
    with_witnesses,
)
from tests.server.small import AT, DELEGATIONS, SEALER, Small, account, form, number, opened, row_of


async def refused(doing: Any) -> str:
    """The code with which something is refused, in both languages."""
    with pytest.raises(Refusal) as caught:
        await doing
    assert caught.value.words.zh and caught.value.words.en
    return caught.value.code


async def test_a_ceremony_goes_from_commitments_to_a_draw_and_the_ledger_tells_each_step(database: str) -> None:
    """The seed is the hash of what the supervisors revealed and the string that became known; each step is a decision."""
    small, _ = await ready()
    await held(small)
    (drawn,) = await draws_of((await small.event())["id"])
    assert (drawn["way"], drawn["version"], drawn["public"]) == ("ceremony", 1, PUBLIC)
    assert sorted(drawn["commitments"]) == sorted(WORDS) and drawn["seed"] == seed(WORDS, PUBLIC)
    assert await Place.count() == 6
    query = Decision.select(Decision.kind).where(Decision.kind.like("draw.%") | Decision.kind.like("event.%drawn"))
    kinds = [row["kind"] for row in await query.order_by(Decision.sequence)]
    assert kinds == [
        "draw.announced",
        *["draw.committed"] * 2,
        *["draw.revealed"] * 2,
        "event.drawn",
        "event.registration-drawn",
    ]


async def test_the_words_are_nowhere_until_they_are_revealed(database: str) -> None:
    """Only the hash of what was typed is kept; it is the one that anybody gets from `sha256sum`."""
    small, witnesses = await with_witnesses()
    await announced(small, witnesses)
    await committed(small, witnesses)
    stored = await Witness.select(Witness.commitment, Witness.words)
    assert {row["commitment"] for row in stored} == {hashlib.sha256(text.encode()).hexdigest() for text in WORDS}
    assert {row["words"] for row in stored} == {""}
    decided = await Decision.select(Decision.data).where(Decision.kind == "draw.committed")
    assert not any(text in row["data"] for row in decided for text in WORDS)


async def test_what_is_announced_names_nobody_and_stays(database: str) -> None:
    """The list has numbers and letters; the string, its hour and the promise of the codes' secret are fixed with it."""
    small, witnesses = await with_witnesses()
    await announced(small, witnesses, related="第1机械厂、第3机械厂\n第3机械厂、廊坊市", shifts=2)
    ceremony = await ceremony_of((await small.event())["id"])
    assert ceremony and ceremony["naming"] == NAMING and ceremony["known_at"] == KNOWN
    related = ["R1", "R1", "R1", "", "", ""]
    assert ceremony["entries"] == [
        {"id": f"M01-{place + 1:03}", "unit": "ABCDEF"[place], "related": related[place], "employers": ""}
        for place in range(6)
    ]
    kept = json.loads(SEALER.open(bytes(ceremony["secrets_sealed"]), f"ceremony:{ceremony['id']}"))
    assert ceremony["promises"] == {"code": promise(kept["code"])}
    assert not any(name in json.dumps(ceremony["entries"], ensure_ascii=False) for name in DELEGATIONS)


async def test_related_firms_work_in_one_shift(database: str) -> None:
    """What was declared at the announcement is kept by the draw."""
    small, witnesses = await with_witnesses(stations=3)
    await announced(small, witnesses, related="第2机械厂、第5机械厂、第6机械厂")
    await committed(small, witnesses)
    await revealed(small, witnesses)
    await held(small)
    rows = await Place.select(Place.shift, Place.entry.number.as_alias("number"))
    assert len({row["shift"] for row in rows if row["number"] in (2, 5, 6)}) == 1
    assert {row["shift"] for row in rows} == {1, 2}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"naming": " "}, "draw.naming"),
        ({"known_at": AT}, "draw.too-soon"),
        ({"witnesses": []}, "draw.witnesses"),
        ({"witnesses": "staff"}, "draw.witnesses"),
        ({"related": "没有这家厂、第1机械厂"}, "draw.related-unknown"),
        ({"related": "第1机械厂"}, "draw.related-alone"),
    ],
)
async def test_an_announcement_that_is_not_whole_is_refused(database: str, changes: dict[str, Any], code: str) -> None:
    """Nothing is announced without its string, its hour, its witnesses, and firms that are there."""
    small, witnesses = await with_witnesses()
    if changes.get("witnesses") == "staff":
        changes = {"witnesses": [small.staff.account]}
    plan = Plan(**{"naming": NAMING, "known_at": KNOWN, "witnesses": [one.account for one in witnesses], **changes})
    assert await refused(announce(await small.event(), plan, SEALER, small.staff, AT)) == code
    assert not await Ceremony.exists()


async def test_one_announcement_at_a_time_and_only_while_entries_are_taken(database: str) -> None:
    """A second one waits for the first to be withdrawn; none is made after the draw."""
    small, witnesses = await with_witnesses()
    await announced(small, witnesses)
    assert await refused(announced(small, witnesses)) == "draw.open-already"
    await withdraw(await small.event(), "监督甲不能到场", small.staff, AT)
    assert await announced(small, witnesses) == 2
    await withdraw(await small.event(), "改日再抽", small.staff, AT)
    await opened(small, "drawn")
    assert await refused(announced(small, witnesses)) == "draw.not-now"


async def test_a_commitment_is_made_once_in_time_by_a_witness_with_words_of_their_own(database: str) -> None:
    """Too late, twice, copied, too short, not a hash, and by somebody who is not named: each is told."""
    small, (first, second) = await with_witnesses()
    event = await small.event()
    assert await refused(commit(event, WORDS[0], "", first, AT)) == "draw.no-ceremony"
    await announced(small, [first, second])
    assert await refused(commit(event, WORDS[0], "", small.staff, AT)) == "draw.no-witness"
    assert await refused(commit(event, "short", "", first, AT)) == "draw.short"
    assert await refused(commit(event, "", "12ab", first, AT)) == "draw.no-hash"
    assert await refused(commit(event, WORDS[0], "", first, KNOWN)) == "draw.too-late"
    await commit(event, WORDS[0], "", first, AT)
    assert await refused(commit(event, WORDS[1], "", first, AT)) == "draw.committed"
    assert await refused(commit(event, "", hash_of(WORDS[0]).upper(), second, AT)) == "draw.copied"
    await commit(event, "", hash_of(WORDS[1]), second, AT)
    assert await refused(reveal(event, WORDS[1], second, AT)) == "draw.not-known"
    await reveal(event, WORDS[1], second, LATER)


async def test_words_that_were_not_committed_to_are_refused(database: str) -> None:
    """A sign more or less is another word; the draw waits, and the door says for whom."""
    small, (first, second) = await with_witnesses()
    await announced(small, [first, second])
    assert await refused(held(small)) == "draw.missed"
    await committed(small, [first, second])
    event = await small.event()
    assert await refused(opened(small, "drawn", at=AT, commitments=(), public=PUBLIC)) == "draw.not-known"
    assert await refused(reveal(event, WORDS[0] + " ", first, LATER)) == "draw.mismatch"
    await reveal(event, WORDS[0], first, LATER)
    assert await refused(reveal(event, WORDS[0], first, LATER)) == "draw.revealed"
    with pytest.raises(Refusal, match="监督乙") as caught:
        await held(small)
    assert caught.value.code == "draw.not-revealed" and (await small.event())["state"] == "registration"


async def test_nobody_types_commitments_for_supervisors(database: str) -> None:
    """With a ceremony open, the organiser brings the public string and nothing else."""
    small, _ = await ready()
    mixed = opened(small, "drawn", at=LATER, commitments=("mine",), public=PUBLIC, sealer=SEALER)
    assert await refused(mixed) == "draw.ceremony"
    assert await refused(opened(small, "drawn", at=LATER, commitments=(), public=" ")) == "draw.commitments"


async def test_entries_that_come_after_the_announcement_stop_the_draw(database: str) -> None:
    """The list is what was committed to: who comes later needs a new announcement."""
    small, _ = await ready()
    late = form("沧州市", [row_of(6, document_number=number(99))])
    await enter(await small.competition(), late, SEALER, small.staff, AT)
    assert await refused(held(small)) == "draw.entries-changed"
    await withdraw(await small.event(), "沧州市补报", small.staff, LATER)
    assert not await Draw.exists()


async def test_a_withdrawn_ceremony_stays_with_its_reason_and_without_its_secret(database: str) -> None:
    """Whoever stops a draw after the string is known does so in front of everybody."""
    small, _ = await ready()
    assert await refused(withdraw(await small.event(), " ", small.staff, LATER)) == "draw.reason"
    await withdraw(await small.event(), "设备故障", small.staff, LATER)
    row = await Ceremony.select().first()
    assert row and (row["outcome"], row["reason"], bytes(row["secrets_sealed"])) == ("withdrawn", "设备故障", b"")


async def test_a_small_competition_draws_without_a_ceremony_and_it_is_recorded(database: str) -> None:
    """Commitments typed at the door still do, by the first algorithm, in the shifts that were set up, and the draw says that
    they were typed.
    """
    small, _ = await with_witnesses()
    await Event.update({Event.shifts: 3}).where(Event.id == (await small.event())["id"])
    await opened(small, "drawn")
    assert {shift for _, shift, _, _ in (await spots(small)).values()} == {1, 2, 3}
    (drawn,) = await draws_of((await small.event())["id"])
    assert (drawn["way"], drawn["algorithm"]) == ("typed", "podium-draw-1")


# ---------- the record ----------


def replayed(record: dict[str, Any]) -> dict[str, Any]:
    """What a process that knows the rules alone makes of a record."""
    done = subprocess.run(
        [sys.executable, "-m", "scoring", "draw"], input=json.dumps(record), capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


async def spots(small: Small) -> dict[str, tuple[int, int, int, str]]:
    query = Place.select(Place.position, Place.shift, Place.station, Place.code, Place.entry.number.as_alias("number"))
    return {
        f"M01-{row['number']:03}": (row["position"], row["shift"], row["station"], row["code"]) for row in await query
    }


async def test_the_published_record_replays_in_a_process_of_its_own(database: str) -> None:
    """Before publication: every place and no code. Afterwards: the codes as well. One commitment more or less: another draw."""
    small, _ = await ready(related="第1机械厂、第2机械厂")
    await held(small)
    (drawn,) = await draws_of((await small.event())["id"])
    before = await record_of(drawn, False, SEALER)
    after = await record_of(drawn, True, SEALER)
    assert before and after and "secrets" not in before
    again = replayed(before)
    real = await spots(small)
    assert again["seed"] == drawn["seed"]
    assert {one["entry"]: (one["order"], one["shift"], one["station"], "") for one in again["places"]} == {
        entry: (*place[:3], "") for entry, place in real.items()
    }
    assert not any("code" in one for one in again["places"])
    full = {
        one["entry"]: (one["order"], one["shift"], one["station"], one["code"]) for one in replayed(after)["places"]
    }
    assert full == real
    other = replayed({**before, "commitments": [WORDS[0], f"{WORDS[1]}。"]})
    assert other["seed"] != again["seed"] and other["places"] != again["places"]


async def test_the_record_of_a_typed_draw_is_kept_back_until_publication(database: str) -> None:
    """Its codes follow from its seed, and its list says who sends whom: a judge could compute whose work is whose."""
    small, _ = await with_witnesses()
    await opened(small, "drawn")
    (drawn,) = await draws_of((await small.event())["id"])
    assert await record_of(drawn, False, SEALER) is None
    record = await record_of(drawn, True, SEALER)
    assert record
    found = {
        one["entry"]: (one["order"], one["shift"], one["station"], one["code"]) for one in replayed(record)["places"]
    }
    assert found == await spots(small)


async def test_a_stranger_is_no_witness(database: str) -> None:
    """An account without a part in the ceremony neither commits nor reveals."""
    small, witnesses = await with_witnesses()
    await announced(small, witnesses)
    stranger = small.supervisor.__class__(await account("别人"), "别人")
    event = await small.event()
    assert await refused(commit(event, WORDS[0], "", stranger, AT + timedelta(hours=1))) == "draw.no-witness"
    assert await refused(reveal(event, WORDS[0], stranger, LATER)) == "draw.no-witness"


async def test_colleagues_are_kept_apart_by_a_number_that_names_nobody(database: str) -> None:
    """An employer that several entries share goes into the published list as a number, whatever the width of its letters, and
    the draw is held and repeated by it; a list that was announced before employers counted is drawn as it was promised.
    """
    small, witnesses = await with_witnesses()
    first, second, *_ = await Member.select(Member.id).order_by(Member.entry.number)
    await Member.update({Member.unit: "第一机械厂（Ａ）"}).where(Member.id == first["id"])
    await Member.update({Member.unit: "第一机械厂(A) "}).where(Member.id == second["id"])
    await announced(small, witnesses)
    ceremony = await ceremony_of((await small.event())["id"])
    assert ceremony is not None
    assert [one["employers"] for one in ceremony["entries"]][:3] == ["1", "1", ""]
    assert "机械厂" not in json.dumps(ceremony["entries"], ensure_ascii=False)
    older = [{name: one[name] for name in ("id", "unit", "related")} for one in ceremony["entries"]]
    assert (algorithm_of(ceremony["entries"]), algorithm_of(older)) == (ALGORITHM, BEFORE)
    await committed(small, witnesses)
    await revealed(small, witnesses)
    await held(small)
    (drawn,) = await draws_of((await small.event())["id"])
    assert drawn["algorithm"] == ALGORITHM
    record = await record_of(drawn, True, SEALER)
    assert record is not None
    stored = {row["code"]: row["station"] for row in await Place.select(Place.code, Place.station)}
    assert {one.code: one.station for one in placed(record, drawn["seed"])} == stored
