"""The review as a list that is longer than a page."""

from __future__ import annotations

import re

import pytest

from admin import review_pages
from server.database.tables import Entry
from tests.server.conftest import Site
from tests.server.small import entered, founded, opened

PAGE = {"accept": "text/html"}


async def test_everything_that_is_found_is_decided_on_and_taken_back(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six entries on pages of two: filters count and find in the database, somebody decides on all that are found and not only on
    the page, takes all of it back, and nothing is decided when the list is no longer what was seen.
    """
    monkeypatch.setattr(review_pages, "MOST_SHOWN", 2)
    small = await founded("review")
    await opened(small, "registration")
    await entered(small)
    desk = await site.visitor(small.staff.account)
    url = f"/office/{small.slug}/review"

    async def states() -> list[str]:
        return [row["state"] for row in await Entry.select(Entry.state).order_by(Entry.number)]

    async def asked(query: str) -> tuple[str, str]:
        text = (await desk.get(f"{url}?{query}", headers=PAGE)).text
        every = re.search(r'name="every" value="([0-9a-f]{64})"', text)
        return text, every[1] if every else ""

    text, all_six = await asked("state=mine&page=3")
    assert "5–6 / 6" in text and all_six
    one, nothing = await asked("find=赵三")
    assert "1–1 / 1" in one and not nothing and "赵四" not in one
    assert "lists/entries/workbook.xlsx?find=" in one
    assert "赵一" not in (await asked("find=%25"))[0]

    gone = await desk.post(f"{url}?state=mine", data={"act": "approve", "every": all_six}, headers=PAGE)
    assert gone.status_code == 303 and await states() == ["approved"] * 6
    batch = re.search(r"batch=([0-9a-f-]{36})", gone.headers["location"])
    assert batch
    late = await desk.post(f"{url}?state=mine", data={"act": "approve", "every": all_six}, headers=PAGE)
    assert late.status_code == 409 and await states() == ["approved"] * 6
    await desk.post(f"{url}/undo", data={"batch": batch[1]}, headers=PAGE)
    assert await states() == ["review"] * 6
