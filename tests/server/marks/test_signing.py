"""Tablets that are known, PINs, and signatures: who may sign in where, what a signature names, and when it holds no longer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from ulid import ULID

from scoring.language.checking import SigningRule
from server.audit import verify
from server.database.tables import Decision, Device, Session, Signature
from server.errors import Refusal
from server.marks import devices, signature_ledger, signing
from server.marks.batch import Post
from server.marks.board import board_of
from server.marks.device_state import AWAY, BATTERY, GONE, LONG, QUIET, UNSENT, state_of
from server.marks.flow import current_rows
from server.marks.signing import may_seal_signed, sheet_hash, signatures_of
from server.people.pins import weak
from server.registration.badges import JUDGE, token
from tests.server.conftest import Site, Visitor
from tests.server.small import AT, SEALER, Small, brought, founded, mark, opened, owed_marks, posted

PIN = "274913"
DRAWN = [[[10, 20], [500, 480], [900, 100]]]


async def paired(site: Site, small: Small) -> tuple[Visitor, dict[str, str]]:
    """A tablet that the office has paired with the event, with nobody signed in on it."""
    tablet = await site.visitor()
    code = await devices.make_code(await small.event(), small.staff, datetime.now(UTC))
    told = (await tablet.post("/api/tablet/pair", json={"code": f" {code[:4].lower()}-{code[4:]}"})).json()
    return tablet, {"x-podium-device": told["secret"]}


async def row_here(small: Small) -> dict[str, Any]:
    """The first tablet of the competition, as the server knows it."""
    return (await devices.devices_of((await small.competition())["id"]))[0]


async def test_a_judge_signs_in_on_a_paired_tablet_with_seat_or_badge_and_pin(site: Site) -> None:
    """Only there, only with the right PIN; wrong ones make everybody wait; a revoked tablet opens to nobody, and its sessions end at once.
    Silence, an empty battery and a mark that waits on it are on the chief's board, and worry only while they should."""
    small = await brought(await founded("pins"), "marking")
    judge = await site.visitor(small.judges[1])
    for pin, code in (
        ("12345", "pin.weak"),
        ("111111", "pin.weak"),
        ("345678", "pin.weak"),
        ("２７４９１３", "pin.weak"),
    ):
        assert (await judge.post("/api/tablet/pin", json={"pin": pin})).json()["code"] == code
    assert (await judge.post("/api/tablet/pin", json={"pin": PIN})).status_code == 200
    assert (await judge.post("/api/tablet/pin", json={"pin": "905127", "before": "905127"})).json()[
        "code"
    ] == "pin.wrong"
    tablet, shows = await paired(site, small)
    here = {"who": "J2", "pin": PIN}
    assert (await tablet.post("/api/tablet/session", json=here)).json()["code"] == "device.unknown"
    badge = token(JUDGE, (await small.competition())["id"], small.judges[1], SEALER)
    for who in ("j2", badge):
        assert (await tablet.post("/api/tablet/session", json={**here, "who": who}, headers=shows)).status_code == 200
        assert (await tablet.get("/api/shift")).json()["account"] == str(small.judges[1])
    seen = {"version": "abc", "unsent": 3, "battery": 41}
    assert (await tablet.post("/api/tablet/seen", json=seen, headers=shows)).json() == {"number": 1}
    row = (await devices.devices_of((await small.competition())["id"]))[0]
    assert (row["number"], row["unsent"], row["battery"], row["account"], row["event_code"]) == (
        1,
        3,
        41,
        small.judges[1],
        "M01",
    )
    waiting = [str(ULID()), str(ULID())]
    for oldest, told in ((waiting[0], seen), (waiting[0], {**seen, "battery": 9}), ("x", {**seen, "oldest": "x"})):
        answer = await tablet.post("/api/tablet/seen", json={"oldest": oldest, **told}, headers=shows)
        assert answer.status_code == (422 if oldest == "x" else 200)
    first = await row_here(small)
    assert first["waits"] is not None and state_of(first, first["seen"]).worries == (BATTERY,)
    assert state_of(first, first["seen"] + QUIET).worries == (BATTERY,)
    assert state_of(first, first["seen"] + QUIET + timedelta(seconds=1)).worries == (AWAY, BATTERY)
    there = {**first, "seen": first["waits"] + LONG}
    assert state_of(there, there["seen"]).worries == (UNSENT, BATTERY)
    assert state_of({**there, "charging": True}, there["seen"]).worries == (UNSENT,)
    assert state_of({**there, "unsent": 0, "account": None, "battery": 90}, there["seen"] + GONE).worries == ()
    assert state_of({**there, "revoked": AT}, there["seen"]).worries == ()
    board = await board_of(await small.event(), first["seen"] + timedelta(minutes=9))
    assert [(one["number"], one["seat"], one["silent"], one["worries"]) for one in board["tablets"]] == [
        (1, "J2", 9, [AWAY, BATTERY])
    ]
    chief = await site.visitor(small.judges[0])
    shown = (await chief.get(f"/tablet/{small.slug}/M01/board")).text
    assert 'data-worry="1"' in shown and "9%" in shown.split('data-device="1"')[1]
    await tablet.post("/api/tablet/seen", json={**seen, "unsent": 2, "oldest": waiting[1]}, headers=shows)
    assert (await row_here(small))["waits"] > first["waits"], "another mark has not waited yet"
    await tablet.post("/api/tablet/seen", json={**seen, "unsent": 0, "oldest": ""}, headers=shows)
    assert (await row_here(small))["waits"] is None
    for who, code in (("J9", "pin.wrong"), ("PJXXXX", "pin.wrong"), ("J1", "pin.none")):
        answer = await tablet.post("/api/tablet/session", json={"who": who, "pin": PIN}, headers=shows)
        assert answer.json()["code"] == code
    codes = [
        (await tablet.post("/api/tablet/session", json={"who": "J2", "pin": "000001"}, headers=shows)).json()["code"]
        for _ in range(7)
    ]
    assert codes[0] == "pin.wrong" and codes[-1] == "sign-in.wait"
    assert (await tablet.post("/api/tablet/session", json=here, headers=shows)).status_code == 429
    office = await site.visitor(small.staff.account)
    assert (await tablet.get("/api/shift")).status_code == 200
    gone = {"act": "revoke", "device": str(row["id"]), "_csrf_token": office.cookies["podium_csrf"]}
    assert (await office.post(f"/office/{small.slug}/tablets", data=gone)).status_code == 303
    assert (await tablet.get("/api/shift")).status_code == 401, "at once, not when it is looked up again"
    assert not await Session.exists().where(Session.device == row["id"])
    assert (await tablet.post("/api/tablet/seen", json=seen, headers=shows)).json()["code"] == "device.unknown"
    assert (await tablet.post("/api/tablet/pair", json={"code": "22222222"})).json()["code"] == "device.code"
    await paired(site, small)
    assert await Device.count().where(Device.competition == (await small.competition())["id"]) == 2


# ---------- signatures ----------


async def key_of(visitor: Visitor) -> str:
    """The server's public key, as the shift has it."""
    return str((await visitor.get("/api/shift")).json()["pin"]["key"])


def boxed(public: str, pin: str, about: str) -> str:
    """A box with a PIN, as a tablet makes it."""
    own = ec.generate_private_key(ec.SECP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes.fromhex(public))
    key = HKDF(SHA256(), 32, salt=point, info=b"podium/pin-box-1").derive(own.exchange(ec.ECDH(), server))
    return (point + AESGCM(key).encrypt(bytes(12), pin.encode(), about.encode())).hex()


async def sheet(small: Small, entry: str, judge: UUID, role: str = "judge") -> list[list[Any]]:
    """The marks of a sheet as they are now, in the order of the scheme."""
    event = await small.event()
    rows = sorted(await current_rows(event["id"]), key=lambda row: row["sequence"])
    mine = {r["aspect"]: r for r in rows if r["entry"] == entry and (r["judge"] == judge or r["aspect"] == "A1.01")}
    asked = ("A1.01", "B1.01", "B1.02") if role == "judge" else ("A1.01",)
    return [[one, mine[one]["id"], mine[one]["value"], mine[one]["round"]] for one in asked if one in mine]


async def signature(small: Small, key: str, entry: str, judge: UUID, pin: str = PIN, **more: Any) -> dict[str, Any]:
    """A signature under a sheet, whole unless a test spoils it."""
    event, id, role = (await small.event())["id"], str(ULID()), more.get("role", "judge")
    marks = more.get("marks") or await sheet(small, entry, judge, role)
    said = sheet_hash(role, event, entry, judge, marks).hex()
    return {
        "id": id, "event": str(event), "entry": entry, "role": role, "marks": marks, "drawing": DRAWN, "device": "T-7",
        "counter": 1, "made_at": AT.isoformat(), "box": boxed(key, pin, f"{id} {said}") if role == "judge" else "", **more,
    }  # fmt: skip


async def sent(visitor: Visitor, *posts: dict[str, Any]) -> list[str]:
    """What became of each: stored, duplicate, or why it was refused."""
    answers = (await visitor.post("/api/signatures", json=list(posts))).json()["answers"]
    return [one.get("code") or ("void" if one.get("conflict") else one["status"]) for one in answers]


async def complete(site: Site, slug: str) -> tuple[Small, list[Visitor], str]:
    """Every mark is there, every judge has a PIN and a tablet."""
    small = await brought(await founded(slug), "marking")
    await posted(small, owed_marks(small, (await small.event())["id"]))
    visitors = [await site.visitor(account) for account in small.judges]
    for visitor in visitors:
        assert (await visitor.post("/api/tablet/pin", json={"pin": PIN})).status_code == 200
    return small, visitors, await key_of(visitors[0])


async def test_a_signature_names_the_sheet_and_a_later_mark_voids_it(site: Site) -> None:
    """Stored once, held by the hash of the very marks; another mark of that sheet voids it, a new signature holds again,
    and the auditor finds a row that was put under another sheet."""
    small, (_, visitor, _), key = await complete(site, "signed")
    entry, judge, event = small.codes[0], small.judges[1], await small.event()
    first = await signature(small, key, entry, judge)
    assert await sent(visitor, first) == ["stored"] and await sent(visitor, first) == ["duplicate"]
    told = (await visitor.get("/api/shift")).json()["events"][0]["signing"]
    assert told["open"] and told["mine"][entry][0] is True and told["contestants"] == {}
    written = (
        await Decision.select()
        .where(Decision.kind == "sheet.signed")
        .order_by(Decision.sequence)
        .output(load_json=True)
    )
    assert [row["data"]["sheet"] for row in written if row["event"] == event["id"]] == [
        sheet_hash("judge", event["id"], entry, judge, first["marks"]).hex()
    ]
    row = next(iter(await Signature.select().where(Signature.id == first["id"])))
    assert b"500" not in bytes(row["drawing"])
    was = next(one for one in first["marks"] if one[0] == "B1.01")
    changed = mark(event["id"], entry, "B1.01", 0 if was[2] else 500, replaces=was[1])
    await posted(small, [Post(changed, judge)])
    found = await signatures_of(event)
    assert not found.holds(entry, judge) and found.unsigned(judge) == len(small.codes)
    assert (await visitor.get("/api/shift")).json()["events"][0]["signing"]["mine"][entry][0] is False
    late = await signature(small, key, entry, judge, marks=first["marks"])
    assert await sent(visitor, late) == ["void"], "it was given, and says that it holds no longer"
    assert await sent(visitor, await signature(small, key, entry, judge)) == ["stored"]
    assert (await signatures_of(event)).holds(entry, judge)
    connection = await asyncpg.connect(site.dsn)
    try:
        assert (await verify(connection)).breaks == ()
        await connection.execute("UPDATE signature SET entry = $2 WHERE id = $1", first["id"], small.codes[1])
        assert [one.row for one in (await verify(connection)).breaks] == [first["id"]]
    finally:
        await connection.close()


async def test_what_is_no_signature_is_refused(site: Site) -> None:
    """A wrong PIN, a PIN typed for another sheet, marks that are not there or not that sheet's, a part of a sheet, somebody
    else's marks, a contestant who is not asked, an unknown event: refused each for itself, and the good one is stored."""
    small, (_, visitor, _), key = await complete(site, "unsigned")
    one, two, judge = small.codes[0], small.codes[1], small.judges[1]
    good, other = await signature(small, key, one, judge), await signature(small, key, two, judge)
    whole = await sheet(small, one, judge)
    theirs = await sheet(small, one, small.judges[2])
    posts = [
        (await signature(small, key, one, judge, "838383"), "signature.pin"),
        ({**good, "id": str(ULID())}, "signature.pin"),
        ({**good, "id": str(ULID()), "box": other["box"]}, "signature.pin"),
        (await signature(small, key, one, judge, box="00"), "signature.pin"),
        (await signature(small, key, one, judge, marks=whole[:2]), "signature.incomplete"),
        (await signature(small, key, one, judge, marks=[*whole[:2], [*whole[2][:2], 0, 9]]), "signature.other-marks"),
        (await signature(small, key, one, judge, marks=theirs), "signature.other-marks"),
        (await signature(small, key, two, judge, marks=whole), "signature.other-marks"),
        (await signature(small, key, one, judge, role="contestant"), "signature.not-asked"),
        (await signature(small, key, "W-99", judge, marks=whole), "signature.not-asked"),
        (good, "stored"),
        ({**good, "marks": whole[:2]}, "signature.pin"),
    ]
    assert await sent(visitor, *(post for post, _ in posts[:4])) == [code for _, code in posts[:4]]
    assert await sent(visitor, *(post for post, _ in posts[4:-1])) == [code for _, code in posts[4:-1]]
    assert await sent(visitor, {**good, "marks": whole[:2]}) == ["mark.id-reused"]
    spoilt = [{**good, "drawing": []}, {**good, "drawing": [[[0, 0]]]}, {**good, "drawing": [[[0, 0], [1001, 0]]]}]
    for post in spoilt:
        assert (await visitor.post("/api/signatures", json=[post])).status_code in (400, 422)
    assert await Signature.count().where(Signature.event == (await small.event())["id"]) == 1
    wrong = [await signature(small, key, two, judge, "838383") for _ in range(8)]
    assert (await visitor.post("/api/signatures", json=wrong)).status_code == 429
    someone = {"x-podium-judge": str(small.judges[2])}
    assert (await visitor.post("/api/signatures", json=[good], headers=someone)).status_code == 409


async def test_the_seal_waits_for_signatures_where_the_policy_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """refuse: no seal before every judge and every contestant has signed; warn: the seal says how many were missing. Whatever the
    policy says, a problem that somebody signalled is closed first, and the chief judge's tablet learns of it."""
    small, visitors, key = await complete(site, "sealing")
    assert (await may_seal_signed(await small.event())).rule == "marks.complete", (
        "the text says nothing: a reminder only"
    )
    seal = (await visitors[0].get("/api/shift")).json()["events"][0]["seal"]
    assert seal["unsigned"] == 3 * len(small.codes) and seal["signed"][1] == ["J2", 0, len(small.codes)]
    before = await visitors[0].get("/api/shift")
    hand = {"id": str(ULID()), "event": str((await small.event())["id"]), "kind": "scheme", "device": "T-1"}
    await visitors[1].post("/api/signals", json={"signals": [{**hand, "made_at": AT.isoformat()}]})
    shift = await visitors[0].get("/api/shift", headers={"if-none-match": before.headers["etag"]})
    assert "Problems still open: 1" in shift.json()["events"][0]["seal"]["why"]["en"]
    with pytest.raises(Refusal, match=r"marks\.problems"):
        await opened(small, "sealed")
    api = f"/api/competitions/{small.slug}/events/M01"
    await visitors[0].post(f"{api}/signals/{hand['id']}/answers", json={"closes": True})
    named = signing.policy_of
    rule = SigningRule("refuse", "refuse", ("theory",), "organiser")
    for module in (signing, signature_ledger):
        monkeypatch.setattr(module, "policy_of", lambda event: replace(named(event), signing=rule))
    assert (await may_seal_signed(await small.event())).rule == "marks.unsigned"
    for visitor, judge in zip(visitors, small.judges, strict=True):
        posts = [await signature(small, key, entry, judge) for entry in small.codes]
        assert await sent(visitor, *posts) == ["stored"] * len(posts)
    assert (await may_seal_signed(await small.event())).rule == "marks.unsigned-contestants"
    with pytest.raises(Refusal) as caught:
        await opened(small, "sealed")
    assert caught.value.code == "marks.unsigned-contestants"
    given = [await signature(small, key, entry, small.judges[1], role="contestant") for entry in small.codes]
    assert await sent(visitors[1], *given) == ["stored"] * len(given)
    assert (await may_seal_signed(await small.event())).rule == "marks.complete"
    await opened(small, "sealed")
    row = (
        await Decision.select()
        .where(Decision.kind == "event.marking-sealed")
        .order_by(Decision.at, ascending=False)
        .output(load_json=True)
    )
    assert {one["data"]["unsigned"] for one in row} == {0}


async def test_the_seal_names_the_tablets_that_hold_unsent_marks(site: Site) -> None:
    """Whoever seals is told which tablets of the panel said last that marks lie unsent on them, also one that was taken out of use, at the
    tablet, at the desk and through the API. It forbids nothing: who names those tablets seals, and the seal says which they were. A
    tablet that reports after the look is asked about anew."""
    small, visitors, _ = await complete(site, "drowned")
    other = await brought(await founded("elsewhere"), "marking")
    chief, office, api = (
        visitors[0],
        await site.visitor(small.staff.account),
        f"/api/competitions/{small.slug}/events/M01",
    )
    tablets = [(await paired(site, one)) for one in (small, small, small, other)]

    async def told(place: int, unsent: int) -> None:
        tablet, shows = tablets[place]
        content = {"version": "1", "unsent": unsent, "oldest": str(ULID()) if unsent else "", "battery": None}
        assert (await tablet.post("/api/tablet/seen", json=content, headers=shows)).status_code == 200

    async def shown() -> list[tuple[int, int, bool]]:
        found = (await chief.get("/api/shift")).json()["events"][0]["seal"]["tablets"]
        return [(one["number"], one["unsent"], one["revoked"]) for one in found]

    for place, unsent in enumerate((4, 0, 2, 9)):
        await told(place, unsent)
    seen = await chief.get("/api/shift")
    assert await shown() == [(1, 4, False), (3, 2, False)], "those of this hall alone"
    await told(2, 3)
    assert (await chief.get("/api/shift", headers={"if-none-match": seen.headers["etag"]})).status_code == 200
    third = [row for row in await devices.devices_of((await small.competition())["id"]) if row["number"] == 3]
    await devices.revoke((await small.competition())["id"], third[0]["id"], small.staff, AT)
    assert await shown() == [(1, 4, False), (3, 3, True)]
    assert "2 tablets say" in (await office.get(f"/office/{small.slug}?lang=en")).text

    answer = await chief.post(f"{api}/steps", json={"into": "sealed", "knows": [1]})
    assert (answer.status_code, answer.json()["code"]) == (409, "marks.unsent") and "3 on tablet 3" in answer.text
    await chief.post(f"/tablet/{small.slug}/M01/seal", data={"knows": "1 x ² 99999999999"})
    assert (await small.event())["state"] == "marking"
    await chief.post(f"/tablet/{small.slug}/M01/seal", data={"knows": "1 3"})
    assert (await small.event())["state"] == "sealed"
    rows = Decision.select().where(
        (Decision.kind == "event.marking-sealed") & (Decision.event == (await small.event())["id"])
    )
    (row,) = await rows.output(load_json=True)
    assert [(one["number"], one["unsent"]) for one in row["data"]["unsent"]] == [(1, 4), (3, 3)]
    assert all(one["seen"] for one in row["data"]["unsent"])


def sheaf(carry: str, judge: UUID, post: dict[str, Any], size: int, plain: bool = False) -> list[str]:
    """The codes that a tablet shows of a signature."""
    body = json.dumps({"judge": str(judge), "signature": post}).encode()
    seal = hmac.new(bytes.fromhex(carry), body, hashlib.sha256).hexdigest()
    text = base64.urlsafe_b64encode(body if plain else zlib.compress(body)).decode().rstrip("=")
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    return [f"PODIUM3:{seal}:{n}/{len(chunks)}:{chunk}" for n, chunk in enumerate(chunks, 1)]


async def test_a_signature_travels_as_codes(site: Site) -> None:
    """The chief's tablet brings a signature in whatever order its codes were read; it is its judge's, once, and who brought it is
    on record. A part that lacks, is spoilt, or of another judge's key, a bomb, and whoever is no chief change nothing."""
    small, (chief, visitor, other), key = await complete(site, "carried-signature")
    entry, judge, event = small.codes[0], small.judges[1], await small.event()
    carry = (await visitor.get("/api/shift")).json()["carry"]
    post = await signature(small, key, entry, judge)
    texts = sheaf(carry, judge, post, 150)
    assert len(texts) > 2

    async def brought_in(by: Visitor, *given: list[str]) -> list[str]:
        answer = await by.post("/api/signatures/carried", json={"signatures": list(given)})
        return [
            one["code"] if "code" in one else one["answers"][0].get("code") or one["answers"][0]["status"]
            for one in answer.json()["outcomes"]
        ]

    theirs = (await other.get("/api/shift")).json()["carry"]
    flipped = texts[1][:-1] + ("A" if texts[1][-1] != "A" else "B")
    bomb = base64.urlsafe_b64encode(zlib.compress(bytes(2_000_000))).decode().rstrip("=")
    wrong = [
        (texts[1:], "carried.code"),
        ([texts[0], flipped, *texts[2:]], None),
        (sheaf(theirs, judge, post, 150), "carried.seal"),
        ([f"PODIUM3:{'0' * 64}:1/1:{bomb}"], "carried.code"),
        (["https://example.org"], "carried.code"),
    ]
    for given, code in wrong:
        (found,) = await brought_in(chief, given)
        assert found in ((code,) if code else ("carried.code", "carried.seal"))
    assert await brought_in(visitor, texts) == ["carried.chief"]
    assert await Signature.count().where(Signature.event == event["id"]) == 0
    bad = await signature(small, key, entry, judge, "838383")
    assert await brought_in(chief, sheaf(carry, judge, bad, 900, plain=True)) == ["signature.pin"]

    assert await brought_in(chief, texts[::-1], texts) == ["stored", "duplicate"]
    assert await sent(visitor, post) == ["duplicate"], "the tablet came back"
    assert (await signatures_of(event)).holds(entry, judge)
    query = Decision.select().where(Decision.event == event["id"]).order_by(Decision.sequence).output(load_json=True)
    told = [
        (row["kind"], row["actor"], row["data"].get("signature")) for row in await query if "signature" in row["data"]
    ]
    carried = [("signature.carried", small.judges[0], one["id"]) for one in (bad, post)]
    assert told == [*carried, ("sheet.signed", judge, post["id"])]


def test_no_pin_is_among_those_that_are_tried_first() -> None:
    """Repetitions and runs either way are no PIN; six figures that are neither are one."""
    assert all(map(weak, ("000000", "012345", "567890", "987654", "12345", "1234567", "12345a", "")))
    assert not weak(PIN) and not weak("120120")
