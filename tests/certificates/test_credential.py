"""The credential beside the paper: signed as the standards say, believed when it is ours, refused when it is not."""

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft201909Validator

from certificates import verification
from certificates.certificate import Certificate
from certificates.credential import (
    CREDENTIALS,
    HERE,
    OPEN_BADGES,
    Issuer,
    Sound,
    canonical,
    check,
    compiled,
    credential,
    did_of,
    document,
    filled,
    secured,
    values,
)
from certificates.integrity import IssuerKey, digest, from_multibase, multibase
from certificates.keys import Key
from certificates.rendering import Press
from certificates.signing import sign
from tests.certificates.paper import AT, LEVEL, LONG, PLAIN, PROMOTED, poppler

ISSUER = Issuer("河北省职业技能大赛组织委员会", "https://podium.example")
KEY = IssuerKey.from_secret(bytes(range(32)))
KEYS = {KEY.multikey: KEY}
PUBLISHED = Path(__file__).parent / "published" / "achievement-credential.json"


def made(paper: Certificate = PLAIN, index: int = 7) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(credential(paper, ISSUER, KEY, AT, index))
    return found


def judged(brought: Any) -> str:
    """The rule of the refusal, or `sound`."""
    found = check(json.dumps(brought).encode(), KEYS)
    if isinstance(found, Sound):
        return "sound"
    assert found.reason.zh and found.reason.en
    return found.rule


def test_the_context_is_the_published_one() -> None:
    """Verifiable Credentials 2.0 §B.1 fixes the digest of its context; another file would change what is signed."""
    digest = hashlib.sha256((HERE / "credentials-v2.json").read_bytes()).hexdigest()
    assert digest == "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@settings(deadline=None, max_examples=40)
@given(name=NAMES, award=NAMES, score=st.sampled_from(["", "93.47"]), rank=st.sampled_from(["", "1"]))
def test_filled_lines_are_those_of_a_general_processor(name: str, award: str, score: str, rank: str) -> None:
    """Whatever a certificate says, quotes and signs of all planes included, PyLD puts it into the same lines."""
    paper = dataclasses.replace(PLAIN, name=name, award=award, score=score, rank=rank)
    said = values(paper, ISSUER, AT, 131_073)
    assert filled(compiled(frozenset(said)), said) == canonical(document(said))


def test_the_proofs_own_statement_is_that_of_a_general_processor() -> None:
    """The first half of what is signed is the proof without its value (Data Integrity EdDSA §3.2.5)."""
    proof = {name: value for name, value in made()["proof"].items() if name != "proofValue"}
    lines = canonical({"@context": [CREDENTIALS, OPEN_BADGES], **proof})
    assert digest("", proof["created"], proof["verificationMethod"])[:32] == hashlib.sha256(lines.encode()).digest()


@pytest.mark.parametrize("paper", [PLAIN, PROMOTED, LONG, LEVEL, dataclasses.replace(PLAIN, score="", rank="")])
def test_every_kind_of_certificate_has_a_sound_credential(paper: Certificate) -> None:
    """It says what the paper says, is of the schema that Open Badges 3.0 publishes, and is the same each time it is made."""
    found = made(paper)
    assert not [error.message for error in Draft201909Validator(json.loads(PUBLISHED.read_bytes())).iter_errors(found)]
    assert found == made(paper) and judged(found) == "sound"
    subject = found["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == paper.name and subject["licenseNumber"] == paper.number
    described = {one["id"] for one in subject["achievement"].get("resultDescription", [])}
    assert {one["resultDescription"] for one in subject.get("result", [])} == described
    assert found["@context"][:2] == [CREDENTIALS, OPEN_BADGES] and found["issuer"]["id"] == "did:web:podium.example"
    assert found["proof"]["verificationMethod"] == f"did:web:podium.example#{KEY.multikey}"


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "another name": (
        lambda one: one["credentialSubject"]["identifier"][0].update(identityHash="李四"),
        "credential.altered",
    ),
    "a better rank": (lambda one: one["credentialSubject"]["result"][1].update(value="0"), "credential.altered"),
    "another number": (lambda one: one["credentialSubject"].update(licenseNumber="PD1"), "credential.altered"),
    "no more revocation": (lambda one: one.pop("credentialStatus"), "credential.other-form"),
    "another place in the list": (
        lambda one: one["credentialStatus"].update(statusListIndex="8"),
        "credential.altered",
    ),
    "something more": (lambda one: one.update(evidence=[]), "credential.other-form"),
    "a result twice": (
        lambda one: one["credentialSubject"]["result"].append(one["credentialSubject"]["result"][0]),
        "credential.other-form",
    ),
    "a number for a text": (lambda one: one.update(name=7), "credential.other-form"),
    "a context of their own": (lambda one: one["@context"].append("https://evil.example/c"), "credential.other-form"),
    "a blank node more": (lambda one: one["credentialSubject"].update(source={"a": {}}), "credential.other-form"),
    "another issuer": (lambda one: one["issuer"].update(id="did:web:evil.example"), "credential.unknown-issuer"),
    "another key": (
        lambda one: one["proof"].update(verificationMethod=f"did:web:podium.example#{IssuerKey.create().multikey}"),
        "credential.unknown-issuer",
    ),
    "an older proof": (lambda one: one["proof"].update(created="2020-01-01T00:00:00Z"), "credential.altered"),
    "another purpose": (lambda one: one["proof"].update(proofPurpose="authentication"), "credential.altered"),
    "a proof of nothing": (lambda one: one["proof"].update(proofValue="z"), "credential.altered"),
    "a proof that is no text": (lambda one: one["proof"].update(proofValue=["z"]), "credential.altered"),
    "no proof": (lambda one: one.pop("proof"), "credential.unreadable"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_credential_that_was_touched_is_refused(what: str) -> None:
    """With the reason in both languages, and without a general processor ever reading it."""
    brought = made()
    change, rule = CHANGES[what]
    change(brought)
    assert judged(brought) == rule


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b'{"proof": {}}', b"[" * 60_000, b"{" + b" " * 70_000 + b"}", b"\xff"]
)
def test_what_is_no_credential_is_refused(text: bytes) -> None:
    """Nothing, half of it, too deep, too long: a refusal, and never an error."""
    assert not isinstance(check(text, KEYS), Sound)


@given(st.binary(max_size=80))
def test_multibase_comes_back(data: bytes) -> None:
    """Leading zeros included, as keys and proofs may begin with them."""
    assert from_multibase(multibase(data)) == data


@pytest.mark.parametrize(
    ("site", "did"),
    [
        ("https://podium.example", "did:web:podium.example"),
        ("http://127.0.0.1:8765", "did:web:127.0.0.1%3A8765"),
        ("https://a.example/contest", "did:web:a.example:contest"),
    ],
)
def test_the_issuer_is_named_after_its_address(site: str, did: str) -> None:
    """did:web §3.1 with a port and with a path."""
    assert did_of(site) == did


def test_any_document_of_ours_is_secured_alike() -> None:
    """A status list's proof stands over its canonical lines, and changes with them."""
    at = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    plain = {"@context": [CREDENTIALS], "id": "https://a.example/status/0", "type": ["VerifiableCredential"]}
    proof = secured(plain, "did:web:a.example", KEY, at)["proof"]
    signed = digest(canonical(plain), proof["created"], proof["verificationMethod"])
    KEY.public.verify(from_multibase(proof["proofValue"]), signed)


@pytest.mark.parametrize("filled_page", [True, False])
def test_the_file_carries_the_credential_under_its_signature(filled_page: bool) -> None:
    """In a filled file and in a rendered one; others' programs find it, and the file is still whole and signed."""
    workshop = Press().workshop
    plain = next(Press().print([PLAIN])) if filled_page else workshop.rendered(workshop.sheet(PLAIN))
    text = credential(PLAIN, ISSUER, KEY, AT, 7).encode()
    key = Key.create("组委会", AT)
    signed = sign(plain, key, AT, attached=text)
    assert isinstance(verification.verify(signed, [key.certificate_pem]), verification.Genuine)
    assert verification.attached(signed) == text and verification.attached(sign(plain, key, AT)) == b""
    assert b"No syntax or stream encoding errors" in poppler("qpdf", signed, "--check", "FILE")
    assert "Signature is Valid" in poppler("pdfsig", signed, "-nocert", "FILE").decode()
    assert "credential.json" in poppler("pdfdetach", signed, "-list", "FILE").decode()
    if filled_page:  # pyHanko packs these where no search finds them
        assert b"/AFRelationship /Data" in signed and b"/AF [" in signed
