"""The desk's page of the keys that sign: who sees it, who changes them, what stands there and in the trail."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from cryptography.hazmat.primitives.asymmetric import ec

from server.audit import verify
from server.database.tables import Certificate, RawAct
from server.issuing.keys import listed
from server.issuing.printing import keep_once
from server.people.flow import add_account
from server.settings import Authority
from server.superuser import make_superuser
from tests.certificates.signers import authority, of_an_authority, pkcs12_of
from tests.server.conftest import Site, Visitor
from tests.server.small import brought, founded

PASSWORD, PAGE = "correct horse battery", "/office/signing-keys"
WHY, PHRASE = "年度例行更换", "口令 12"


async def bring(visitor: Visitor, content: bytes, phrase: str = PHRASE, password: str = PASSWORD) -> tuple[int, str]:
    form = {"password": password, "reason": WHY, "passphrase": phrase}
    answer = await visitor.post(f"{PAGE}/bring", data=form, files={"file": ("key.p12", content)})
    return answer.status_code, answer.text


async def test_a_superuser_changes_the_keys_with_password_and_reason_and_everybody_sees_what_each_signed(
    site: Site, tmp_path: Path
) -> None:
    """Staff look and change nothing; a superuser rotates and brings a PKCS#12 file, refused without password, reason or the
    file's own passphrase; the page counts what each key signed, for staff of theirs alone; the trail holds and no page, trail or
    answer has the private half or a passphrase in it.
    """
    small, other = await brought(await founded(), "certified"), await founded("other")
    state = site.app.state
    account = await add_account("keeper", "沈超", PASSWORD)
    await make_superuser(account, datetime.now(UTC))
    staff, keeper = await site.visitor(small.staff.account), await site.visitor(account)
    stranger = await site.visitor(other.staff.account)
    files, credentials = await listed()
    rows = await Certificate.select()
    count = len(rows)
    assert {row["credential_key"] for row in rows} == {credentials["id"]}
    for number, row in enumerate(rows):  # as a press leaves them; the last was printed before its key was written down
        await keep_once(row, "", b"%PDF", tmp_path, files["id"] if number else "", datetime.now(UTC))

    page = (await staff.get(PAGE)).text
    assert (
        f"<b>{count}</b>" in page
        and f"<b>{count - 1}</b>" in page
        and "1 份没有记下" in page
        and 'name="password"' not in page
        and credentials["id"] in page
    )
    assert f"<b>{count}</b>" not in (await stranger.get(PAGE)).text
    assert PAGE in (await staff.get("/office")).text
    assert (await staff.post(f"{PAGE}/rotate", data={"password": PASSWORD, "reason": WHY})).json()[
        "code"
    ] == "access.role"

    for data, status in (({"password": PASSWORD, "reason": " "}, 422), ({"password": "guess", "reason": WHY}, 401),
                         ({"password": PASSWORD, "reason": "长" * 501}, 422)):  # fmt: skip
        assert (await keeper.post(f"{PAGE}/rotate", data=data)).status_code == status
    assert await listed() == [files, credentials]
    done = await keeper.post(f"{PAGE}/rotate", data={"password": PASSWORD, "reason": f" {WHY} "})
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?done=rotated")
    bought = of_an_authority(ec.generate_private_key(ec.SECP256R1()), "某职业技能鉴定中心")
    sealed = pkcs12_of(bought, PHRASE.encode())
    for content, phrase, status, said in ((sealed, "x", 422, "密码不对"), (b"", PHRASE, 422, "还没有选密钥文件"),
                                          (b"0" * 1_000_001, PHRASE, 413, "1000 KB"), (b"garbage", PHRASE, 422, "无法读取")):  # fmt: skip
        assert (code := await bring(keeper, content, phrase))[0] == status and said in code[1], said
    assert (await bring(keeper, sealed, password="guess"))[0] == 401
    assert (await bring(keeper, sealed))[0] == 303
    assert (await bring(keeper, sealed))[0] == 409

    clock = authority(at=datetime.now(UTC).replace(microsecond=0))
    state.settings = type(state.settings)(
        **{**vars(state.settings), "authority": Authority("http://u:pw@tsa.example.cn/x", clock.trust, True)}
    )
    page = (await keeper.get(PAGE)).text
    assert [(row["place"], row["signs"]) for row in await listed() if row["kind"] == "file"] == [
        ("file", True), ("here", False), ("here", False)
    ]  # fmt: skip
    assert (
        "某职业技能鉴定中心" in page
        and "PAdES B-LTA" in page
        and "http://tsa.example.cn/x" in page
        and "pw@" not in page
    )
    acts = await RawAct.select().where(RawAct.kind.like("keys.%")).order_by(RawAct.sequence).output(load_json=True)
    assert [(row["kind"], row["actor"], row["reason"]) for row in acts] == [
        ("keys.rotated", account, WHY), ("keys.brought", account, WHY)
    ]  # fmt: skip
    assert acts[1]["data"]["files"] == bought.fingerprint and page.count(WHY) == 2
    connection = await asyncpg.connect(site.dsn)
    assert (await verify(connection)).breaks == ()
    await connection.close()
    secret = bought.to_pem().decode().splitlines()[1]
    for text in (page, str(acts), *(one.read_text() for one in Path(state.settings.data).rglob("*.log"))):
        assert secret not in text and PHRASE not in text and "PRIVATE" not in text
