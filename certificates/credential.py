"""The same certificate for machines: an Open Badges 3.0 AchievementCredential with an `eddsa-rdfc-2022` proof.

What is signed is the credential's RDF in canonical order (RDFC-1.0), which takes a general processor several
milliseconds. But credentials of one form differ in their values only, so a form is canonicalised once, by PyLD, with a
placeholder for each value; every other credential of that form is filled into its lines, which are then sorted again.
There is one blank node, so that no value can change a label.

The same holds the other way round: a credential that somebody brings is taken apart into its values and put together
again. What does not come out equal is no credential of ours, and no general processor ever reads it.

Sources: 1EdTech Open Badges 3.0; W3C Verifiable Credentials 2.0, Data Integrity EdDSA Cryptosuites 1.0 §3.2, Bitstring
Status List 1.0, did:web. The contexts are shipped and never fetched.
"""

import datetime
import functools
import json
import pathlib
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyld import jsonld  # type: ignore[import-untyped]

from certificates.certificate import Certificate
from certificates.integrity import IssuerKey, Unsound, proof_of, signed_by
from certificates.verification import No
from certificates.words import Words

HERE = pathlib.Path(__file__).resolve().parent / "contexts"
CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXTS = {CREDENTIALS: "credentials-v2.json", OPEN_BADGES: "open-badges-3.0.3.json"}
MOST_BYTES = 65_536
LIST_LENGTH = 131_072  # bits of a status list: the least that hides who is looked up (Bitstring Status List §3.1)
RESULTS = {  # what a certificate says of a result: its name, its kind in the standard
    "score": ("总分 Total", "RawScore"),
    "rank": ("名次 Rank", "Result"),
    "award": ("奖项 Award", "Result"),
    "level": ("职业技能等级 Skill level", "Result"),
}
ADDRESSES = ("credential", "issuer", "site", "subject", "achievement", "status", "status_list")
PLACE = re.compile(r"urn:place:(\w+):|place-(\w+)-")

REASONS = {
    "unreadable": Words("数字凭证无法读取。", "The credential cannot be read."),
    "other-form": Words("不是本系统签发的数字凭证，或已被改动。", "No credential of ours, or one that was changed."),
    "altered": Words("数字凭证在签名之后被改动过。", "The credential was changed after it was signed."),
    "unknown-issuer": Words("数字凭证的签名密钥不在受信任之列。", "The credential is signed by no trusted key."),
}


@dataclass(frozen=True, slots=True)
class Issuer:
    """In whose name credentials are signed: `site` is the installation's address, without a slash at its end."""

    name: str
    site: str

    @property
    def did(self) -> str:
        """did:web of the address (did:web §3.1: a port's colon is written %3A)."""
        return did_of(self.site)


@dataclass(frozen=True, slots=True)
class Sound:
    """A trusted key signed this credential. `said` is what it says, by the names that `values` gives."""

    said: Mapping[str, str]


def did_of(site: str) -> str:
    """The did:web of an address."""
    host, _, path = site.partition("://")[2].partition("/")
    return ":".join(["did:web", host.replace(":", "%3A"), *path.split("/")]).rstrip(":")


def credential(paper: Certificate, issuer: Issuer, key: IssuerKey, at: datetime.datetime, index: int) -> str:
    """The signed credential of a certificate as JSON; `index` is its place in the issuer's status lists."""
    said = values(paper, issuer, at, index)
    made = document(said)
    form = compiled(frozenset(said))
    made["proof"] = proof_of(filled(form, said), issuer.did, key, at)
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def values(paper: Certificate, issuer: Issuer, at: datetime.datetime, index: int) -> dict[str, str]:
    """Everything in a credential that is not the same in every other."""
    address = f"{paper.verify_url}/credential.json"
    what = " ".join(part for part in (paper.year, paper.competition, paper.event) if part)
    named_for = paper.honour or paper.skill or paper.role  # of kinds that have no award
    named = "|".join((issuer.did, paper.kind, what, paper.award or named_for, paper.level))
    distinction = paper.award or paper.honour or paper.skill or paper.role or paper.title
    number, place = divmod(index, LIST_LENGTH)
    said = {
        "credential": address,
        "title": paper.title,
        "issuer": issuer.did,
        "issuer_name": issuer.name,
        "site": issuer.site,
        "at": at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "subject": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, address)}",
        "name": paper.name,
        "achievement": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, named)}",
        "achievement_name": " · ".join(part for part in (paper.event, distinction) if part),
        "achievement_kind": "Award" if paper.kind == "award" else "Certificate",
        "description": what,
        "criteria": f"{what}：{distinction}",
        "number": paper.number,
        "status": f"{issuer.site}/status/{number}#{place}",
        "status_index": str(place),
        "status_list": f"{issuer.site}/status/{number}",
    }
    return said | {name: getattr(paper, name) for name in RESULTS if getattr(paper, name)}


def document(said: Mapping[str, str]) -> dict[str, Any]:
    """The credential without its proof."""
    achievement = said["achievement"]
    results = [name for name in RESULTS if name in said]
    made: dict[str, Any] = {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": said["credential"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": said["title"],
        "issuer": {"id": said["issuer"], "type": ["Profile"], "name": said["issuer_name"], "url": said["site"]},
        "validFrom": said["at"],
        "credentialSubject": {
            "id": said["subject"],
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "hashed": False, "identityHash": said["name"], "identityType": "name"}
            ],
            "licenseNumber": said["number"],
            "achievement": {
                "id": achievement,
                "type": ["Achievement"],
                "achievementType": said["achievement_kind"],
                "name": said["achievement_name"],
                "description": said["description"],
                "criteria": {"id": f"{achievement}#criteria", "narrative": said["criteria"]},
                "resultDescription": [described(name, achievement) for name in results],
            },
            "result": [
                {"id": f"{said['subject']}#{name}", "type": ["Result"], "resultDescription": f"{achievement}#{name}",
                 "value": said[name]}
                for name in results
            ],
        },
        "credentialStatus": {
            "id": said["status"],
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": said["status_index"],
            "statusListCredential": said["status_list"],
        },
    }  # fmt: skip
    if not results:
        del made["credentialSubject"]["result"], made["credentialSubject"]["achievement"]["resultDescription"]
    return made


def described(name: str, achievement: str) -> dict[str, Any]:
    """What a result is: its name and its kind in the standard."""
    label, kind = RESULTS[name]
    return {"id": f"{achievement}#{name}", "type": ["ResultDescription"], "name": label, "resultType": kind}


def check(text: bytes, keys: Mapping[str, IssuerKey]) -> Sound | No:
    """Judge a credential that somebody brings, against trusted keys by their public form. Never raises."""
    try:
        brought = json.loads(text) if len(text) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        return no("unreadable")
    if not isinstance(brought, dict) or not isinstance(brought.get("proof"), dict):
        return no("unreadable")
    given = {name: value for name, value in brought.items() if name != "proof"}
    said = taken_apart(given)
    if said is None or document(said) != given:
        return no("other-form")
    try:
        canonical = filled(compiled(frozenset(said)), said)
        signed_by(brought["proof"], canonical, said["issuer"], keys)
    except Unsound as error:
        return no(error.rule)
    return Sound(said)


def no(rule: str) -> No:
    """A refusal of a credential by its rule, one of REASONS."""
    return No(f"credential.{rule}", REASONS[rule])


def taken_apart(given: Mapping[str, Any]) -> dict[str, str] | None:
    """The values of a credential, or nothing when they are not where ours have them."""
    try:
        results = given["credentialSubject"].get("result", [])
        names = frozenset([*ALWAYS, *(one["id"].rpartition("#")[2] for one in results)])
        if not names <= {*ALWAYS, *RESULTS}:
            return None
        found: dict[str, str] = {}
        for path, name in leaves(document(placeholders(names))):
            value: Any = given
            for step in path:
                value = value[step]
            found[name] = value
        return found if all(isinstance(value, str) for value in found.values()) else None
    except (KeyError, IndexError, TypeError, AttributeError):
        return None


ALWAYS = (
    "credential", "title", "issuer", "issuer_name", "site", "at", "subject", "name", "achievement", "achievement_name",
    "achievement_kind", "description", "criteria", "number", "status", "status_index", "status_list",
)  # fmt: skip


def placeholders(names: frozenset[str]) -> dict[str, str]:
    """A value for every name that no real credential has, of the kind (address or text) that belongs there."""
    return {name: f"urn:place:{name}:" if name in ADDRESSES else f"place-{name}-" for name in names}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Where each placeholder stands by itself."""
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, step))
    elif isinstance(value, str) and (found := PLACE.fullmatch(value)):
        yield path, found[1] or found[2]


@functools.cache
def compiled(names: frozenset[str]) -> tuple[str, ...]:
    """The canonical lines of a form, with `%(name)s` where a value goes."""
    lines = canonical(document(placeholders(names))).replace("%", "%%").splitlines()
    return tuple(PLACE.sub(lambda found: f"%({found[1] or found[2]})s", line) for line in lines)


def filled(form: tuple[str, ...], said: Mapping[str, str]) -> str:
    """The canonical lines with these values in them, in order again."""
    written = {name: literal(value) for name, value in said.items()}
    return "\n".join(sorted([line % written for line in form])) + "\n"


def literal(text: str) -> str:
    """A text as N-Quads write it (RDF 1.1 N-Quads, canonical form)."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")


def canonical(value: Mapping[str, Any]) -> str:
    """Any document of ours in RDFC-1.0, by PyLD."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": shipped}
    return str(jsonld.normalize(dict(value), options))


def shipped(address: str, _: Any = None) -> dict[str, Any]:
    """The contexts in this folder, and nothing else."""
    if address not in CONTEXTS:
        raise ValueError(f"no context is shipped for {address}")
    content = json.loads((HERE / CONTEXTS[address]).read_text("utf-8"))
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": content}


def secured(made: Mapping[str, Any], did: str, key: IssuerKey, at: datetime.datetime) -> dict[str, Any]:
    """Any other document of ours with its proof."""
    return {**made, "proof": proof_of(canonical(made), did, key, at)}
