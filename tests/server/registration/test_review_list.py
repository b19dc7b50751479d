"""The review as a list that is longer than a page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from admin import review_pages
from server.database.tables import Competition, Delegation, Entry
from server.web.words import both
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

    moscow: dict[Any, Any] = {Competition.time_zone: "Europe/Moscow"}
    await Competition.update(moscow).where(Competition.slug == small.slug)
    entry, corridor = await small.event(), (await desk.get(f"/office/{small.slug}", headers=PAGE)).text
    assert f'href="{url}?event=M01"' in corridor, "a door that waits for the review leads there"
    assert both(entry["entered_state"], "Europe/Moscow").zh in corridor, (
        "and says since when in the competition's own time"
    )
    text, all_six = await asked("state=mine&page=3")
    assert "5–6 / 6" in text and all_six
    one, nothing = await asked("find=赵三")
    assert "1–1 / 1" in one and not nothing and "赵四" not in one
    assert "lists/review/workbook.xlsx?find=" in one
    assert (
        "赵一" not in one
        and (await desk.get(f"/office/{small.slug}/lists/review/workbook.xlsx?find=赵三")).status_code == 200
    )
    assert "赵一" not in (await asked("find=%25"))[0]

    gone = await desk.post(f"{url}?state=mine", data={"act": "approve", "every": all_six}, headers=PAGE)
    assert gone.status_code == 303 and await states() == ["approved"] * 6
    batch = re.search(r"batch=([0-9a-f-]{36})", gone.headers["location"])
    assert batch
    late = await desk.post(f"{url}?state=mine", data={"act": "approve", "every": all_six}, headers=PAGE)
    assert late.status_code == 409 and await states() == ["approved"] * 6
    await desk.post(f"{url}/undo", data={"batch": batch[1]}, headers=PAGE)
    assert await states() == ["review"] * 6


async def test_a_reviewer_chooses_columns_and_keeps_them_as_a_view(site: Site) -> None:
    """Columns and order are chosen at the review as in every list, survive a filter and a decision, and are kept under a name;
    a delegation's own desk has the columns without its own name, and what no column is called is left out.
    """
    small = await founded("columns")
    await opened(small, "registration")
    await entered(small)
    desk = await site.visitor(small.staff.account)
    url, kept = f"/office/{small.slug}/review", f"/office/{small.slug}/lists/review/views"
    query = "columns=number,names,state,documents,entered&sort=-number"

    text = (await desk.get(f"{url}?{query}&columns=DROP", headers=PAGE)).text
    masked = re.findall(r'data-head="证件号码">([^<]*\*[^<]*)<', text)
    assert len(masked) == 6 and "赛项" not in re.findall(r"<thead>.*?</thead>", text, re.S)[0]
    numbers = re.findall(r'class="whole mute">(?:<a[^>]*>)?([^<]+)', text)
    assert numbers == sorted(numbers, reverse=True) and len(numbers) == 6
    chips = re.findall(r'class="chip" href="([^"]+)"', text)
    assert chips and all("columns=number%2Cnames%2Cstate%2Cdocuments%2Centered" in one for one in chips)

    gone = await desk.post(kept, data={"name": "证件核对", "query": query}, headers=PAGE)
    assert gone.status_code == 303 and gone.headers["location"].startswith(f"{url}?columns=")
    assert "证件核对" in (await desk.get(url, headers=PAGE)).text
    picked = re.findall(r'name="(pick-[0-9a-f-]{36})" value="(\d+)"', text)[0]
    done = await desk.post(f"{url}?{query}", data={"act": "approve", picked[0]: picked[1]}, headers=PAGE)
    assert (
        done.status_code == 303
        and "columns=" in done.headers["location"]
        and "sort=-number" in done.headers["location"]
    )

    sender = (
        await Delegation.select(Delegation.id).where(Delegation.competition == (await small.competition())["id"])
    )[0]["id"]
    own = (
        await desk.get(f"/register/{small.slug}/{sender}/review?columns=names,delegation,documents", headers=PAGE)
    ).text
    assert "证件号码" in own and "views-chooser" not in own and 'id="column-delegation"' not in own
