"""The raw tables: who gets in, what is not there, what cannot be written, and what is written down of it all."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from admin.raw import shown
from server.audit import verify
from server.database.tables import ALL, Account, HeadingMapping, Mark, RawAct, RawOpening
from server.people.flow import add_account
from server.registration.sending import delegations_of
from server.superuser import OPEN_FOR, make_superuser, unmake_superuser
from tests.server.conftest import Site, Visitor
from tests.server.small import Small, brought, founded

PASSWORD = "correct horse battery"
RAW, TABLES = "/office/raw", "/office/raw/tables"
SECRET = {"password_hash", "hash", "digest", "token", "secret", "sealed", "phone_sealed", "document_sealed", "codes"}
WHY = "学校改名，代表队的表头要清一清"


@pytest.fixture(scope="module")
async def small(site: Site) -> Small:
    """A competition with marks, nothing of which is decoded."""
    return await brought(await founded(), "sealed")


@pytest.fixture(scope="module")
async def superuser(site: Site, small: Small) -> UUID:
    """An account that was named a superuser on the machine."""
    account = await add_account("super", "沈超", PASSWORD)
    await make_superuser(account, datetime.now(UTC))
    return account


async def opened(site: Site, account: UUID, why: str = WHY) -> Visitor:
    visitor = await site.visitor(account)
    answer = await visitor.post(RAW, data={"password": PASSWORD, "reason": why})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TABLES}/")
    return visitor


async def acts(kind: str = "") -> list[dict[str, Any]]:
    rows = await RawAct.select().order_by(RawAct.sequence).output(load_json=True)
    return [row for row in rows if row["kind"] == kind or not kind]


async def changed_row(visitor: Visitor, table: str, row: Any, **values: Any) -> httpx.Response:
    held = (await visitor.get(f"{TABLES}/api/tables/{table}/{row}/")).json()
    held.pop("id", None)
    return await visitor.patch(f"{TABLES}/api/tables/{table}/{row}/", json={**held, **values})


def test_every_table_is_decided_on() -> None:
    """Whoever adds a table says whether a superuser sees it, and which of its columns not; none is shown by forgetting."""
    assert set(shown.SHOWN) | set(shown.HIDDEN) == set(ALL)
    assert not set(shown.SHOWN) & set(shown.HIDDEN)
    for table, left_out in shown.SHOWN.items():
        assert set(left_out.split()) <= {column._meta.name for column in table._meta.columns}, table


async def test_they_open_to_a_superuser_with_password_and_reason_in_one_session(
    site: Site, small: Small, superuser: UUID
) -> None:
    """Not to an organiser, not to a judge who is one, not without password or reason, not in another session, not for longer
    than half an hour, and not after the superuser was unmade.
    """
    organiser = await site.visitor(small.staff.account)
    assert (await organiser.get(RAW)).json()["code"] == "access.role"
    assert (await organiser.get(f"{TABLES}/api/tables/mark/")).json()["code"] == "access.role"
    await make_superuser(small.judges[1], datetime.now(UTC))
    judge = await site.visitor(small.judges[1])
    assert (await judge.get(RAW)).json()["code"] == "access.role"

    visitor = await site.visitor(superuser)
    assert (await visitor.get(f"{TABLES}/")).headers["location"] == RAW
    assert (await visitor.get(f"{TABLES}/api/tables/mark/")).json()["code"] == "raw.closed"
    for data in ({"password": PASSWORD, "reason": " "}, {"password": "wrong", "reason": WHY}):
        assert (await visitor.post(RAW, data=data)).status_code in (401, 422)
    assert (await visitor.get(f"{TABLES}/api/tables/mark/")).status_code == 401

    visitor = await opened(site, superuser)
    page = await visitor.get(f"{TABLES}/")
    assert page.status_code == 200 and WHY in page.text and "script-src" not in page.headers["content-security-policy"]
    for address in re.findall(rf'"({TABLES}/assets/[^"]+)"', page.text):
        assert (await visitor.get(address)).status_code == 200
    assert (await visitor.get(f"{TABLES}/api/tables/mark/")).status_code == 200
    elsewhere = await site.visitor(superuser)
    assert (await elsewhere.get(f"{TABLES}/api/tables/mark/")).status_code == 401
    await opened(site, superuser, "又一次")
    assert (await visitor.get(f"{TABLES}/api/tables/mark/")).status_code == 401
    visitor = await opened(site, superuser)
    long_ago = {RawOpening.until: datetime.now(UTC) - timedelta(seconds=1)}
    await RawOpening.update(long_ago).where(RawOpening.closed.is_null())  # type: ignore[arg-type]
    assert (await visitor.get(f"{TABLES}/api/tables/mark/")).status_code == 401
    visitor = await opened(site, superuser)
    await unmake_superuser(superuser, datetime.now(UTC))
    assert (await visitor.get(f"{TABLES}/api/tables/mark/")).status_code == 401
    await make_superuser(superuser, datetime.now(UTC))
    assert timedelta(minutes=30) == OPEN_FOR


async def test_what_is_secret_is_not_there_and_nothing_answers_500(site: Site, small: Small, superuser: UUID) -> None:
    """Every shown table is read as its page reads it; a hidden column cannot be read, filtered, sorted or asked about; hidden
    tables, piccolo_admin's own doors and whatever else it serves are not there.
    """
    visitor = await opened(site, superuser)
    told = (await visitor.get(f"{TABLES}/api/tables/")).json()
    assert {"mark", "person", "organiser"} <= set(told) and not {"session", "place", "signing_key", "judge_pin"} & set(
        told
    )
    for table in told:
        more = ("count/", "ids/?limit=5", "references/", "new/") if table in ("mark", "account") else ()
        for what in ("schema/", "?__page=1&__readable=true", *more):
            answer = await visitor.get(f"{TABLES}/api/tables/{table}/{what}")
            assert answer.status_code == 200, (table, what, answer.text)
            if what == "schema/":
                assert not set(answer.json()["properties"]) & SECRET, table
    row = (await visitor.get(f"{TABLES}/api/tables/account/?login=super&login__match=exact")).json()["rows"][0]
    assert set(row) == {"id", "login", "name", "active"}
    asked = [
        *("account/?password_hash=a", "account/?__order=password_hash", "account/?__visible_fields=password_hash"),
        *("person/?document_sealed=a", "mark/?__order=event.scheme", "mark/?__visible_fields=judge.password_hash"),
        *("mark/?value=99999999999999", "mark/?value=x", "mark/?__page_size=x", "event/zz/", "mark/%00/"),
    ]
    answers = {one: await visitor.get(f"{TABLES}/api/tables/{one}") for one in asked}
    assert {
        one: answer.status_code for one, answer in answers.items() if answer.status_code not in (400, 404, 422)
    } == {}
    closed = [
        "api/tables/session/",
        "api/tables/place/",
        "api/openapi.json",
        "api/docs/",
        "public/docs/",
        "public/login/",
    ]
    for address in [
        *closed,
        "public/logout/",
        "api/change-password/",
        "api/media/",
        "openapi.json",
        "assets/../index.html",
    ]:
        for method in ("GET", "POST"):
            answer = await visitor.request(method, f"{TABLES}/{address}")
            assert answer.status_code in (404, 405), (method, address, answer.status_code)


async def test_a_ledger_s_rows_are_read_only_and_a_change_elsewhere_is_written_down(
    site: Site, small: Small, superuser: UUID
) -> None:
    """No way of writing reaches a table that a ledger rules. Elsewhere a row is changed after it was looked at, not over
    somebody else's change, without its key and its owner; the row in the trail says what it was and what it is.
    """
    visitor = await opened(site, superuser)
    mark = await Mark.select().first()
    api = f"{TABLES}/api/tables"
    assert (await visitor.get(f"{api}/mark/{mark['id']}/")).json()["value"] == mark["value"]
    for method in ("PUT", "PATCH", "DELETE", "POST"):
        for where in (
            f"mark/{mark['id']}/",
            "mark/",
            "promotion/",
            "snapshot/",
            "certificate/",
            "decision/",
            "raw_act/",
        ):
            answer = await visitor.request(method, f"{api}/{where}", json={"value": 0})
            assert answer.json()["code"] == "raw.read-only", (method, where)
    assert (await Mark.select().where(Mark.id == mark["id"]).first()) == mark

    (delegation, *_) = await delegations_of(await small.competition())
    made = await visitor.post(
        f"{api}/heading_mapping/", json={"delegation": str(delegation["id"]), "heading": "学校", "field": "unit"}
    )
    assert made.status_code == 201
    row = made.json()[0]["id"]
    unseen = {"delegation": str(delegation["id"]), "heading": "单位", "field": "unit"}
    assert (await visitor.patch(f"{api}/heading_mapping/{row}/", json=unseen)).json()["code"] == "raw.changed-meanwhile"
    assert (await changed_row(visitor, "heading_mapping", row, heading="单位")).status_code == 200
    (other, *_) = [one for one in await delegations_of(await small.competition()) if one["id"] != delegation["id"]]
    assert (await changed_row(visitor, "heading_mapping", row, delegation=str(other["id"]))).json()[
        "code"
    ] == "raw.fixed-column"
    assert (await changed_row(visitor, "heading_mapping", row, delegation=None)).status_code == 422
    await visitor.get(f"{api}/heading_mapping/{row}/")
    await HeadingMapping.update({HeadingMapping.field: "name"}).where(HeadingMapping.id == row)
    assert (await visitor.patch(f"{api}/heading_mapping/{row}/", json=unseen)).json()["code"] == "raw.changed-meanwhile"
    keyed = {"id": str(superuser), "heading": "单位"}
    assert (await visitor.patch(f"{api}/heading_mapping/{row}/", json=keyed)).json()["code"] == "raw.unreadable"
    assert (await visitor.put(f"{api}/heading_mapping/{row}/", json=unseen)).json()["code"] == "raw.read-only"
    await visitor.get(f"{api}/heading_mapping/{row}/")
    assert (await visitor.delete(f"{api}/heading_mapping/{row}/")).status_code == 204
    assert not await HeadingMapping.exists().where(HeadingMapping.id == row)
    assert (await changed_row(visitor, "account", superuser, active=False)).json()["code"] == "raw.own-account"
    assert (await changed_row(visitor, "account", small.judges[2], login="super")).status_code == 422
    for body in (b"", b"[]", b"{", json.dumps({"password_hash": "x"}).encode(), b"x" * 1_000_001):
        answer = await visitor.request("PATCH", f"{api}/organiser/{row}/", content=body)
        assert answer.json()["code"] == "raw.unreadable"
    assert (await Account.select().where(Account.id == superuser).first())["active"]

    changed = [(act["kind"], act["data"]["before"].get("heading"), act["data"]["after"].get("heading")) for act in await acts() if act["row"] == row and act["kind"] != "row.seen"]  # fmt: skip
    assert changed == [("row.added", None, "学校"), ("row.changed", "学校", "单位"), ("row.deleted", "单位", None)]
    assert any(act["row"] == mark["id"] for act in await acts("row.seen"))
    no_token = await httpx.AsyncClient(transport=visitor._transport, base_url=visitor.base_url, cookies=visitor.cookies).delete(f"{api}/saved_view/{row}/")  # fmt: skip
    assert no_token.status_code == 403
    page = (await visitor.get(f"{RAW}/openings/{(await acts('row.deleted'))[0]['opening']}")).text
    assert "单位" in page and WHY in page and mark["id"] in page
    assert "沈超" in (await visitor.get(RAW)).text


async def test_the_trail_cannot_be_rewritten_unseen(site: Site, superuser: UUID) -> None:
    """The database refuses it; who goes around that is found by `podium audit verify`."""
    await opened(site, superuser)
    connection = await asyncpg.connect(site.dsn)
    try:
        audit = await verify(connection)
        assert audit.raw == len(await acts()) > 3 and audit.breaks == ()
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await connection.execute("UPDATE raw_act SET reason = 'x'")
        await connection.execute("ALTER TABLE raw_act DISABLE TRIGGER USER")
        await connection.execute("UPDATE raw_act SET reason = 'x' WHERE sequence = 2")
        (broken, *_) = (await verify(connection)).breaks
        assert (broken.ledger, broken.sequence) == ("raw", 2)
    finally:
        await connection.close()
