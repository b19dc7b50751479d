"""Open data: exactly what is published, inert, cacheable, explained."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from server.database.tables import Snapshot
from server.results.flow import canonical, snapshot_of
from server.results.pages import site_of
from tests.server.conftest import Site
from tests.server.small import brought, founded, number, row_of

SETS = ("results", "entries", "delegations")


async def test_open_data_is_what_is_published_and_nothing_else(site: Site) -> None:
    """Before the publication no row and no name; after it the lines of the snapshot, as CSV and as JSON, without anybody's
    number; a text that looks like a formula stays a text; who has a file already is told so, until there is another
    publication; the page explains every column that there is.
    """
    small, visitor = await brought(await founded(), "reviewed"), await site.visitor()
    api, page = f"/api/competitions/{small.slug}/open", f"/c/{small.slug}/data"
    names = [row_of(place).name for place in range(6)]
    before = [(await visitor.get(f"{api}/{one}")) for one in SETS] + [
        await visitor.get(f"{page}/{one}.csv") for one in SETS
    ]
    assert all(one.status_code == 200 for one in before)
    assert [one.json()["rows"] for one in before[:3]] == [[], [], []]
    assert not any(name in one.text for one in before for name in names)

    await brought(small, "published")
    snapshot = await snapshot_of((await small.event())["id"])
    assert snapshot is not None
    content = snapshot["content"]
    content["rows"][0]["members"][0]["unit"] = "=HYPERLINK(1)"
    content["rows"][0]["delegation"] = "@队"
    await Snapshot.update({Snapshot.content: canonical(content)}).where(Snapshot.id == snapshot["id"])
    tables = {
        one: csv.DictReader(io.StringIO((await visitor.get(f"{page}/{one}.csv")).text.removeprefix("\ufeff")))
        for one in SETS
    }
    rows = {one: list(table) for one, table in tables.items()}
    data = {one: (await visitor.get(f"{api}/{one}")).json()["rows"] for one in SETS}
    assert [(row["rank"], row["code"], row["names"]) for row in data["results"]] == [
        (line["rank"], line["code"], line["members"][0]["name"]) for line in content["rows"]
    ]
    assert data["results"][0]["total"] == f"{content['rows'][0]['total'] / 100:.2f}"
    assert sorted(row["name"] for row in rows["entries"]) == sorted(names) and len(rows["delegations"]) == 6
    for one in SETS:
        inert = [{k: v.removeprefix("'") for k, v in row.items()} for row in rows[one]]
        assert inert == [{k: "" if v is None else str(v) for k, v in row.items()} for row in data[one]]
    assert data["results"][0]["units"] == "=HYPERLINK(1)" and rows["results"][0]["units"] == "'=HYPERLINK(1)"
    assert rows["entries"][0]["delegation"] == "'@队"
    told = json.dumps([rows, data])
    assert not any(number(2 * n + 1) in told for n in range(6))

    for path, old in zip(
        [*(f"{api}/{one}" for one in SETS), *(f"{page}/{one}.csv" for one in SETS)], before, strict=True
    ):
        first = await visitor.get(path)
        again = await visitor.get(path, headers={"if-none-match": f'"x", {first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"") and "public" in first.headers["cache-control"]
        assert (first.headers.get("content-encoding") == "gzip") == (len(first.content) >= 500), path
        assert (await visitor.get(path, headers={"if-none-match": old.headers["etag"]})).status_code == 200
    pages = [await visitor.get(f"{api}/results", params={"limit": 4, "offset": at}) for at in (0, 4)]
    assert [row for one in pages for row in one.json()["rows"]] == data["results"]
    assert pages[0].headers["x-total-count"] == "6" and "offset=4" in pages[0].headers["link"]
    for one, asked in (
        ("results", {"delegation": "廊坊市"}),
        ("entries", {"q": "廊坊"}),
        ("delegations", {"q": "廊坊"}),
    ):
        (row,) = (await visitor.get(f"{api}/{one}", params=asked)).json()["rows"]
        assert row["delegation"] == "廊坊市"
    assert (await visitor.get(f"{api}/entries?event=M02")).json()["rows"] == []
    explained = (await visitor.get(f"{page}?lang=en", headers={"accept": "text/html"})).text
    assert all(f"<code>{name}</code>" in explained for one in SETS for name in data[one][0])
    assert (await visitor.get(f"{page}/marks.csv")).status_code == 404


async def test_a_public_page_is_kept_squeezed_and_described_until_it_changes(site: Site) -> None:
    """Who asks again is told that nothing has changed, in each language by itself, until there is something new; a long page
    is squeezed; search engines read what it is about, and where it is in the other language. What is one person's is kept by nobody,
    and what everybody may keep carries nobody's token.
    """
    small, visitor = await brought(await founded(), "reviewed"), await site.visitor()
    home = f"/c/{small.slug}"
    pages = ["/", home, f"{home}/results", f"{home}/results/M01", f"{home}/news", f"{home}/programme", f"{home}/data"]
    before = [await visitor.get(path) for path in pages]
    for path, first in zip(pages, before, strict=True):
        tag = first.headers["etag"]
        assert first.headers["cache-control"] == "public, no-cache" and first.headers["content-encoding"] == "gzip", (
            path
        )
        assert {"accept-language", "cookie", "accept-encoding"} <= {
            one.strip().lower() for one in first.headers["vary"].split(",")
        }
        again = await visitor.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        english = await visitor.get(path, headers={"if-none-match": tag, "accept-language": "en"})
        assert english.status_code == 200 and '<meta name="description" content="' in english.text
        assert f'hreflang="zh-CN" href="{site.app.state.settings.base_url}{path}?lang=zh"' in english.text

    await brought(small, "published")
    for path, old in zip(pages[1:4], before[1:4], strict=True):
        assert (await visitor.get(path, headers={"if-none-match": old.headers["etag"]})).status_code == 200, path
    for path in ("/lookup", "/verify"):
        assert "etag" not in (await visitor.get(path)).headers
    for path in (
        *pages,
        f"{home}/news.atom",
        f"{home}/programme.ics",
        f"{home}/data/results.csv",
        "/robots.txt",
        "/verify",
    ):
        visitor.cookies.clear()
        given = (await visitor.get(path)).headers.get("set-cookie", "")
        assert ("podium_csrf" in given) == (path == "/verify"), path


def test_the_foot_names_the_host_in_the_language_of_the_page() -> None:
    """Whoever reads English reads the host's English name below the page, and its own where it has none."""
    edition: dict[str, Any] = {"slug": "x", "name": "大赛", "name_en": "Contest", "edition": 1}
    named, unnamed = ([{"name": "组委会", "name_en": english, "role": "host"}] for english in ("Committee", ""))
    assert [site_of({**edition, "organisations": named}, lang)["organiser"] for lang in ("zh", "en")] == [
        "组委会",
        "Committee",
    ]
    assert site_of({**edition, "organisations": unnamed}, "en")["organiser"] == "组委会"
