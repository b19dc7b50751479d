"""Every kind of certificate from the desk: who gets what is seen first, numbers have no gap, and its holder finds them all."""

from __future__ import annotations

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.competitions.pool import Profile, add_judge
from server.database.tables import Account, Certificate, JudgeAccount, Member, Person
from server.draw.flow import codes_of
from server.errors import Refusal
from server.issuing import lookup
from server.issuing.closing import whole
from server.issuing.kinds import Plan, issue_kind, plan_of
from server.issuing.printing import place_of, print_pending
from server.issuing.superseding import changes, supersede
from server.issuing.terms import Terms, agree
from server.issuing.withdrawing import certificates_of, reissue, revoke
from server.promotion.deciding import granted_in
from server.registration.flow import enter
from server.registration.photos import take_photos
from server.results.flow import snapshot_of
from server.verification.flow import by_file, by_number, by_token
from tests.certificates.paper import letters, photo, text_by_pdfium
from tests.server.conftest import Site
from tests.server.small import AT, BASE, DELEGATIONS, SEALER, Small, brought, form, founded, number, opened, row_of

pytestmark = pytest.mark.slow
FILED = Terms(
    "level",
    issuer="石家庄技师学院",
    seal="技能评价专用章",
    basis="冀评备〔2026〕7号",
    pattern="S000113000001{year2}{level}{serial:06}",
)


@pytest.fixture
def small(certified: Small) -> Small:
    """Six have competed, three of them have awards and have risen; certificates of awards are issued."""
    return certified


async def plan(small: Small, kind: Any) -> Plan:
    return await plan_of(await small.competition(), kind, SEALER, AT)


async def issued(small: Small, kind: Any, chosen: set[UUID] | None = None, document: str = "", seen: str = "") -> int:
    now = await plan(small, kind)
    who = {one.subject for one in now.recipients} if chosen is None else chosen
    return await issue_kind(
        await small.competition(), kind, who, seen or now.seen, document, BASE, SEALER, small.staff, AT
    )


async def agreed(small: Small, terms: Terms) -> None:
    await agree(await small.competition(), terms, small.staff, AT)


async def code(doing: Any) -> str:
    with pytest.raises(Refusal) as caught:
        await doing
    return caught.value.code


async def numbers(kind: str) -> list[str]:
    rows = await Certificate.select(Certificate.number).where(Certificate.kind == kind).order_by(Certificate.number)
    return [row["number"] for row in rows]


async def test_everybody_who_competed_gets_participation_once(small: Small) -> None:
    """All six, winners too; whoever is unticked waits and is the next number; a list that was another one issues nothing; two
    desks at once issue each certificate once; what was revoked does not come back."""
    first = await plan(small, "participation")
    assert len(first.recipients) == 6 and not first.barred and first.issued == 0
    some = {one.subject for one in first.recipients[:4]}
    assert await code(issued(small, "participation", some, seen="0" * 64)) == "issuing.changed"
    assert await code(issued(small, "participation", set())) == "issuing.nobody"
    both = await asyncio.gather(
        *(issued(small, "participation", some, seen=first.seen) for _ in range(2)), return_exceptions=True
    )
    assert sorted(one.code if isinstance(one, Refusal) else str(one) for one in both) == ["4", "issuing.changed"]
    assert await issued(small, "participation") == 2
    assert await numbers("participation") == [f"PP2026-{n:06}" for n in range(1, 7)]
    assert len(await numbers("award")) == 3 and (await plan(small, "participation")).recipients == []
    await revoke(await small.competition(), "PP2026-000003", "error", "误发", small.supervisor, AT)
    (gone,) = (await plan(small, "participation")).barred
    assert gone.why.zh == "已作废，不再发" and (await plan(small, "participation")).issued == 5


async def test_a_skill_level_needs_a_right_a_photo_and_shows_what_the_rule_wants(small: Small, tmp_path: Path) -> None:
    """Nothing without an issuer that is entitled; whoever has no photo is named; the paper has document, occupation, level and the
    issuer's 22 characters, and neither number nor photo lie open in the database or on the page that verifies it."""
    assert await code(issued(small, "level")) == "terms.entitled"
    await agreed(small, FILED)
    blind = await plan(small, "level")
    assert blind.recipients == [] and {one.why.en for one in blind.barred} == {
        "no photo, without which there is no such certificate"
    }
    competition = await small.competition()
    risen = {one.subject for one in blind.barred}
    assert len(risen) == 3
    member = await Member.select(Member.person).where(Member.id.is_in(list(risen))).first()
    await photographed(competition, member["person"], small)  # type: ignore[index]
    assert await issued(small, "level") == 1
    row = await Certificate.select().where(Certificate.kind == "level").first()
    assert (
        row
        and row["number"] == "S00011300000126" + "2" + "000001"
        and len(row["number"]) == 22
        and row["basis"] == FILED.basis
    )
    open_, paper = json.loads(row["content"]), whole(row, SEALER)
    assert not {"id_number", "photo"} & set(open_) and paper["photo"] and paper["id_number"].startswith("139999")
    assert (paper["occupation"], paper["level"], paper["id_type"]) == ("焊工", "二级/技师", "居民身份证")
    assert paper["id_number"] not in json.dumps((await by_token(row["token"], AT)).paper, ensure_ascii=False)
    with ThreadPoolExecutor(1) as press:
        async for _ in print_pending(competition["id"], tmp_path, SEALER, "组委会", press):  # type: ignore[arg-type]
            pass
    pdf = place_of(tmp_path, row["number"]).read_bytes()
    assert paper["id_number"] in letters(text_by_pdfium(pdf)) and (await by_file(pdf, AT)).outcome == "genuine"
    cleared = Terms("level", version=1)
    assert await code(agreed(small, cleared)) == "terms.in-force"


async def test_a_new_result_replaces_and_revokes_what_it_makes_untrue(small: Small) -> None:
    """Whoever rises less far by a ruling gets a new level certificate with the same document and photo; whoever did not compete after all
    loses the participation; what stays true keeps its number."""
    await agreed(small, FILED)
    competition, event = await small.competition(), await small.event()
    for one in await Member.select(Member.person).where(Member.event == event["id"]):
        await photographed(competition, one["person"], small)
    assert await issued(small, "participation") == 6 and await issued(small, "level") == 3
    snapshot = await snapshot_of(event["id"])
    assert snapshot
    content, levels = snapshot["content"], await granted_in(snapshot["id"])
    lower, out = next(iter(levels)), content["rows"][5]
    out["status"] = "absent"
    what = await changes(competition, event, content, {**levels, lower: "senior"}, AT)
    told = sorted((one.of, one.kind) for one in what)
    assert told == [("award", "replaced"), ("level", "replaced"), ("participation", "revoked")]
    await supersede(competition, event, snapshot["id"], what, "复核更正", BASE, SEALER, small.supervisor, AT)
    rows = {row["number"]: row for row in await certificates_of(competition["id"]) if row["kind"] == "level"}
    (old,) = [row for row in rows.values() if row["revoked"]]
    new = rows[old["replaced_by"]]
    assert new["number"] == "S00011300000126" + "3" + "000001" and new["content"]["level"] == "三级/高级工"
    assert [whole(row, SEALER)[name] for row in (old, new) for name in ("id_number", "photo")][:2] == [
        whole(new, SEALER)[name] for name in ("id_number", "photo")
    ]


async def photographed(competition: dict[str, Any], person: UUID, small: Small) -> None:
    class Portrait:
        name, jpeg, width, height = "x.jpg", photo(), 295, 413

    await take_photos(competition, None, [Portrait()], SEALER, small.staff, AT, person)


async def test_a_team_gets_one_together_or_one_each_and_titles_wait_for_their_document(database: str) -> None:
    """As the organiser chose: one paper with everybody's name, found by each of them, or one for each that says the team. Titles are
    each member's own and need the authority's number; a title is not given twice."""
    small = await brought(await founded(team_size=2, policy="national-skills-2023"), "registration")
    competition = await small.competition()
    for place, name in enumerate(DELEGATIONS):
        pair = [row_of(place, name=f"{who}{'一二三四五六'[place]}", document_number=number(20 + 2 * place + at), team=f"{name}队", row=5 + at)
                for at, who in enumerate("王李")]  # fmt: skip
        await enter(competition, form(name, pair), SEALER, small.staff, AT)
    await opened(small, "drawn")
    small.codes = await codes_of((await small.event())["id"])
    await agreed(small, Terms("award", per_team=True))
    small = await brought(small, "certified")
    awards = [
        json.loads(row["content"]) for row in await Certificate.select(Certificate.content).order_by(Certificate.number)
    ]
    assert len(awards) == 3 and all(
        one["name"].endswith("队") and len(one["members"].split("、")) == 2 for one in awards
    )
    assert await code(agreed(small, Terms("award", version=1))) == "terms.team"
    assert await issued(small, "participation") == 12
    assert all(
        json.loads(row["content"])["team"].endswith("队")
        for row in await Certificate.select(Certificate.content).where(Certificate.kind == "participation")
    )
    titles = await plan(small, "title")
    assert {one.paper.honour for one in titles.recipients} == {"全国技术能手"} and all(
        one.document for one in titles.recipients
    )
    assert await code(issued(small, "title")) == "issuing.document"
    assert await issued(small, "title", document="人社部发〔2026〕1号") == len(titles.recipients) == 6
    assert (await plan(small, "title")).recipients == []
    second = awards[0]["members"].split("、")[1]
    someone = await lookup.find(second, await six_of(second), "1", SEALER, AT)
    holder = await lookup.holder_named(str(someone["id"]), SEALER)
    assert holder
    kinds = [row["kind"] for row in await Certificate.select(Certificate.kind).where(holder.theirs)]
    assert sorted(kinds) == ["award", "participation", "title"]


async def six_of(name: str) -> str:
    """The last six of somebody's document."""
    row = await Person.select().where(Person.name == name).first()
    assert row
    return SEALER.open(bytes(row["document_sealed"]), f"document:{row['id']}")[-6:]


async def test_terms_that_cannot_be_are_refused(small: Small) -> None:
    """A format without a serial, one that another kind numbers by, terms that somebody else has changed meanwhile."""
    for pattern, why in (
        ("X{year}", "terms.pattern"),
        ("{nobody}{serial}", "terms.pattern"),
        ("PD{year}-{serial:06}", "terms.numbers-taken"),
    ):
        assert await code(agreed(small, Terms("judge", pattern=pattern))) == why
    await agreed(small, Terms("judge", pattern="河北J{year}-{serial:04}"))
    assert await code(agreed(small, Terms("judge", pattern="J{year}-{serial:04}"))) == "terms.changed"
    await agreed(small, Terms("ability", skills={"M01": ("钎焊", "Brazing")}))
    with pytest.raises(Refusal, match=r"in Chinese; M01 钎焊 / Brazing\. Your "):
        await agreed(small, Terms("ability", skills={"M01": ("堆焊", "")}))
    assert await code(agreed(small, Terms("organiser", pattern="河北J{year}-{serial:04}"))) == "terms.numbers-taken"
    assert await issued(small, "judge") == 3 and await numbers("judge") == [f"河北J2026-{n:04}" for n in (1, 2, 3)]
    said = [
        json.loads(row["content"])["role"]
        for row in await Certificate.select(Certificate.content)
        .where(Certificate.kind == "judge")
        .order_by(Certificate.number)
    ]
    assert said == ["裁判长", "裁判员", "裁判员"]


async def test_judges_and_crew_find_theirs_and_a_competitor_has_all_in_one_place(site: Site) -> None:
    """The organiser walks the desk; a judge is found by name and telephone, a helper by name and document; a competitor who also
    judged and helped has everything on one page; a corrected name is found from then on; nobody downloads another's."""
    small = await brought(await founded("walk"), "certified")
    competition, staff = await small.competition(), await site.visitor(small.staff.account)
    await Account.update({Account.name: "赵一"}).where(Account.id == small.judges[1])
    for account, phone in (
        (small.judges[0], "13912340001"),
        (small.judges[1], "13900000000"),
    ):  # the second is 赵一's own
        seated = await Account.select(Account.name).where(Account.id == account).first()
        made = await add_judge(competition["organiser"], Profile(seated["name"], "厂", phone), SEALER)  # type: ignore[index]
        await JudgeAccount.insert(JudgeAccount(id=uuid4(), judge=made, account=account))
    desk = f"/office/{small.slug}"
    wrong = await staff.post(f"{desk}/crew", data={"people": "李雷\n韩梅，联络员"})
    assert wrong.status_code == 422 and "第 1 行" in wrong.text and "韩梅，联络员" in wrong.text
    text = f"李雷，场地经理，12345x\n韩梅\t联络员\tLiaison\n赵一，志愿者，{number(1)[-6:]}"
    assert (await staff.post(f"{desk}/crew", data={"people": text})).headers["location"].endswith("n=3")
    for kind, count in (("participation", 6), ("judge", 3), ("organiser", 3)):
        shown = (await staff.get(f"{desk}/issuing/{kind}")).text
        seen, subjects = (
            re.search(r'name="seen" value="(\w+)"', shown),
            re.findall(r'name="subject" value="([\w-]+)"', shown),
        )
        assert seen and len(subjects) == count
        if kind == "organiser":
            specimen = await staff.get(f"{desk}/issuing/{kind}/look/{subjects[0]}")
            assert specimen.content.startswith(b"%PDF")
        done = await staff.post(f"{desk}/issuing/{kind}", data={"seen": seen[1], "subject": subjects})
        assert done.status_code == 303 and f"n={count}" in done.headers["location"]
    listed = {row["content"]["name"] + row["kind"]: row["number"] for row in await certificates_of(competition["id"])}
    assert await mine(site, "裁判1", "340001") == [listed["裁判1judge"]]
    assert await mine(site, "李雷", "12345X") == [listed["李雷organiser"]]
    everything = {listed[f"赵一{kind}"] for kind in ("participation", "judge", "organiser")}
    assert everything <= set(await mine(site, "赵一", number(1)[-6:]))
    signed_in = await site.visitor(small.judges[2])
    assert listed["裁判3judge"] in (await signed_in.get("/mine")).text
    new = await reissue(
        competition, listed["李雷organiser"], {"name": "李蕾"}, "姓名有误", BASE, SEALER, small.supervisor, AT
    )
    assert await mine(site, "李蕾", "12345X") == [new]
    other = await site.visitor()
    await other.post("/lookup", data={"name": "李蕾", "last_six": "12345X"})
    assert (await other.get(f"/mine/{listed['裁判1judge']}.pdf")).status_code == 404
    told = await by_number(listed["裁判1judge"], AT)
    assert told.paper and (told.paper["role"], told.paper["name"]) == ("裁判长", "裁*1")


async def mine(site: Site, name: str, six: str) -> list[str]:
    """The numbers in force that a look-up shows."""
    visitor = await site.visitor()
    await visitor.post("/lookup", data={"name": name, "last_six": six})
    shown = (await visitor.get("/mine")).text
    return re.findall(r'class="whole mono">(P[A-Z]2026-\d{6})', shown)
