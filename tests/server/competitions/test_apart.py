"""Several organisers on one installation: whatever one of them sets up, no other can read, change or find."""

from __future__ import annotations

from typing import Any

import pytest

from server.competitions.own import NewOccupation, add_occupation
from server.people.flow import add_organiser, employ
from server.registration.places import Change, set_places
from server.registration.sending import add_delegations, delegations_of
from tests.server.conftest import Site, Visitor
from tests.server.small import AT, Small, account, founded, opened

SECRET = ("秘密代表队", "秘密职业工", "秘密大赛")


@pytest.fixture(scope="module")
async def small(site: Site) -> Small:
    """One organiser's competition, full of what nobody else may see."""
    small = await founded("apart")
    competition = await small.competition()
    await add_delegations(competition, [SECRET[0]], small.staff, AT)
    delegation = (await delegations_of(competition))[0]["id"]
    await set_places(competition, [Change(delegation, "M01", 3)], small.staff, AT)
    (organiser,) = small.staff.organisers
    await add_occupation(organiser, NewOccupation(SECRET[1], "Secret work"))
    return small


@pytest.fixture(scope="module")
async def stranger(site: Site, small: Small) -> Visitor:
    """Staff of another organiser of the same installation, with a competition of its own."""
    other = await founded("apart-other")
    return await site.visitor(other.staff.account)


async def test_no_route_of_setting_up_answers_another_organiser(site: Site, small: Small, stranger: Visitor) -> None:
    """Reading, editing, adding and removing: 403 with a code, and not a word of what is there."""
    api, seen = f"/api/competitions/{small.slug}", ""
    delegation = (await delegations_of(await small.competition()))[0]["id"]
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"{api}/setup", None), ("PUT", f"{api}/setup", {}), ("POST", f"{api}/editions", {}),
        ("POST", f"{api}/events", {}), ("GET", f"{api}/events/M01/setup", None), ("PUT", f"{api}/events/M01/setup", {}),
        ("DELETE", f"{api}/events/M01/setup", None), ("GET", f"{api}/delegations", None),
        ("POST", f"{api}/delegations", {"names": ["我"]}), ("DELETE", f"{api}/delegations/{delegation}", None),
        ("POST", f"{api}/delegations/{delegation}/clerks", {"name": "我"}),
        ("GET", f"{api}/quotas", None), ("PUT", f"{api}/quotas", []),
    ]  # fmt: skip
    for method, path, body in calls:
        response = await stranger.request(method, path, json=body)
        assert response.status_code == 403, (method, path)
        seen += response.text
    assert not [secret for secret in SECRET if secret in seen]


async def test_what_is_being_prepared_is_known_to_its_office_only(site: Site, stranger: Visitor) -> None:
    """Until an event opens its registration, strangers and other organisers find nothing of it; then everybody does."""
    draft = await founded("draft")
    mine, nobody = await site.visitor(draft.staff.account), await site.visitor()
    paths = [
        f"/c/{draft.slug}",
        f"/c/{draft.slug}/results",
        f"/c/{draft.slug}/results/M01",
        f"/api/competitions/{draft.slug}",
    ]
    for path in paths:
        assert (await mine.get(path)).status_code == 200, path
        assert {(await one.get(path)).status_code for one in (nobody, stranger)} == {404}, path
    assert f"/c/{draft.slug}" not in (await nobody.get("/")).text
    await opened(draft, "registration")
    assert {(await nobody.get(path)).status_code for path in paths} == {200}


async def test_a_search_finds_ones_own_occupations_only(site: Site, small: Small, stranger: Visitor) -> None:
    """An organiser's own occupation is found by name, initials and list by this organiser, and by nobody else."""
    mine = await site.visitor(small.staff.account)
    for query in ("秘密职业工", "secret", "mmzy"):
        assert SECRET[1] in (await mine.get("/api/occupations", params={"q": query})).text
        assert SECRET[1] not in (await stranger.get("/api/occupations", params={"q": query})).text
    assert SECRET[1] in (await mine.get("/api/occupations/own")).text
    assert (await stranger.get("/api/occupations/own")).json() == []


async def test_an_occupation_is_taken_out_by_its_own_organiser(site: Site, small: Small, stranger: Visitor) -> None:
    """Another organiser who knows the id is told that there is no such thing."""
    mine = await site.visitor(small.staff.account)
    made = await mine.post("/api/occupations", json={"name": "临时职业"})
    path = f"/api/occupations/{made.json()['id']}"
    assert (await stranger.delete(path)).status_code == 404
    assert (await mine.delete(path)).status_code == 200


async def test_nobody_founds_in_another_organisers_name(site: Site, small: Small, stranger: Visitor) -> None:
    """Neither a competition nor an occupation can be given to an organiser that one does not work for."""
    (organiser,) = small.staff.organisers
    body = {"name": "甲", "organiser": str(organiser)}
    assert (await stranger.post("/api/occupations", json=body)).status_code == 404
    new = {
        **dict.fromkeys(("series", "series_en", "name", "name_en", "tier", "rank", "document", "venue", "venue_en"), "x"),
        "province": "13", "slug": "two", "starts": "2026-01-01", "ends": "2026-01-02", "organisations": [{"name": "x"}],
    }  # fmt: skip
    response = await stranger.post("/api/competitions", params={"organiser": str(organiser)}, json=new)
    assert response.status_code == 404
    both = await account("两家 apart")
    for which in (organiser, await add_organiser("第三家", "")):
        await employ(which, both)
    response = await (await site.visitor(both)).post(
        "/api/competitions", params={"organiser": str(organiser)}, json=new
    )
    assert response.status_code == 201 and response.json()["slug"] == "two"


async def test_the_same_series_of_two_organisers_are_two(site: Site, small: Small, stranger: Visitor) -> None:
    """Two organisers may call their contests alike; neither becomes an edition of the other's."""
    new = {
        "series": f"技能大赛 {small.slug}", "series_en": "", "name": "同名", "name_en": "", "tier": "city", "rank": "", "document": "",
        "province": "13", "venue": "", "venue_en": "", "slug": "alike", "starts": "2026-01-01", "ends": "2026-01-02",
        "organisations": [{"name": "别家"}],
    }  # fmt: skip
    made = (await stranger.post("/api/competitions", json=new)).json()
    assert (made["slug"], made["edition"]) == ("alike", 1)


async def test_the_api_of_setting_up_is_described(site: Site, small: Small) -> None:
    """Whoever writes a client finds every route and what it takes in the OpenAPI description."""
    visitor = await site.visitor()
    described = (await visitor.get("/api/schema/openapi.json")).json()
    paths = described["paths"]
    assert {"get", "put", "delete"} <= set(paths["/api/competitions/{slug}/events/{code}/setup"])
    for path in ("setup", "editions", "delegations", "quotas"):
        assert f"/api/competitions/{{slug}}/{path}" in paths
    schemas = " ".join(described["components"]["schemas"])
    assert all(name in schemas for name in ("CompetitionEdit", "EventEdit", "NextEdition", "Change"))


async def test_a_stale_edit_over_the_api_is_told_what_is_there(site: Site, small: Small) -> None:
    """409 with each fact that differs, what it is now and what was sent."""
    mine = await site.visitor(small.staff.account)
    path = f"/api/competitions/{small.slug}/events/M01/setup"
    facts = {name: value for name, value in (await mine.get(path)).json().items() if name not in ("state", "scheme")}
    done = await mine.put(path, json={**facts, "stations": 21})
    assert done.status_code == 200 and done.json()["version"] == facts["version"] + 1
    stale = await mine.put(path, json={**facts, "stations": 22})
    assert (stale.status_code, stale.json()["code"]) == (409, "setup.changed")
    (problem,) = stale.json()["problems"]
    assert problem["place"] == {"key": "stations"} and "21" in problem["words"]["en"] and "22" in problem["words"]["en"]


async def test_policies_say_why_they_cannot_be_used(site: Site, small: Small) -> None:
    """A template and a policy that is not in force on the day come with their reason; each with title and document."""
    mine = await site.visitor(small.staff.account)
    rows = {row["id"]: row for row in (await mine.get("/api/policies", params={"on": "2026-10-16"})).json()}
    assert rows["hebei-skills-2025"]["usable"] and rows["hebei-skills-2025"]["why"] is None
    for id in ("hebei-class1-template", "shijiazhuang-workers-2010"):
        assert not rows[id]["usable"] and rows[id]["why"]["zh"] and rows[id]["title"]["zh"] and rows[id]["document"]
