"""Long lists on pages: a portion at a time, found by name and delegation, whole for print."""

from __future__ import annotations

import pytest

from server.web import portions
from tests.server.conftest import Site
from tests.server.small import DELEGATIONS, brought, founded, row_of

NAMES = [row_of(place).name for place in range(6)]


async def test_a_long_list_comes_in_portions_and_is_found_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four of six stand on the first page and the others on the last, wherever somebody types beyond it; a word or a delegation finds
    its one, on any page; "all" is all; and a list that fits on a page has no finder. So it is for results, standings, photos, papers.
    """
    small = await brought(await founded("long"), "published")
    desk, public = await site.visitor(small.staff.account), await site.visitor()
    results, office = "/c/long/results/M01", "/office/long"
    lists = [
        (public, results, NAMES), (desk, results, NAMES), (desk, f"{office}/events/M01/standings", NAMES),
        (desk, f"{office}/photos", NAMES), (desk, f"{office}/papers", list(DELEGATIONS)),
    ]  # fmt: skip
    for visitor, path, words in lists:

        async def told(query: str = "") -> list[str]:
            page = await visitor.get(path + query, headers={"accept": "text/html"})  # noqa: B023
            assert page.status_code == 200, page.text
            return [word for word in words if page.text.count(word) > query.count(word)]  # noqa: B023

        monkeypatch.setattr(portions, "AT_ONCE", 100)
        assert await told() == words and 'name="find"' not in (await visitor.get(path)).text, path
        monkeypatch.setattr(portions, "AT_ONCE", 4)
        first, second = await told(), await told("?page=2")
        assert len(first) == 4 and sorted(first + second) == sorted(words), path
        assert await told("?page=99") == second and await told("?page=x&lang=zh") == first, path
        assert await told("?all=1") == words and await told(f"?find={words[5]}") == [words[5]], path
        assert await told("?find=%E6%97%A0%E6%AD%A4") == [], path
        if words == NAMES:
            assert await told(f"?delegation={DELEGATIONS[4]}&page=7") == [NAMES[4]], path
