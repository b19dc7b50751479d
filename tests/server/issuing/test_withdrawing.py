"""A certificate out of force: revoked or replaced, once, for a reason, and everybody who verifies it reads so."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from server.database.tables import Certificate, Decision, Person, Revocation
from server.errors import Refusal
from server.issuing.lookup import find
from server.issuing.withdrawing import certificates_of, reissue, revoke
from server.verification.flow import by_number
from tests.server.conftest import Site
from tests.server.small import AT, BASE, SEALER, Small, brought, founded


@pytest.fixture
def small(certified: Small) -> Small:
    """Three winners have their certificates."""
    return certified


async def code(doing: Any) -> str:
    with pytest.raises(Refusal) as caught:
        await doing
    return caught.value.code


async def test_a_revoked_certificate_is_out_of_force_at_once(small: Small) -> None:
    """With a reason, once; whoever looks its number up reads on what ground and not the office's reason; the ledger knows who did it."""
    competition = await small.competition()
    number = (await certificates_of(competition["id"]))[0]["number"]
    assert await code(revoke(competition, number, "error", " ", small.supervisor, AT)) == "certificate.reason"
    assert await code(revoke(competition, number, "superseded", "x", small.supervisor, AT)) == "certificate.ground"
    done = await asyncio.gather(
        *(revoke(competition, number, "withdrawn", "使用违规设备", small.supervisor, AT) for _ in range(2)),
        return_exceptions=True,
    )
    assert [one.code for one in done if isinstance(one, Refusal)] == ["certificate.revoked"]
    told = await by_number(number, AT)
    assert (told.outcome, told.revoked and told.revoked["ground"]) == ("revoked", "withdrawn")
    assert "使用违规设备" not in str(told)
    (row,) = [one for one in await certificates_of(competition["id"]) if one["number"] == number]
    assert row["reason"] == "使用违规设备"
    assert await Decision.count().where(Decision.kind == "certificate.revoked") == 1
    assert await code(revoke(competition, "PD2026-999999", "error", "x", small.supervisor, AT)) == "not-found"


async def test_a_wrong_name_is_put_right_under_a_new_number(small: Small) -> None:
    """The new one follows the last number, says the new name and the same result; the old one says which replaces it; the person
    is called like that and finds it under that name."""
    competition = await small.competition()
    rows = await certificates_of(competition["id"])
    old = rows[0]
    names = {"name": "赵一一", "name_en": ""}

    async def put_right(number: str, **said: str) -> str:
        return await reissue(competition, number, {**names, **said}, "姓名有误", BASE, SEALER, small.supervisor, AT)

    assert await code(put_right(old["number"], name=old["content"]["name"])) == "certificate.name"
    assert await code(put_right(old["number"], name="李㸚")) == "certificate.unprintable"
    assert await Certificate.count() == 3, "what was refused took no number"
    new = await put_right(old["number"])
    assert new == "PD2026-000004"
    said = {row["number"]: row for row in await certificates_of(competition["id"])}
    assert (said[old["number"]]["replaced_by"], said[new]["content"]["name"]) == (new, "赵一一")
    same = ("award", "event", "score", "rank", "date")
    assert [said[new]["content"][name] for name in same] == [old["content"][name] for name in same]
    assert said[new]["token"] != old["token"] and said[new]["content"]["verify_url"].endswith(said[new]["token"])
    person = await Person.select().where(Person.name == "赵一一").first()
    assert person
    document = SEALER.open(bytes(person["document_sealed"]), f"document:{person['id']}")
    assert (await find("赵一一", document[-6:], "1", SEALER, AT))["id"] == person["id"]
    assert await code(put_right(old["number"])) == "certificate.revoked"


async def test_the_desk_finds_downloads_and_corrects(site: Site) -> None:
    """Staff find a winner, take the list and the files home; a supervisor corrects a name on the page and is led to the new one."""
    small = await brought(await founded("desk"), "certified")
    staff, supervisor = [await site.visitor(one.account) for one in (small.staff, small.supervisor)]
    desk = f"/office/{small.slug}/certificates"
    rows = await certificates_of((await small.competition())["id"])
    shown = (await staff.get(desk, params={"find": rows[1]["content"]["name"]})).text
    assert rows[1]["number"] in shown and rows[0]["number"] not in shown
    book = load_workbook(io.BytesIO((await staff.get(f"{desk}/list.xlsx")).content)).active
    assert book is not None and book.max_row == 3 + len(rows)
    assert (await staff.get(f"{desk}/files.zip")).status_code == 404, "nothing is printed yet"
    folder = site.app.state.settings.data / "certificates" / small.slug
    folder.mkdir(parents=True)
    for row in rows[:2]:
        (folder / f"{row['number']}.pdf").write_bytes(b"%PDF-" + row["number"].encode())
        await Certificate.update({Certificate.printed: AT}).where(Certificate.number == row["number"])
    archive = zipfile.ZipFile(io.BytesIO((await staff.get(f"{desk}/files.zip")).content))
    assert archive.testzip() is None
    assert archive.namelist() == [f"M01/{row['number']}-{row['content']['name']}.pdf" for row in rows[:2]]
    act = f"{desk}/{rows[0]['number']}/reissue"
    typed = {"name": "赵正名", "name_en": "", "reason": "姓名有误"}
    assert act not in (await staff.get(f"{desk}/{rows[0]['number']}")).text
    assert (await staff.post(act, data=typed)).status_code == 403
    again = await supervisor.post(act, data={**typed, "reason": ""})
    assert again.status_code == 422 and "赵正名" in again.text
    done = await supervisor.post(act, data=typed)
    assert done.status_code == 303
    page = await supervisor.get(done.headers["location"])
    assert "赵正名" in page.text and rows[0]["number"] in page.text
    assert (
        json.loads(await Revocation.select(Revocation.replaced_by).output(as_json=True))[0]["replaced_by"] in page.text
    )
