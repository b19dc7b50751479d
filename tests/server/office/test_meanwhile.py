"""An older page overwrites nothing: what somebody else saved meanwhile is said, and stays."""

from __future__ import annotations

from typing import Any

from server.competitions.wanted import rules_of
from server.database.tables import CertificateTerms, Competition
from server.registration.places import places_of
from server.registration.sending import add_delegations
from tests.admin.test_setup_pages import filled
from tests.server.conftest import Site, Visitor
from tests.server.small import AT, brought, founded

PAGE = {"accept": "text/html"}
WRONG = {"rules": {"years": "99"}, "terms": {"pattern": "{nothing}"}}
"""Slips that are refused first: the page that says so does not pretend that what is there now has been seen."""


async def form_at(desk: Visitor, address: str, action: str) -> dict[str, str]:
    """What the form with that action holds on a page, as a browser would send it back."""
    return filled((await desk.get(f"{address}?lang=en", headers=PAGE)).text, f'action="{action}"')


async def test_of_two_who_change_one_thing_the_second_is_told(site: Site) -> None:
    """Design of a certificate, rules for panels, places, terms of a certificate: two people open the page, the first saves, the
    second is refused with what is there now, and it stays; from the page that says so they save on. A double click that
    changes nothing is no quarrel."""
    small = await founded("meanwhile")
    await add_delegations(await small.competition(), ["唐山市"], small.staff, AT)
    one, two = [await site.visitor(small.staff.account) for _ in range(2)]
    office = f"/office/{small.slug}"

    async def stored() -> dict[str, Any]:
        competition = await small.competition()
        terms = await CertificateTerms.select().where(CertificateTerms.competition == competition["id"]).first()
        rules, one_per = await rules_of(competition["id"])
        designs = (
            await Competition.select(Competition.designs)
            .where(Competition.id == competition["id"])
            .output(load_json=True)
        )
        return {
            "design": designs[0]["designs"].get("award"),
            "rules": (rules.least.years, one_per),
            "places": [row["places"] for row in await places_of(competition)],
            "terms": terms["issuer"] if terms else "",
        }

    places = await form_at(one, f"{office}/setup/places", f"{office}/setup/places")
    cell = next(name for name in places if name.startswith("places "))
    walks: list[tuple[str, str, str, dict[str, str], dict[str, str], Any]] = [
        ("design", f"{office}/setup/designs", f"{office}/setup/designs/award", {"design": "craft"}, {"design": "modern"}, "craft"),
        ("rules", f"{office}/panels", f"{office}/panels/rules", {"years": "5"}, {"years": "1"}, (5, "unit")),
        ("places", f"{office}/setup/places", f"{office}/setup/places", {cell: "4"}, {cell: "2"}, [4]),
        ("terms", f"{office}/issuing/award", f"{office}/issuing/award/terms", {"issuer": "省厅"}, {"issuer": "市局", "pattern": ""}, "省厅"),
    ]  # fmt: skip
    for what, address, action, first, second, kept in walks:
        forms = [await form_at(who, address, action) for who in (one, two)]
        assert (await one.post(action, data={**forms[0], **first}, headers=PAGE)).status_code == 303, what
        assert (await stored())[what] == kept
        if wrong := WRONG.get(what):
            slip = await two.post(action, data={**forms[1], **wrong}, headers=PAGE)
            assert slip.status_code == 422, what
            forms[1] = filled(slip.text, f'action="{action}"')
        told = await two.post(action, data={**forms[1], **second}, headers=PAGE)
        assert told.status_code == 409 and 'role="alert"' in told.text, what
        assert (await stored())[what] == kept, what
        again = filled(told.text, f'action="{action}"')
        assert (await two.post(action, data={**again, **second}, headers=PAGE)).status_code == 303, what
        assert (await stored())[what] != kept, what


async def test_what_one_did_not_touch_stays_as_somebody_else_left_it(site: Site) -> None:
    """A grid that is refused shows what stands there now in the cells its maker left alone: the second save overwrites none of them."""
    small = await founded("untouched")
    await add_delegations(await small.competition(), ["唐山市", "廊坊市"], small.staff, AT)
    one, two = [await site.visitor(small.staff.account) for _ in range(2)]
    url = f"/office/{small.slug}/setup/places"
    forms = [await form_at(who, url, url) for who in (one, two)]
    mine, theirs = sorted(name for name in forms[0] if name.startswith("places "))[:2]
    assert (await one.post(url, data={**forms[0], mine: "4", theirs: "5"}, headers=PAGE)).status_code == 303
    told = await two.post(url, data={**forms[1], mine: "2"}, headers=PAGE)
    assert told.status_code == 409
    again = filled(told.text, f'action="{url}"')
    assert (again[mine], again[theirs]) == ("2", "5")
    assert (await two.post(url, data=again, headers=PAGE)).status_code == 303
    assert sorted(row["places"] for row in await places_of(await small.competition())) == [2, 5]


async def test_a_form_that_no_page_made_is_refused(site: Site) -> None:
    """Numbers of another script, of thousands of digits, a language that there is not: written by hand into what a form carries
    along, and into what a live board is asked since. Each is an answer in words, none an error of ours."""
    small = await brought(await founded("by-hand"), "registration")
    await add_delegations(await small.competition(), ["唐山市"], small.staff, AT)
    desk, office = await site.visitor(small.staff.account), f"/office/{small.slug}"
    places = await form_at(desk, f"{office}/setup/places", f"{office}/setup/places")
    cell = next(name for name in places if name.startswith("places "))
    room = await site.app.state.live.room(await small.competition())
    for number in ("9" * 5000, "²", "٣"):
        for action, data in (
            (f"{office}/setup/places", {cell: number}),
            (f"{office}/setup/places", {cell: "4", cell.replace("places", "was"): number}),
            (f"{office}/setup/news", {"id": str(small.staff.account), "version": number, "title": "甲", "body": "乙"}),
            (f"{office}/issuing/award/terms", {"version": number, "language": number}),
            (f"{office}/events/M01/draw/announce", {"known_at": "2030-10-16T21:00", "shifts": number}),
            (f"{office}/review", {"act": "approve", f"pick-{small.staff.account}": number}),
            (f"{office}/reports/targets/edit", {f"city {number}": "唐山市"}),
        ):
            answer = await desk.post(action, data=data, headers=PAGE)
            assert answer.status_code < 500, (action, number[:3], answer.text[-300:])
        assert room.since(f"{room.name}-{number}") == -1
