"""The office's pages lead an appeal to its end, and everybody reads what came of it."""

from __future__ import annotations

import re

import pytest
from ulid import ULID

from server.issuing.withdrawing import certificates_of
from server.results.flow import snapshot_of
from tests.server.appeals.test_ruling import filed, order
from tests.server.conftest import Site
from tests.server.marks.test_hall import sent, shot
from tests.server.small import brought, founded


def version(page: str) -> str:
    """Which version of the appeal a page shows."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


async def test_an_appeal_is_led_to_a_new_publication_with_other_certificates(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third becomes the first: staff assign, answer, correct; the same person cannot rule; a second sees every difference before
    upholding; certificates are replaced, the results page says which version it supersedes, and the old ones say what replaces them.
    Whoever looks into it sees what judges photographed of that entry, and of no other.
    """
    begun: list[object] = []
    monkeypatch.setattr(site.app.state.printing, "begin", begun.append)
    small = await brought(await founded("ruled"), "marking")
    judge, photos = await site.visitor(small.judges[1]), {entry: str(ULID()) for entry in small.codes}
    for entry, id in photos.items():
        assert (await sent(judge, small, shot((80, 60)), id, entry=entry)).json()["status"] == "stored"
    await brought(small, "certified")
    names = await order(small)
    number, second = await filed(small, names[2])
    url = f"/office/ruled/appeals/{number}"
    staff, other = await site.visitor(small.staff.account), await site.visitor(second.account)

    async def done(what: str, who: object = staff, **data: str) -> str:
        page = await who.get(url)  # type: ignore[attr-defined]
        answer = await who.post(f"{url}/{what}", data={"version": version(page.text), **data})  # type: ignore[attr-defined]
        assert answer.status_code == 303, answer.text
        return str((await staff.get(answer.headers["location"])).text)

    assert url in (await staff.get("/office")).text, "it needs somebody"
    await done("assignment", account=str(small.staff.account))
    page = (await staff.get(url)).text
    (shown,) = set(re.findall(rf"{url}/evidence/(\w+)", page))
    assert (await staff.get(f"{url}/evidence/{shown}")).headers["content-type"] == "image/jpeg"
    assert [(await staff.get(f"{url}/evidence/{id}")).status_code for id in photos.values() if id != shown] == [404] * 5
    page = await done("answer", text="核实<b>属实</b>")
    assert "核实&lt;b&gt;属实" in page
    marks = re.findall(r'<option value="(\w{26})"[^>]*>(A1\.01|B1\.02)[^<]*<', page)
    for mark, aspect in marks:
        page = await done("corrections", mark=mark, value="10" if aspect == "A1.01" else "3", why="记录单为满分")
    assert 'name="ruling"' not in page, "who answered does not rule"
    assert url in (await other.get("/office")).text and url not in (await staff.get("/office")).text
    page = (await other.get(url)).text
    assert "没有" not in page[page.index('id="effects"') :].partition("</section>")[0]
    seen = re.search(r'name="seen" value="(\w{64})"', page)
    assert seen and all(name in page for name in names[:3])
    stale = await other.post(
        f"{url}/ruling", data={"version": version(page), "seen": "0", "ruling": "upheld", "reason": "属实"}
    )
    assert stale.status_code == 409 and "属实" in stale.text
    await done("ruling", other, seen=seen[1], ruling="upheld", reason="经核实，漏计属实")
    assert begun, "the new certificates are being printed"
    assert await order(small) == [names[2], names[0], names[1], *names[3:]]
    rows = {row["number"]: row for row in await certificates_of((await small.competition())["id"])}
    replaced = {row["person"]: rows[row["replaced_by"]] for row in rows.values() if row["revoked"]}
    assert {name: row["content"]["rank"] for name, row in replaced.items()} == {
        names[2]: "1",
        names[0]: "2",
        names[1]: "3",
    }
    public = await (await site.visitor()).get("/c/ruled/results/M01?lang=en")
    old = await snapshot_of((await small.event())["id"])
    assert "supersedes version 1" in public.text and old and old["sha256"][:12] in public.text
