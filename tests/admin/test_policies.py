"""An organiser's own policies, from a shipped one to an event that is held under them, in the office's own forms."""

from __future__ import annotations

import html
import json
from copy import deepcopy
from typing import Any

import asyncpg
import pytest

from admin.policy_form import draft_of, id_of, literal, typed_into
from scoring import policy as policies
from scoring.language.toml import read_toml
from scoring.sentences import sentences
from server.audit import verify
from server.competitions.confirming import confirm_policy
from server.competitions.own_policies import add_policy, own_policy
from server.competitions.policy_ledger import acts_of
from server.competitions.policy_text import copied, dropped, raised, with_values
from server.database.tables import Account, Event, OwnPolicy, Snapshot
from server.errors import Refusal
from server.people import passwords
from server.people.flow import add_account, add_organiser, employ
from tests.admin.test_setup_pages import filled
from tests.server.conftest import Site
from tests.server.small import AT, account, add_welding, brought, founded, in_force

PAGE = {"accept": "text/html"}
OWN = "/office/policies/hebei-own@1"


def field(*path: str | int) -> str:
    """The name of a place's field."""
    return json.dumps(list(path), ensure_ascii=False, separators=(",", ":"))


def form_of(page: str) -> dict[str, str]:
    """What the form of a draft holds, as a browser would send it back."""
    return {html.unescape(name): html.unescape(value) for name, value in filled(page, 'id="form"').items()}


async def test_a_policy_from_its_copy_to_an_event(site: Site) -> None:
    """A shipped policy is read with its citations, copied, checked while it is changed, compared with what was held without
    storing anything, saved unfinished and mended, chosen by an event, and from then on neither the form nor the database
    changes it; the next version begins as its copy. Nobody of another organiser sees it."""
    small = await brought(await founded("ruled"), "final")
    desk = await site.visitor(small.staff.account)
    for lang, sentence in (
        ("zh", "前 50%（向下取整）：优胜奖。"),
        ("en", "The first 50 % (rounded down): Award of excellence."),
    ):
        page = (await desk.get(f"/office/policies/hebei-skills-2025?lang={lang}", headers=PAGE)).text
        assert sentence in html.unescape(page) and "衡水日报 2025-04" in page
    await desk.get("/office/policies?lang=en", headers=PAGE)
    answer = await desk.post("/office/policies/hebei-skills-2025/copy", data={"code": "hebei-own"}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{OWN}/edit?done=copied")

    page = (await desk.get(f"{OWN}/edit", headers=PAGE)).text
    form = form_of(page)
    gold, half = field("awards", "prize", 0, "ranks"), field("awards", "prize", 3, "percent")
    assert (form[gold], form[half]) == ("1, 1", "50")
    wrong = await desk.post(f"{OWN}/check", data={**form, half: "a half"}, headers=PAGE)
    draft = draft_of((await own_policy(small.staff.organisers, "hebei-own@1"))["text"])
    place = id_of(next(line for line in draft.lines if line.name == half))
    assert wrong.text.split(f'id="w{place}"')[1].split("</p>")[0].endswith(">give a number"), (
        "beside its field, by no key"
    )
    right = await desk.post(f"{OWN}/check", data={**form, half: "37.5"}, headers=PAGE)
    assert "The first 37.5 % (rounded down)" in right.text and "problem" not in right.text.split("<p class=")[0]

    two_golds = {**form, gold: "1, 2", "edition": small.slug}
    before = await Snapshot.count(), (await OwnPolicy.select().first())
    compared = html.unescape((await desk.post(f"{OWN}/compare", data=two_golds, headers=PAGE)).text)
    assert "<b>1</b><span>awards otherwise" in compared and "<del>Silver medal</del>" in compared
    same = await desk.post("/office/policies/hebei-skills-2025/compare", data={"edition": small.slug}, headers=PAGE)
    assert "Nobody would stand, win or rise otherwise." in same.text
    other = await desk.post("/office/policies/worldskills/compare", data={"edition": small.slug}, headers=PAGE)
    assert other.status_code == 200 and "<del>Grade 2 / Technician</del>" in other.text
    assert before == (await Snapshot.count(), (await OwnPolicy.select().first()))

    saved = await desk.post(f"{OWN}/edit", data={**two_golds, half: "200"}, headers=PAGE)
    assert saved.status_code == 303
    await refused(small, "hebei-own@1", "policy.unfinished")
    stale = await desk.post(f"{OWN}/edit", data={**form, half: "40"}, headers=PAGE)
    assert stale.status_code == 409 and "Now there is: 200" in stale.text
    again = await desk.post(f"{OWN}/edit", data={**form_of(stale.text), half: "40"}, headers=PAGE)
    assert again.status_code == 303
    form = form_of((await desk.get(f"{OWN}/edit", headers=PAGE)).text)
    await desk.post(f"{OWN}/edit", data={**form, "do": "section:signing"}, headers=PAGE)
    form = form_of((await desk.get(f"{OWN}/edit", headers=PAGE)).text)
    assert (form[field("signing", "judges")], form[field("signing", "modules")]) == ("refuse", "practice")
    signing = (await desk.get(f"{OWN}?lang=zh", headers=PAGE)).text
    assert "没有签齐的，不能封存" in signing and "由选手签字确认；没有签齐的，封存前提醒" in signing
    await desk.get("/office/policies?lang=en", headers=PAGE)
    await desk.post(f"{OWN}/edit", data={**form, "do": "section:appeals"}, headers=PAGE)
    form = form_of((await desk.get(f"{OWN}/edit", headers=PAGE)).text)
    await desk.post(
        f"{OWN}/edit", data={**form, field("appeals", "within"): "3", "do": "copy:awards.prize.3"}, headers=PAGE
    )
    row = await own_policy(small.staff.organisers, "hebei-own@1")
    data = policies.parse(row["text"], "")
    assert (
        data.appeals
        and data.appeals.within == 3
        and [one.id for one in data.awards.prizes][3:] == ["excellence", "excellence-2"]
    )

    await refused(small, "hebei-own@1", "policy.unconfirmed")
    await in_force(small, "hebei-own@1")
    await add_welding(small, "M02", policy="hebei-own@1")
    event = await Event.select().where(Event.code == "M02").first()
    assert event and (event["policy"], event["policy_fingerprint"]) == ("hebei-own@1", data.fingerprint)
    assert (await desk.post(f"{OWN}/edit", data=form, headers=PAGE)).status_code == 409
    with pytest.raises(asyncpg.RaiseError, match="an event was held under it"):
        await OwnPolicy.update({OwnPolicy.text: "x"}).where(OwnPolicy.code == "hebei-own")
    next_one = await desk.post(f"{OWN}/copy", data={"code": "hebei-own"}, headers=PAGE)
    assert next_one.headers["location"] == "/office/policies/hebei-own@2/edit?done=copied"
    assert (await desk.get(f"/office/{small.slug}/setup/events/M02", headers=PAGE)).text.count("hebei-own@") > 1

    listed = {one["id"]: one for one in (await desk.get("/api/policies?on=2026-10-16")).json()}
    assert set(listed) == {*policies.shipped(), "hebei-own@1", "hebei-own@2"} and listed["hebei-own@1"]["usable"]
    stranger = await add_account("other-office", "旁人")
    await employ(await add_organiser("别家", "Other"), stranger)
    visitor = await site.visitor(stranger)
    for address in (OWN, f"{OWN}/edit", f"{OWN}/policy.toml"):
        assert (await visitor.get(address, headers=PAGE)).status_code == 404
    assert {one["id"] for one in (await visitor.get("/api/policies")).json()} == set(policies.shipped())
    spied = await visitor.post("/office/policies/worldskills/compare", data={"edition": small.slug}, headers=PAGE)
    assert spied.status_code == 404


async def refused(small: Any, policy: str, code: str) -> None:
    """An event cannot be made with that policy."""
    with pytest.raises(Refusal) as refusal:
        await add_welding(small, "M09", policy=policy)
    assert refusal.value.code == code


async def test_a_template_is_confirmed_and_files_come_and_go(site: Site) -> None:
    """A template decides nothing until somebody writes its document's number; a downloaded file comes back as it went; a
    file that is no policy is refused with its line, and nothing is stored."""
    small = await founded("templates")
    desk = await site.visitor(small.staff.account)
    organiser = next(iter(small.staff.organisers))
    text = policies.text_of("hebei-class1-template")
    await add_policy(organiser, text, "hebei-class1-template", "class1", small.staff, AT)
    await refused(small, "class1@1", "policy.template")
    page = "/office/policies/class1@1"
    for document in ("", 'a"b', "x" * 300):
        assert (
            await desk.post(f"{page}/propose", data={"document": document, "revision": "0"}, headers=PAGE)
        ).status_code == 422
    done = await desk.post(f"{page}/propose", data={"document": "冀人社发〔2026〕12号", "revision": "0"}, headers=PAGE)
    assert done.headers["location"] == f"{page}?done=proposed"
    shown = (await desk.get(page, headers=PAGE)).text
    assert "冀人社发〔2026〕12号" in shown and "周敏" in shown
    await refused(small, "class1@1", "policy.unconfirmed")
    await confirm_policy(await own_policy(small.staff.organisers, "class1@1"), 1, small.supervisor, AT)
    await add_welding(small, "M03", policy="class1@1", scheme=None)

    file = (await desk.get("/office/policies/zhejiang-2016/policy.toml")).content
    assert file == policies.text_of("zhejiang-2016").encode()
    mine = file.replace(b'id = "zhejiang-2016"', b'id = "ours-2026"', 1)
    sent = await desk.post("/office/policies", files={"file": ("ours.toml", mine)}, headers=PAGE)
    assert sent.headers["location"] == "/office/policies/ours-2026@1?done=copied"
    for bad in (b"id = ", b"\xff\xfe", b"x" * 200_000, file, b""):
        assert (await desk.post("/office/policies", files={"file": ("bad.toml", bad)}, headers=PAGE)).status_code == 422
    assert await OwnPolicy.count() == 4
    gone = await desk.post("/office/policies/ours-2026@1/remove", data={"revision": "0"}, headers=PAGE)
    assert gone.status_code == 303 and await OwnPolicy.count() == 3


async def test_two_people_put_a_policy_in_force(site: Site) -> None:
    """Whoever wrote any of a version, however long ago, does not confirm it, by form or by flow, and nobody else can write
    while it waits; who is alone is told whom to invite. The second person, a supervisor too, sees each sentence that differs
    beside what was in force, gives it back with a reason, and confirms it with their own password; a stale page confirms
    nothing. Every act is on the page and in a chain that the audit walks; a text exchanged afterwards is found out."""
    small = await founded("by-two")
    desk = await site.visitor(small.staff.account)
    organiser = next(iter(small.staff.organisers))
    await desk.get("/office/policies?lang=en", headers=PAGE)
    await desk.post("/office/policies/hebei-skills-2025/copy", data={"code": "hebei-own"}, headers=PAGE)
    form = form_of((await desk.get(f"{OWN}/edit", headers=PAGE)).text)
    half = field("awards", "prize", 3, "percent")
    await desk.post(f"{OWN}/edit", data={**form, half: "40"}, headers=PAGE)
    await Account.update({Account.active: False}).where(Account.id == small.supervisor.account)
    alone = html.unescape((await desk.get(OWN, headers=PAGE)).text)
    assert "Nobody else can confirm it yet." in alone and f"/office/{small.slug}/setup/people" in alone
    await Account.update({Account.active: True}).where(Account.id == small.supervisor.account)

    other = await account("林二")
    await employ(organiser, other)
    second = await site.visitor(other)
    form = form_of((await second.get(f"{OWN}/edit", headers=PAGE)).text)
    await second.post(f"{OWN}/edit", data={**form, half: "45"}, headers=PAGE)
    await desk.post(f"{OWN}/propose", data={"revision": "2", "document": ""}, headers=PAGE)
    late = await second.post(f"{OWN}/edit", data={**form, half: "47", "revision": "3"}, headers=PAGE)
    assert late.status_code == 409 and form_of(late.text)[half] == "47", "nothing that was typed is lost"
    for writer in (desk, second):
        page = html.unescape((await writer.get(f"{OWN}?lang=en", headers=PAGE)).text)
        assert "you do not confirm it" in page and "/confirm" not in page and "监督甲" in page
        for act in ({"act": "confirm", "password": "x"}, {"act": "refuse", "reason": "x"}):
            answer = await writer.post(f"{OWN}/{act.pop('act')}", data={**act, "revision": "3"}, headers=PAGE)
            assert answer.status_code == 403
    stranger = await site.visitor((await founded("elsewhere")).supervisor.account)
    for what in ("", "/policy.toml"):
        assert (await stranger.get(f"{OWN}{what}", headers=PAGE)).status_code == 404
    assert (await stranger.post(f"{OWN}/confirm", data={"revision": "3", "password": "x"})).status_code == 404

    watch = await site.visitor(small.supervisor.account)
    assert f'href="{OWN}"' in (await watch.get("/office?lang=en", headers=PAGE)).text
    page = html.unescape((await watch.get(OWN, headers=PAGE)).text)
    differences = page.split('id="differences"')[1].split("</section>")[0]
    assert "<del>The first 50 % (rounded down): Award of excellence.</del>" in differences
    assert "<ins>The first 45 % (rounded down): Award of excellence.</ins>" in differences
    assert differences.count('class="turned"') == 1 and f"{OWN}/edit" not in page
    assert (await watch.post(f"{OWN}/edit", data=form, headers=PAGE)).status_code == 403
    without = await watch.post(f"{OWN}/confirm", data={"revision": "3", "password": ""}, headers=PAGE)
    assert without.status_code == 422
    assert (await watch.post(f"{OWN}/refuse", data={"revision": "3", "reason": " "}, headers=PAGE)).status_code == 422
    await watch.post(f"{OWN}/refuse", data={"revision": "3", "reason": "45% 没有依据"}, headers=PAGE)
    page = (await desk.get(OWN, headers=PAGE)).text
    assert "45% 没有依据" in page and f"{OWN}/propose" in page

    await desk.post(f"{OWN}/propose", data={"revision": "4", "document": "冀职竞〔2026〕3号"}, headers=PAGE)
    await Account.update({Account.password_hash: await passwords.hashed("correct horse")}).where(
        Account.id == small.supervisor.account
    )
    for revision, password, status in (("5", "wrong", 401), ("3", "correct horse", 409), ("5", "correct horse", 303)):
        answer = await watch.post(f"{OWN}/confirm", data={"revision": revision, "password": password}, headers=PAGE)
        assert answer.status_code == status, (revision, password)
    await add_welding(small, "M02", policy="hebei-own@1", scheme=None)
    acts = [act["kind"] for act in await acts_of((await own_policy(small.staff.organisers, "hebei-own@1"))["id"])]
    assert acts[::-1] == ["begun", "saved", "saved", "proposed", "refused", "proposed", "confirmed"]
    connection = await asyncpg.connect(site.dsn)
    try:
        audit = await verify(connection)
        assert audit.breaks == () and audit.policies >= 7
        await connection.execute("ALTER TABLE own_policy DISABLE TRIGGER USER")
        await connection.execute("UPDATE own_policy SET text = text || '# ' WHERE organiser = $1", organiser)
        await connection.execute("ALTER TABLE own_policy ENABLE TRIGGER USER")
        assert [one.ledger for one in (await verify(connection)).breaks] == ["policy"]
    finally:
        await connection.close()


@pytest.mark.parametrize("id", policies.shipped())
def test_every_value_of_every_policy_can_be_changed_in_its_form(id: str) -> None:
    """Each value of a shipped policy has a field that gives it back unchanged, and writing it anew changes that place alone;
    rows are copied, moved and taken out as lists are. Every sentence is said in both languages."""
    text = policies.text_of(id)
    draft, raw = draft_of(text), read_toml(text, id)
    assert draft.policy and all(one.words.zh and one.words.en for one in sentences(draft.policy))
    assert typed_into(draft, {line.name: line.value for line in draft.lines}) == {}
    lines = [one for one in draft.lines if one.written and one.value]
    assert read_toml(with_values(text, {one.path: literal(one.value, one.asked.kind) for one in lines}), id) == raw
    for line in lines:
        expected: Any = deepcopy(raw)
        put(expected, line.path, 7)
        assert read_toml(with_values(text, {line.path: "7"}), id) == expected
    for path in (("awards", "prize"), ("promotion", "rule"), ("titles",)):
        rows: Any = raw
        for part in path:
            rows = rows.get(part, [])
        for at, row in enumerate(rows):
            again = at_path(read_toml(copied(text, (*path, at)), id), path)
            assert {**again[at + 1], "id": row["id"]} == row and [*again[: at + 1], *again[at + 2 :]] == rows
            if at:
                swapped = [*rows[: at - 1], rows[at], rows[at - 1], *rows[at + 1 :]]
                assert at_path(read_toml(raised(text, (*path, at)), id), path) == swapped
                assert at_path(read_toml(dropped(text, (*path, at)), id), path) == [*rows[:at], *rows[at + 1 :]]


def at_path(raw: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at a path."""
    for part in path:
        raw = raw[part]
    return raw


def put(raw: Any, path: tuple[str | int, ...], value: object) -> None:
    """Another value at a path."""
    at_path(raw, path[:-1])[path[-1]] = value
