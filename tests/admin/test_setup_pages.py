"""Setting up in the office: what a person types in forms arrives, and what is refused comes back with what they typed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from admin.setup import setting_up
from scoring.marks import scheme_fingerprint
from server.competitions.editing import Changed, edit_competition
from server.competitions.facts import CompetitionEdit, Organisation
from server.competitions.flow import choose_scheme, competition_named, event_named, events_of
from server.database.tables import Organiser
from server.people.flow import UNNAMED, actor_of, add_account, add_organiser, employ
from server.people.http import TLS_COOKIE
from server.registration.places import places_of
from server.registration.sending import add_delegations, clerks_of, delegations_of
from tests.server.conftest import Site, Visitor
from tests.server.small import AT, SCHEME, Small, founded

PAGE = {"accept": "text/html"}
INPUTS = Path(__file__).parents[1] / "inputs"


@pytest.fixture(scope="module")
async def small(site: Site) -> Small:
    """An organiser with a competition in setup."""
    return await founded("pages")


@pytest.fixture(scope="module")
async def desk(site: Site, small: Small) -> Visitor:
    """Its staff."""
    return await site.visitor(small.staff.account)


def filled(page: str, form: str = "") -> dict[str, str]:
    """What the fields of a page's form hold, as a browser would send them back."""
    part = page[page.index(form) :] if form else page
    part = part[: part.index("</form>")]
    lines = [line for line in re.findall(r"<input[^>]*>", part) if "checkbox" not in line and "radio" not in line]
    fields = dict(re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', "".join(lines)))
    fields |= dict.fromkeys(re.findall(r'type="checkbox" name="([^"]+)" value="1" checked', part), "1")
    for name, inside in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', part, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', inside) or re.findall(r'value="([^"]*)"', inside)[:1]
        fields[name] = chosen[0]
    fields |= dict(re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>([^<]*)</textarea>', part))
    return fields | dict(re.findall(r'type="radio" name="([^"]+)" id="[^"]*" value="([^"]*)" checked', part))


async def made(desk: Visitor, **more: str) -> Any:
    new = {"name": "唐山钳工大赛", "starts": "2027-05-01", "ends": "2027-05-03", "tier": "city", "host": "唐山市总工会"}
    return await desk.post("/office/new", data={**new, **more}, headers=PAGE)


async def test_home_leads_to_a_new_competition(site: Site, desk: Visitor) -> None:
    """An organiser's first page has the way to it; a judge's or a stranger's has not."""
    assert 'href="/office/new"' in (await desk.get("/office", headers=PAGE)).text
    nobody = await site.visitor(await add_account("no-organiser", "无职"))
    assert 'href="/office/new"' not in (await nobody.get("/office", headers=PAGE)).text


async def test_today_says_what_a_new_competition_needs_next(desk: Visitor) -> None:
    """Whoever comes back after making a competition finds its first missing step, one at a time; one whose days are over is silent."""
    await made(desk, name="下一步大赛", starts="2099-05-01", ends="2099-05-03")
    competition = await competition_named("xybds-2099")
    url = "/office/xybds-2099/setup"

    async def step() -> str:
        page = (await desk.get("/office", headers=PAGE)).text
        (need,) = [one for one in page.split("<article")[1:] if "下一步大赛" in one.partition("</article>")[0]]
        assert need.count(f'href="{url}') == 1
        return need.partition(f'href="{url}')[2].partition('"')[0]

    assert await step() == "#window"
    fields = filled((await desk.get(url, headers=PAGE)).text, 'class="card form"')
    window = {"registration_opens": "2099-01-01T08:00", "registration_closes": "2099-02-01T18:00"}
    assert (await desk.post(url, data={**fields, **window})).status_code == 303
    assert await step() == "/events/new"
    after = datetime(2099, 5, 5, tzinfo=UTC)
    assert await setting_up(competition, [], after, "zh") == []


async def test_a_competition_comes_from_four_facts(desk: Visitor, small: Small) -> None:
    """Name, days and host, in English beside it, are enough; its address is made of the name's initials; its set-up opens."""
    assert 'name="host_en" value="Committee ' in (await desk.get("/office/new", headers=PAGE)).text
    await Organiser.update({Organiser.name: UNNAMED.zh}).where(Organiser.id == (await small.competition())["organiser"])
    fields = filled((await desk.get("/office/new", headers=PAGE)).text, 'class="card form"')
    assert (fields["host"], fields["host_en"]) == ("", ""), "the name that nobody gave would be on every certificate"
    response = await made(desk, host_en="Tangshan Trade Unions")
    assert (response.status_code, response.headers["location"]) == (303, "/office/tsqgds-2027/setup")
    competition = await competition_named("tsqgds-2027")
    assert (competition["starts"], competition["tier"]) == (date(2027, 5, 1), "city")
    assert competition["organisations"][0] == {
        "name": "唐山市总工会",
        "seal": "竞赛专用章",
        "role": "host",
        "name_en": "Tangshan Trade Unions",
    }


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ({"ends": "2027-04-01"}, "结束日期早于开始日期"),
        ({"starts": "soon"}, "开始日期要写日期"),
        ({"name": " "}, "还没有填写"),
        ({"province": "河北"}, "省份代码是两位数字"),
    ],
)
async def test_what_was_typed_comes_back_with_what_is_wrong(desk: Visitor, spoilt: dict[str, str], said: str) -> None:
    """Nobody types a form twice: the refusal stands in it, and the rest is as it was."""
    response = await made(desk, **{"host": "留住我", **spoilt})
    assert response.status_code == 422 and said in response.text and "留住我" in response.text


async def test_the_facts_are_saved_as_they_were_typed(small: Small, desk: Visitor) -> None:
    """Every field of the page arrives, in the competition's own time zone; saving a page unchanged changes nothing."""
    url = f"/office/{small.slug}/setup"
    fields = filled((await desk.get(url, headers=PAGE)).text, 'class="card form"')
    version = (await small.competition())["version"]
    assert (await desk.post(url, data=fields)).status_code == 303
    assert (await small.competition())["version"] == version
    fields |= {
        "venue": "邯郸", "regions": "北京市\n天津市\n河北省", "registration_opens": "2026-08-01T08:00",
        "registration_closes": "2026-09-30T18:00", "step-delegation": "1", "step-committee": "1",
        "org-name-1": "河北机械学院", "org-role-1": "organiser", "org-seal-1": "",
        "org-name_en-0": " Sample Committee ",
    }  # fmt: skip
    response = await desk.post(url, data=fields)
    assert response.headers["location"] == f"{url}?done=facts"
    now = await small.competition()
    assert now["regions"] == ["北京市", "天津市", "河北省"] and now["venue"] == "邯郸"
    assert now["registration_closes"].astimezone(UTC) == datetime(2026, 9, 30, 10, 0, tzinfo=UTC)
    assert now["review_steps"] == ["delegation", "organiser", "committee"]
    assert [(one["name"], one["name_en"], one["role"]) for one in now["organisations"]] == [
        ("示例组委会", "Sample Committee", "host"),
        ("河北机械学院", "", "organiser"),
    ]
    page = (await desk.get(f"{url}?done=facts", headers=PAGE)).text
    assert 'value="2026-09-30T18:00"' in page and "已保存" in page


async def test_a_stale_page_shows_both_and_saves_the_second_time(small: Small, desk: Visitor) -> None:
    """Somebody saved meanwhile: one's own words stay in the fields, theirs stand beside them, a moment as one reads it in the
    competition's own time zone, and once more saves."""
    url = f"/office/{small.slug}/setup"
    fields = filled((await desk.get(url, headers=PAGE)).text, 'class="card form"')
    now = await small.competition()
    facts = {name: now[name] for name in CompetitionEdit.__struct_fields__}
    facts["organisations"] = [Organisation(**one) for one in now["organisations"]]
    facts |= {"venue": "承德", "registration_closes": datetime(2026, 9, 29, 10, 0, tzinfo=UTC)}
    await edit_competition(now, CompetitionEdit(**facts), small.staff, AT)
    response = await desk.post(url, data={**fields, "venue": "沧州"}, headers=PAGE)
    assert response.status_code == 409 and "现在是：承德" in response.text and 'value="沧州"' in response.text
    english = await desk.post(url, data={**fields, "venue": "沧州"}, headers={**PAGE, "accept-language": "en"})
    with pytest.raises(Changed) as told:
        await edit_competition(now, CompetitionEdit(**{**facts, "registration_closes": None}), small.staff, AT)
    (differs,) = told.value.problems
    for page, moment, words in (
        (response, "2026年9月29日 18:00", differs.words.zh), (english, "29 Sep 2026, 18:00", differs.words.en),
    ):  # fmt: skip
        assert moment in page.text and moment in words and "2026-09-29" not in page.text + words
    assert (await small.competition())["venue"] == "承德"
    again = filled(response.text, 'class="card form"')
    assert (await desk.post(url, data=again)).status_code == 303
    assert (await small.competition())["venue"] == "沧州"


async def test_an_event_is_added_from_a_search_without_script(small: Small, desk: Visitor) -> None:
    """The search is a plain form; its hits are links that fill the form; the next free code is proposed."""
    url = f"/office/{small.slug}/setup/events/new"
    page = (await desk.get(f"{url}?q={quote('电工')}", headers=PAGE)).text
    hit = next(one for one in re.findall(r'<li><a href="(\?[^"]+)"', page) if "6-31-01-03" in one)
    page = (await desk.get(url + hit.replace("&amp;", "&"), headers=PAGE)).text
    fields = filled(page, 'id="facts"')
    assert (fields["code"], fields["occupation"], fields["occupation_code"], fields["name"]) == (
        "M02",
        "电工",
        "6-31-01-03",
        "电工",
    )
    response = await desk.post(
        url, data={**fields, "work_type": "维修电工", "policy": "hebei-skills-2025", "capacity": "20"}
    )
    assert response.headers["location"] == f"/office/{small.slug}/setup/events/M02?done=added"
    event = await event_named(await small.competition(), "M02")
    assert (event["work_type"], event["capacity"], event["policy"]) == ("维修电工", 20, "hebei-skills-2025")


async def test_a_template_says_on_the_page_why_it_cannot_be_chosen(small: Small, desk: Visitor) -> None:
    """It is listed with its title and its reason, and is no choice; posted all the same it is refused in the form."""
    page = (await desk.get(f"/office/{small.slug}/setup/events/M01", headers=PAGE)).text
    assert "省级一类职业技能竞赛（模板）" in page and "须补齐文号并确认后使用" in page
    assert 'value="hebei-class1-template"' not in page
    fields = filled(page, 'id="facts"')
    assert fields["policy"] == "hebei-skills-2025"
    response = await desk.post(
        f"/office/{small.slug}/setup/events/M01", data={**fields, "policy": "hebei-class1-template"}, headers=PAGE
    )
    assert response.status_code == 422 and "须补齐文号并确认后使用" in response.text


async def test_an_event_that_is_refused_keeps_what_was_typed(small: Small, desk: Visitor) -> None:
    """A wrong code, a number that is none: each at its field, everything else as typed, nothing stored."""
    url = f"/office/{small.slug}/setup/events/new"
    fields = filled((await desk.get(url, headers=PAGE)).text, 'id="facts"')
    wrong = {**fields, "name": "茶艺", "occupation": "茶艺师", "stations": "many", "code": "M09"}
    response = await desk.post(url, data=wrong, headers=PAGE)
    assert (
        response.status_code == 422 and "赛位要写 1–1000 的整数" in response.text and 'value="茶艺师"' in response.text
    )
    response = await desk.post(url, data={**wrong, "stations": "4", "code": "m 9"}, headers=PAGE)
    assert response.status_code == 422 and "大写字母和数字" in response.text
    assert "M09" not in {one["code"] for one in await events_of(await small.competition())}


async def test_a_scheme_is_chosen_shown_and_refused(small: Small, desk: Visitor) -> None:
    """A shipped scheme shows its modules and weights; a workbook that is none leaves the old one and says why; whoever chose on a
    page from before somebody else's choice is told of that one, and chooses once more."""
    url = f"/office/{small.slug}/setup/events/M02"
    old = filled((await desk.get(url, headers=PAGE)).text, f'action="{url}/scheme"')
    response = await desk.post(f"{url}/scheme", data={"shipped": "theory-practice"}, files={"none": ("", b"")})
    assert response.headers["location"] == f"{url}?done=scheme#scheme"
    page = (await desk.get(url, headers=PAGE)).text
    assert "30%" in page and "70%" in page
    await choose_scheme(await small.event("M02"), SCHEME, small.staff, AT)
    fields: dict[str, Any] = {**old, "shipped": "theory-practice"}
    late = await desk.post(f"{url}/scheme", data=fields, files={"none": ("", b"")}, headers=PAGE)
    chosen = (await small.event("M02"))["scheme_fingerprint"]
    assert late.status_code == 409 and SCHEME.name in late.text and chosen == scheme_fingerprint(SCHEME)
    again = filled(late.text, f'action="{url}/scheme"')
    fields = {**again, "shipped": "theory-practice"}
    assert (await desk.post(f"{url}/scheme", data=fields, files={"none": ("", b"")})).status_code == 303
    response = await desk.post(f"{url}/scheme", files={"file": ("scheme.xlsx", b"not a workbook")}, headers=PAGE)
    assert response.status_code in (409, 422) and "70%" in response.text and 'role="alert"' in response.text
    response = await desk.post(f"{url}/scheme", data={"shipped": ""}, files={"none": ("", b"")}, headers=PAGE)
    assert response.status_code == 422 and "还没有选评分方案" in response.text


async def test_places_are_saved_cell_by_cell(small: Small, desk: Visitor) -> None:
    """Only what was changed is set; a cell that is no number leaves all of them, with what was typed still in it."""
    competition = await small.competition()
    await add_delegations(competition, ["唐山市", "廊坊市"], small.staff, AT)
    ids = {one["name"]: one["id"] for one in await delegations_of(competition)}
    url = f"/office/{small.slug}/setup/places"
    fields = filled((await desk.get(url, headers=PAGE)).text, "data-grid")
    cell = f"places {ids['唐山市']} M01"
    assert fields[cell] == ""
    wrong = await desk.post(url, data={**fields, cell: "3", f"places {ids['廊坊市']} M01": "三"}, headers=PAGE)
    assert wrong.status_code == 422 and 'value="三"' in wrong.text and await places_of(competition) == []
    assert (await desk.post(url, data={**fields, cell: "３"})).headers["location"] == f"{url}?done=places"
    stale = await desk.post(url, data={**fields, cell: "5"}, headers=PAGE)
    assert stale.status_code == 409 and "现在是3 个" in stale.text
    assert [row["places"] for row in await places_of(competition)] == [3]


async def test_a_clerks_link_signs_in_once(site: Site, small: Small, desk: Visitor) -> None:
    """The page shows it once; whoever has it registers for that delegation, and the link is spent."""
    competition = await small.competition()
    await add_delegations(competition, ["唐山市"], small.staff, AT) if not await delegations_of(competition) else None
    delegation = (await delegations_of(competition))[0]["id"]
    url = f"/office/{small.slug}/setup"
    page = await desk.post(f"{url}/clerks", data={"delegation": str(delegation), "name": "孙会计"}, headers=PAGE)
    token = re.findall(r"/sign-in/([\w-]+)", page.text)[0]
    assert token not in (await desk.get(f"{url}/people", headers=PAGE)).text
    clerk = await site.visitor()
    assert (await clerk.post(f"/sign-in/{token}")).status_code == 303
    actor = await actor_of(clerk.cookies[TLS_COOKIE], datetime.now(UTC))
    assert actor is not None and actor.delegations == {delegation}
    assert (await (await site.visitor()).post(f"/sign-in/{token}")).status_code == 401
    (row,) = await clerks_of(competition)
    page = await desk.post(f"{url}/links", data={"account": str(row["account"])}, headers=PAGE)
    assert re.findall(r"/sign-in/([\w-]+)", page.text) not in ([], [token])


async def test_no_link_for_somebody_elses_people(small: Small, desk: Visitor) -> None:
    """A link is made for the supervisors and clerks of this competition, for no other account."""
    other = await founded("pages-other")
    for account in (other.supervisor.account, other.staff.account, "x"):
        response = await desk.post(f"/office/{small.slug}/setup/links", data={"account": str(account)})
        assert response.status_code == 404


async def test_pages_of_setting_up_are_for_their_organiser(site: Site, small: Small) -> None:
    """Another organiser's staff is turned away from each page, and cannot take another's edition along."""
    other = await site.visitor((await founded("pages-third")).staff.account)
    for page in ("", "/events", "/events/new", "/events/M01", "/places", "/people"):
        assert (await other.get(f"/office/{small.slug}/setup{page}", headers=PAGE)).status_code == 403
    assert (await other.get(f"/office/new?from={small.slug}", headers=PAGE)).status_code == 404
    new = {"from": small.slug, "starts": "2027-05-01", "ends": "2027-05-03"}
    assert (await other.post("/office/new", data=new, headers=PAGE)).status_code == 404
    assert f'from={small.slug}"' not in (await other.get("/office/new", headers=PAGE)).text


async def test_the_next_edition_is_made_on_a_page(small: Small, desk: Visitor) -> None:
    """Days are asked anew; the set-up that opens has the last one's events."""
    page = (await desk.get(f"/office/new?from={small.slug}", headers=PAGE)).text
    assert f'name="from" value="{small.slug}"' in page
    new = {"from": small.slug, "name": "技能大赛（示例）", "starts": "2027-10-15", "ends": "2027-10-17"}
    response = await desk.post("/office/new", data=new)
    assert response.headers["location"] == f"/office/{small.slug}-2/setup"
    assert {one["code"] for one in await events_of(await competition_named(f"{small.slug}-2"))} >= {"M01"}


async def test_own_occupations_are_added_and_taken_out(site: Site, desk: Visitor) -> None:
    """A page for what the table lacks; a wrong code comes back with what was typed."""
    new = {"name": "雕版印刷工", "code": "x", "edition": "2022", "work_types": "刻版\n刷印"}
    response = await desk.post("/office/occupations", data=new, headers=PAGE)
    assert response.status_code == 422 and 'value="雕版印刷工"' in response.text
    assert (await desk.post("/office/occupations", data={**new, "code": ""})).status_code == 303
    page = (await desk.get("/office/occupations", headers=PAGE)).text
    assert "刻版、刷印" in page
    id = re.findall(r'name="occupation" value="([^"]+)"', page)[0]
    assert (await desk.post("/office/occupations/remove", data={"occupation": id})).status_code == 303
    assert "刻版、刷印" not in (await desk.get("/office/occupations", headers=PAGE)).text


async def test_whoever_works_for_two_organisers_chooses(site: Site) -> None:
    """The page asks for whom; without an answer nothing is made; an organiser that is not theirs is not found."""
    both = await add_account("works-for-two", "两家")
    mine = [await add_organiser(name, "") for name in ("页甲方", "页乙方")]
    for one in mine:
        await employ(one, both)
    desk = await site.visitor(both)
    assert "页甲方" in (await desk.get("/office/new", headers=PAGE)).text
    assert (await made(desk, name="二选一赛")).status_code == 422
    foreign = await add_organiser("页丙方", "")
    for wrong in (str(foreign), "x"):
        assert (await made(desk, name="二选一赛", organiser=wrong)).status_code == 404
    assert (await made(desk, name="二选一赛", organiser=str(mine[1]))).status_code == 303


async def test_a_design_is_chosen_from_pictures_kind_by_kind(site: Site, desk: Visitor, small: Small) -> None:
    """Judges' certificates get a design of their own, the others keep theirs; a skill level has its form only."""
    url = f"/office/{small.slug}/setup/designs"
    page = (await desk.get(url, headers=PAGE)).text
    assert page.count('name="design" id="design-') == 8 and 'value="classical" checked' in page
    pictures = re.findall(r'src="(/static/designs/[^"]+)"', page)
    assert len(pictures) == 8
    picture = await desk.get(pictures[0])
    assert picture.status_code == 200 and picture.headers["content-type"] == "image/webp"
    answer = await desk.post(f"{url}/judge", data={"design": "craft"}, headers=PAGE)
    assert answer.headers["location"] == f"{url}/judge?done=design"
    assert 'value="craft" checked' in (await desk.get(f"{url}/judge", headers=PAGE)).text
    assert 'value="classical" checked' in (await desk.get(url, headers=PAGE)).text
    refused = await desk.post(f"{url}/level", data={"design": "craft"}, headers=PAGE)
    assert refused.status_code == 422 and refused.text.count('name="design" id="design-') == 1
    assert (await desk.get(f"{url}/driving-licence", headers=PAGE)).status_code == 404
    assert (await competition_named(small.slug))["designs"] == {"judge": "craft"}


async def test_problems_of_workbooks_are_told_file_by_file_and_once(site: Site) -> None:
    """Two workbooks with events that are not there: each file has its own list, and what is wrong in neighbouring rows in the same
    way is one line that names them."""
    small = await founded("two-files")
    desk = await site.visitor(small.staff.account)
    files = [
        ("file", (f"{name}.xlsx", (INPUTS / f"报名表-{name}.xlsx").read_bytes())) for name in ("唐山市", "石家庄市")
    ]
    page = (await desk.post(f"/office/{small.slug}/forms", files=files, headers=PAGE)).text
    lists = page.split('<section class="card problems">')[1:]
    assert [one.partition("<h2>")[2].partition("：")[0] for one in lists] == ["唐山市.xlsx", "石家庄市.xlsx"]
    for one in lists:
        assert one.count("“电工（职工组）”") == 1 and "–" in one.partition("“电工（职工组）”")[0].rpartition("<tr>")[2]
