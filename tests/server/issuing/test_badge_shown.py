"""A winner's badge is the second thing by which they are known: alone it opens nothing, without it the most private stays shut."""

from __future__ import annotations

import io
import re

import pypdfium2
import zxingcpp

from server.database.tables import Certificate, Decision, Person
from server.issuing.withdrawing import certificates_of, revoke
from server.registration.badges import members_with_badges
from tests.server.conftest import Site
from tests.server.small import AT, BASE, SEALER, brought, founded

EN = {"accept-language": "en", "accept": "text/html"}
WRONG = ("x", "PB" + "A" * 41, "PB" + "A" * 43, "PJ" + "A" * 42, "PB" + "0" * 42, "%E2%80%AE" + "A" * 44, "A" * 900)


def codes_on(pdf: bytes) -> list[str]:
    """What a phone reads off the sheets."""
    pages = [page.render(scale=150 / 72).to_pil() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]
    return [code.text for page in pages for code in zxingcpp.read_barcodes(page)]


async def test_what_a_name_a_number_and_a_badge_open(site: Site) -> None:
    """Until badges are made a name and a number open everything. Then a skill level's file and the links want the badge; who finds
    one learns nothing; another's does not help; one that was lost is replaced, and the old one ends at once, but for the door. A file that is out of force is given to nobody."""
    small = await brought(await founded("shown"), "certified")
    competition = await small.competition()
    rows = (await certificates_of(competition["id"]))[:2]
    await Certificate.update({Certificate.kind: "level"}).where(Certificate.number == rows[0]["number"])
    folder = site.app.state.settings.data / "certificates" / small.slug
    folder.mkdir(parents=True)
    for row in rows:
        (folder / f"{row['number']}.pdf").write_bytes(b"%PDF-" + row["number"].encode())
        await Certificate.update({Certificate.printed: AT}).where(Certificate.number == row["number"])
    level, award = (f"/mine/{row['number']}.pdf" for row in rows)
    first, second = (row["content"]["name"] for row in rows)
    sixes = {
        row["name"]: SEALER.open(bytes(row["document_sealed"]), f"document:{row['id']}")[-6:]
        for row in await Person.select()
    }
    winner, other, finder = [await site.visitor() for _ in range(3)]
    for visitor, name in ((winner, first), (other, second)):
        assert (await visitor.post("/lookup", data={"name": name, "last_six": sixes[name]})).status_code == 303
    assert (await winner.get(level)).status_code == 200 and 'id="links"' in (await winner.get("/mine")).text

    staff = await site.visitor(small.staff.account)
    read = codes_on((await staff.get(f"/office/{small.slug}/events/M01/badges.pdf")).content)
    members = {row["token"]: row for row in await members_with_badges(competition["id"], SEALER)}
    theirs = {members[code.removeprefix(f"{BASE}/b/")[:28]]["name"]: code.removeprefix(BASE) for code in read}
    assert len(theirs) == len(read) == 6
    assert read == codes_on((await staff.get(f"/office/{small.slug}/events/M01/badges.pdf")).content)

    async def shut() -> bool:
        """Whether the winner's file and links are."""
        page, file = await winner.get("/mine", headers=EN), await winner.get(level, headers=EN)
        link = await winner.post("/mine/links", data={"label": "甲厂", "number": ""})
        answers = ('id="links"' not in page.text, file.status_code == 403, link.status_code == 403)
        assert len(set(answers)) == 1 and first in page.text and rows[0]["number"] in page.text
        return answers[0]

    assert await shut() and (await other.get(award)).status_code == 200, "what was published stays open"
    found = await finder.get(theirs[first], headers=EN)
    assert (found.status_code, found.headers["location"]) == (303, "/lookup")
    page = (await finder.get("/lookup", headers=EN)).text
    assert "A badge was read" in page and first not in page and rows[0]["number"] not in page
    assert (await finder.get("/mine")).headers["location"] == "/lookup" and (await finder.get(level)).status_code == 404
    invented = await finder.get("/b/PB" + "A" * 42, headers=EN)
    assert (invented.status_code, invented.headers["location"]) == (303, "/lookup"), "told no less than of a true one"
    assert {(await finder.get(f"/b/{wrong}")).status_code for wrong in WRONG} == {404}

    assert (await winner.get(theirs[second])).headers["location"] == "/mine"
    assert await shut() and "not yours" in (await winner.get("/mine", headers=EN)).text
    await winner.get(theirs[first])
    assert not await shut()

    desk, number = (
        f"/office/{small.slug}/badges/lost",
        next(m["number"] for m in members.values() if m["name"] == first),
    )
    assert (await staff.post(desk, data={"number": number, "name": second})).status_code == 404
    (new,) = codes_on((await staff.post(desk, data={"number": number.lower(), "name": ""})).content)
    assert await shut() and "replaced" in (await winner.get("/mine", headers=EN)).text
    new = new.removeprefix(BASE)
    assert new[: len("/b/") + 28] == theirs[first][: len("/b/") + 28] and new != theirs[first]
    await winner.get(new)
    assert not await shut()

    assert (await winner.post("/mine/links", data={"label": "乙厂", "number": rows[0]["number"]})).status_code == 303
    (secret,) = re.findall(r"value=\"[^\"]*(/s/[\w-]{32})\"", (await winner.get("/mine")).text)[:1]
    assert (await finder.get(f"{secret}/{rows[0]['number']}.pdf")).status_code == 200, (
        "who was given a link needs no badge"
    )
    await revoke(competition, rows[0]["number"], "result", "成绩更正", small.supervisor, AT)
    assert (
        "Revoked" in (await finder.get(secret, headers=EN)).text
        and "Revoked" in (await winner.get("/mine", headers=EN)).text
    )
    assert [
        (await one.get(file)).status_code
        for one, file in ((winner, level), (finder, f"{secret}/{rows[0]['number']}.pdf"))
    ] == [404, 404]

    act = await Decision.select().where(
        (Decision.competition == competition["id"]) & (Decision.kind == "badge.replaced")
    )
    assert len(act) == 1 and new[-16:] not in str(act)
    assert (await winner.post("/lookup/away")).status_code == 303
    assert (await winner.get("/mine")).headers["location"] == "/lookup" and "podium_badge" not in winner.cookies
