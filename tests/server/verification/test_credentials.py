"""Credentials where others look for them: at the certificate's address, in the DID document, in the status list."""

from __future__ import annotations

import base64
import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from openbadgeslib.ob3 import OB3VerificationError, OpenBadgeCredential
from openbadgeslib.ob3.did import resolve_verification_method
from openbadgeslib.ob3.ldp import OB3LdpVerifier, verify_data_integrity_proof

from certificates import verification
from certificates.certificate import Certificate as Paper
from certificates.credential import Issuer, Sound, check, credential
from certificates.integrity import IssuerKey
from certificates.keys import Key
from certificates.rendering import Press
from certificates.signing import sign
from certificates.verification import attached
from server.commands.verify import command
from server.database.tables import Certificate, Revocation
from server.errors import Refusal
from server.issuing import keys
from server.issuing.printing import place_of, print_pending
from server.issuing.withdrawing import reissue, revoke
from tests.certificates.paper import PLAIN
from tests.certificates.signers import authority
from tests.server.conftest import Site, Visitor
from tests.server.small import AT, BASE, SEALER, Small, brought, founded
from tests.server.verification.test_verifying import swollen


@pytest.fixture(scope="module")
async def small(site: Site) -> Small:
    """A small competition with printed certificates."""
    small = await brought(await founded(), "certified")
    await printed(site, small)
    return small


async def printed(site: Site, small: Small) -> list[bytes]:
    """The files, by number."""
    folder = Path(site.app.state.settings.data) / "certificates" / small.slug
    with ThreadPoolExecutor(1) as press:
        async for _ in print_pending((await small.competition())["id"], folder, SEALER, "组委会", press):  # type: ignore[arg-type]
            pass
    return [place_of(folder, row["number"]).read_bytes() for row in await rows()]


async def rows() -> list[dict[str, Any]]:
    return [dict(row) for row in await Certificate.select().order_by(Certificate.number)]


async def dropped(stranger: Visitor, content: bytes) -> dict[str, Any]:
    """What the API and the page say of a file."""
    answer = await stranger.post("/api/verify", files={"data": ("c", content)})
    page = await stranger.post("/verify", files={"file": ("c", content)})
    assert page.status_code == 200, page.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_credential_is_the_same_in_the_file_and_at_its_address(site: Site, small: Small) -> None:
    """Signed by a key that the DID document names, for the number that the paper has."""
    stranger = await site.visitor()
    files, first = await printed(site, small), (await rows())[0]
    alone = await stranger.get(f"/v/{first['token']}/credential.json")
    assert alone.content == attached(files[0]) == first["credential"].encode()
    assert alone.headers["content-type"].startswith("application/vc+json")
    did = (await stranger.get("/.well-known/did.json")).json()
    trusted = {
        one["publicKeyMultibase"]: IssuerKey.from_multikey(one["publicKeyMultibase"])
        for one in did["verificationMethod"]
    }
    found = check(alone.content, trusted)
    assert isinstance(found, Sound) and found.said["number"] == first["number"]
    assert (await stranger.get("/v/0000000000000000/credential.json")).status_code == 404


async def test_a_credential_alone_is_verified_like_its_paper(site: Site, small: Small) -> None:
    """Proof and register are checked; a changed one is refused, and tells nothing of the holder."""
    stranger = await site.visitor()
    text = (await rows())[0]["credential"].encode()
    good = await dropped(stranger, text)
    assert good["outcome"] == "genuine" and next(one["id"] for one in good["checks"]) == "credential"
    bad = await dropped(stranger, text.replace(b"PD2026-", b"PD2027-"))
    assert (bad["outcome"], bad["paper"]) == ("not-genuine", None)


async def test_a_credential_that_the_register_does_not_know_is_not_genuine(site: Site, small: Small) -> None:
    """Our own key is not enough: it must be the very credential on record, so that a stolen key writes nothing that passes."""
    stranger, first = await site.visitor(), (await rows())[0]
    paper = replace(Paper.from_data(json.loads(first["content"])), name="冒名者")
    key = await keys.credential_key(SEALER, AT)
    forged = credential(paper, Issuer("组委会", BASE), key, AT, first["status_index"])
    assert isinstance(check(forged.encode(), {key.multikey: key}), Sound)
    found = await dropped(stranger, forged.encode())
    assert (found["outcome"], found["paper"]) == ("not-genuine", None)


async def test_the_status_list_says_what_was_withdrawn(site: Site, small: Small) -> None:
    """Before, every bit is clear; after a revocation and a replacement, two are set and the new one is not."""
    stranger, competition = await site.visitor(), await small.competition()
    before = await bits(stranger)
    assert before == bytes(131_072 // 8)
    three = await rows()
    await revoke(competition, three[1]["number"], "result", "裁决", small.supervisor, AT)
    names = {"name": "赵一一", "name_en": ""}
    new = await reissue(competition, three[2]["number"], names, "姓名有误", BASE, SEALER, small.supervisor, AT)
    after = await bits(stranger)
    places = {row["number"]: row["status_index"] for row in await rows()}
    assert sorted(places.values()) == [0, 1, 2, 3]
    assert [bool(after[place // 8] & 0x80 >> place % 8) for place in range(4)] == [False, True, True, False]
    assert places[new] == 3
    withdrawn = await dropped(stranger, three[1]["credential"].encode())
    assert withdrawn["outcome"] == "revoked" and withdrawn["checks"][0]["state"] == "fact"
    for nowhere in (1, 2**61):
        assert (await stranger.get(f"/status/{nowhere}")).status_code == 404


async def bits(stranger: Visitor) -> bytes:
    listed = (await stranger.get("/status/0")).json()
    assert listed["proof"]["cryptosuite"] == "eddsa-rdfc-2022" and listed["validUntil"] > listed["validFrom"]
    encoded = listed["credentialSubject"]["encodedList"]
    assert encoded.startswith("u")
    return gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))


async def test_a_file_with_another_credential_than_its_own_is_not_genuine(site: Site, small: Small) -> None:
    """Even signed and registered: what is printed must be what the credential says."""
    stranger = await site.visitor()
    files, first = await printed(site, small), (await rows())[0]
    mine = Certificate.number == first["number"]
    await Certificate.update({Certificate.content: first["content"].replace('"rank":"1"', '"rank":"2"')}).where(mine)
    try:
        found = await dropped(stranger, files[0])
    finally:
        await Certificate.update({Certificate.content: first["content"]}).where(mine)
    assert found["outcome"] == "not-genuine"
    assert {one["id"]: one["state"] for one in found["checks"]}["credential"] == "failed"


async def test_old_certificates_verify_after_new_keys(site: Site, small: Small) -> None:
    """New keys sign from now on; files and credentials of the old ones stay genuine, and the DID document names both."""
    stranger = await site.visitor()
    files, first = await printed(site, small), (await rows())[0]
    old = await keys.credential_key(SEALER, AT)
    await keys.rotate(SEALER, "组委会", datetime.now(UTC))
    assert (await keys.credential_key(SEALER, AT)).multikey != old.multikey
    for content in (files[0], first["credential"].encode()):
        assert (await dropped(stranger, content))["outcome"] == "genuine"
    did = (await stranger.get("/.well-known/did.json")).json()
    assert len(did["assertionMethod"]) == 2
    published = (await stranger.get("/.well-known/podium-keys.json")).json()
    assert old.multikey in published["credentials"] and len(published["files"]) == 2
    assert [(one["kind"], one["signs"]) for one in await keys.listed()] == [
        ("file", True), ("file", False), ("credential", True), ("credential", False),
    ]  # fmt: skip


async def test_files_are_verified_elsewhere_with_the_published_keys(
    site: Site, small: Small, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`podium verify --trust` needs no site and no database, and says that revocation was not checked."""
    stranger = await site.visitor()
    files, first = await printed(site, small), (await rows())[0]
    paths = {"good.pdf": files[0], "good.json": first["credential"].encode(), "bad.pdf": files[0] + b"\n"}
    for name, content in {**paths, "keys.json": (await stranger.get("/.well-known/podium-keys.json")).content}.items():
        (tmp_path / name).write_bytes(content)
    trust = ["--trust", str(tmp_path / "keys.json")]
    command.main([str(tmp_path / "good.pdf"), str(tmp_path / "good.json"), *trust], standalone_mode=False)
    told = capsys.readouterr().out
    assert told.count(first["number"]) == 2 and ("未查" in told or "not checked" in told)
    with pytest.raises(SystemExit):
        command.main([str(tmp_path / "bad.pdf"), *trust], standalone_mode=False)
    with pytest.raises(Refusal) as refused:
        command.main([str(tmp_path / "good.pdf"), "--trust", str(tmp_path / "good.json")], standalone_mode=False)
    assert refused.value.code == "verify.keys"


def test_what_stands_behind_a_signature_is_read_apart_where_no_register_knows_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`podium verify --trust` reads a file for archives (B-LTA) in a process with a limit on memory and time; what would fill the
    machine there is refused as appended, and a sound stamp passes."""
    key, clock = Key.create("组委会", AT), authority(at=AT)
    (pdf,) = Press("modern").print([PLAIN])
    whole = sign(pdf, key, AT, stamping=clock.stamping(archival=True))
    told = {"files": [key.certificate_pem.decode()], "credentials": [], "authorities": clock.trust.decode()}
    files = {"whole.pdf": whole, "swollen.pdf": swollen(sign(pdf, key, AT)), "keys.json": json.dumps(told).encode()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    here: list[bytes] = []
    monkeypatch.setattr(verification, "judged", lambda pdf, *_: here.append(pdf))
    with pytest.raises(SystemExit):
        command.main(
            [*(str(tmp_path / name) for name in ("whole.pdf", "swollen.pdf")), "--trust", str(tmp_path / "keys.json")],
            standalone_mode=False,
        )
    sound, refused = capsys.readouterr().out.split("swollen.pdf")
    assert not here and "LTA" in sound and PLAIN.number in sound
    assert "签名之后又追加了内容" in refused or "Something was appended" in refused


async def test_somebody_elses_verifier_comes_to_the_same(site: Site, small: Small) -> None:
    """openbadgeslib, which shares no line with ours, finds keys and status list where the credential says that they are: it
    believes the credential, not another score in it, and no longer once it is revoked."""
    stranger, withdrawn = await site.visitor(), Revocation.select(Revocation.certificate)
    row = await Certificate.select().where(Certificate.id.not_in(withdrawn)).order_by(Certificate.number).first()
    assert row is not None
    text, at = row["credential"], f"{BASE}/.well-known/did.json"
    lists = json.loads(text)["credentialStatus"]["statusListCredential"]

    async def judged(brought: str) -> OpenBadgeCredential:
        pages = {address: (await stranger.get(urlsplit(address).path)).content for address in (at, lists)}
        verifier = OB3LdpVerifier.for_issuer_did("did:web:podium.example")
        listed = json.loads(pages[lists])
        key = resolve_verification_method(listed["proof"]["verificationMethod"], download=pages.__getitem__)
        verify_data_integrity_proof(listed, key)
        # Of lists it knows those in a JWT only; the proof of ours is asked for in the line before.
        return verifier.verify(brought, check_status=True, download=pages.__getitem__, verify_status_list=False)

    assert (await judged(text)).identifiers[0].identity_hash == json.loads(row["content"])["name"]
    with pytest.raises(OB3VerificationError, match="signature"):
        await judged(text.replace('"value":"', '"value":"9', 1))
    await revoke(await small.competition(), row["number"], "result", "裁决", small.supervisor, AT)
    with pytest.raises(OB3VerificationError, match="'revocation' is set"):
        await judged(text)
