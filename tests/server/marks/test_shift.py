"""The shift that a tablet works from: whole, this judge's own, told again only when something has changed."""

from __future__ import annotations

from uuid import UUID

import pytest

from server.marks import tablet
from server.marks.batch import Post
from tests.server.conftest import Site
from tests.server.small import Small, brought, founded, mark, owed_marks, posted


@pytest.fixture
async def small(site: Site, request: pytest.FixtureRequest) -> Small:
    """A competition in marking, for one test."""
    return await brought(await founded(request.node.name.replace("_", "-")[:50].rstrip("-")), "marking")


async def test_a_shift_is_whole(site: Site, small: Small) -> None:
    """Every event, entry and aspect of this judge's panels is in it, with requirement, anchors and steps, and this judge's marks."""
    event = (await small.event())["id"]
    await posted(small, owed_marks(small, event))
    shift = (await (await site.visitor(small.judges[1])).get("/api/shift")).json()
    (told,) = shift["events"]
    assert (shift["account"], told["seat"], told["chief"]) == (str(small.judges[1]), "J2", False)
    assert (told["entries"], told["panel"], told["open"]) == (small.codes, ["J1", "J2", "J3"], True)
    aspects = {one["id"]: one for group in told["groups"] for one in group["aspects"]}
    assert aspects["B1.01"]["allowed"] == [0, 500, 1000] and aspects["B1.02"]["anchors"] == ["差", "可", "良", "优"]
    assert {(entry, aspect) for entry, aspect, *_ in told["marks"]} == {(e, a) for e in small.codes for a in aspects}
    assert {by for _, aspect, *_, by in told["marks"] if aspect != "A1.01"} == {"J2"}
    assert told["seal"] is None and told["sequence"] == len(list(owed_marks(small, event)))


async def test_the_panel_is_seen_and_its_marks_are_not(site: Site, small: Small) -> None:
    """Who has marked a cell is told; what they gave is not."""
    event = (await small.event())["id"]
    theirs = mark(event, small.codes[0], "B1.02", 300)
    await posted(small, [Post(theirs, small.judges[2])])
    response = await (await site.visitor(small.judges[1])).get("/api/shift")
    (told,) = response.json()["events"]
    assert told["marked"] == {"B1.02": {small.codes[0]: ["J3"]}}
    assert told["marks"] == [] and theirs.id not in response.text


async def test_a_shift_is_told_again_when_something_has_changed(site: Site, small: Small) -> None:
    """With its tag a shift is answered 304, until a mark of the event arrives."""
    visitor = await site.visitor(small.judges[0])
    first = await visitor.get("/api/shift")
    tagged = {"if-none-match": first.headers["etag"]}
    assert (await visitor.get("/api/shift", headers=tagged)).status_code == 304
    await posted(small, [Post(mark((await small.event())["id"], small.codes[0], "B1.02", 300), small.judges[2])])
    again = await visitor.get("/api/shift", headers=tagged)
    assert again.status_code == 200 and again.headers["etag"] != first.headers["etag"]


async def test_a_cell_in_doubt_shows_what_it_holds(site: Site, small: Small) -> None:
    """Of a cell in conflict every mark is told that somebody may choose, with its tablet, and none that was settled before."""
    event, entry = (await small.event())["id"], small.codes[0]
    old, one, two = (
        mark(event, entry, "B1.01", value, device=device)
        for value, device in ((0, "T-OLD"), (500, "T-ONE"), (1000, "T-TWO"))
    )
    await posted(small, [Post(old, small.judges[1])])
    settled = mark(event, entry, "B1.01", 500, device="T-ONE", replaces=old.id)
    await posted(small, [Post(settled, small.judges[1]), Post(two, small.judges[1]), Post(one, small.judges[1])])
    (told,) = (await (await site.visitor(small.judges[1])).get("/api/shift")).json()["events"]
    found = told["doubts"][f"{entry} B1.01"]
    assert [(row["id"], row["value"], row["device"]) for row in found] == [
        (settled.id, 500, "T-ONE"),
        (two.id, 1000, "T-TWO"),
        (one.id, 500, "T-ONE"),
    ]


async def test_marks_are_stored_under_no_other_name(site: Site, small: Small) -> None:
    """A tablet that says whose marks it sends is refused whole when somebody else is signed in; the author's own are stored."""
    event = (await small.event())["id"]
    visitor = await site.visitor(small.judges[1])
    body = [{"id": mark(event, small.codes[0], "B1.02", 300).id, "event": str(event), "entry": small.codes[0]}]
    body[0] |= {"aspect": "B1.02", "value": 300, "device": "T", "counter": 1, "made_at": "2026-10-16T01:00:00Z"}  # type: ignore[dict-item]

    async def sent(judge: UUID) -> tuple[int, str]:
        answer = await visitor.post("/api/marks", json=body, headers={"x-podium-judge": str(judge)})
        said = answer.json()
        return answer.status_code, said.get("code") or said["answers"][0]["status"]

    assert await sent(small.judges[2]) == (409, "marks.other-judge")
    assert await sent(small.judges[1]) == (200, "stored")


async def test_a_page_never_mixes_two_versions(site: Site) -> None:
    """The shell names one version; modules of any other version are not to be had, and nobody's are kept by mistake."""
    visitor, made = await site.visitor(), tablet.build()
    assert f"/tablet/{made.version}/main.js" in (await visitor.get("/tablet")).text
    module = await visitor.get(f"/tablet/{made.version}/main.js")
    assert module.content == made.modules["main.js"] and "immutable" in module.headers["cache-control"]
    assert (await visitor.get("/tablet/000000000000/main.js")).status_code == 404
    assert (await visitor.get("/tablet/worker.js")).headers["service-worker-allowed"] == "/tablet"
