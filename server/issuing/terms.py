"""On which terms a competition issues a kind of certificate: in whose name, by what right, numbered how, to whom.

A PDF is a certificate of a skill level or a special ability only where its issuer is entitled: a filed assessment body,
or the committee by authorisation for this one competition (一赛一授权). So these two kinds stay shut until the organiser has
named the issuer and the document; a skill level needs the issuer's own numbers as well (人社鉴发〔2019〕2号).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args
from uuid import uuid4

from certificates.certificate import Kind, Language, Organisation
from certificates.numbering import BadNumber, Format, compose
from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.competitions.facts import hosts
from server.database.piccolo_conf import DB
from server.database.tables import Certificate, CertificateTerms, Revocation
from server.errors import Refusal
from server.ledger import hold, record

PATTERNS: dict[Kind, str] = {
    "award": "PD{year}-{serial:06}",
    "level": "",
    "title": "PT{year}-{serial:06}",
    "ability": "PA{year}-{serial:06}",
    "participation": "PP{year}-{serial:06}",
    "judge": "PJ{year}-{serial:06}",
    "organiser": "PO{year}-{serial:06}",
}
"""Of an installation; an issuer with a format of its own has numbers of its own. A skill level has none but its issuer's."""
ENTITLED: tuple[Kind, ...] = ("level", "ability")
LANGUAGES = {"zh": ("中文", "in Chinese"), "en": ("英文", "in English"), "both": ("中英文", "in Chinese and English")}
LONGEST = {"issuer": 60, "issuer_en": 120, "seal": 20, "basis": 100, "pattern": 60, "skill": 40}


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one kind; what is empty is as usual."""

    kind: Kind
    issuer: str = ""
    seal: str = ""
    basis: str = ""
    pattern: str = ""
    language: Language = "zh"
    per_team: bool = False
    skills: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Event code → the special ability that passing it proves, in Chinese and in English."""
    version: int = 0
    issuer_en: str = ""

    @property
    def format(self) -> Format:
        """How its numbers are written. Raises BadNumber when there is none."""
        return Format(self.pattern or PATTERNS[self.kind])

    def signers(self, competition: Mapping[str, Any]) -> tuple[Organisation, ...]:
        """Who signs: the issuer, or else the hosts."""
        if self.issuer:
            return (Organisation(self.issuer, self.seal, self.issuer_en),)
        return tuple(Organisation(one["name"], one["seal"], one["name_en"]) for one in hosts(competition))


async def terms_of(competition: Mapping[str, Any], kind: Kind) -> Terms:
    """The terms as they are now."""
    where = (CertificateTerms.competition == competition["id"]) & (CertificateTerms.kind == kind)
    row = await CertificateTerms.select().where(where).output(load_json=True).first()
    if row is None:
        return Terms(kind)
    skills = {code: (said[0], said[1]) for code, said in row["skills"].items()}
    return Terms(
        kind, row["issuer"], row["seal"], row["basis"], row["pattern"], row["language"], row["per_team"], skills, row["version"],
        row["issuer_en"],
    )  # fmt: skip


def entitled(terms: Terms) -> Yes | No:
    """Whether this kind may be issued on these terms."""
    if terms.kind not in ENTITLED:
        return Yes("terms.usual")
    if not terms.issuer or not terms.basis:
        words = Words(
            "这种证书只能由有资格的机构发：请写明发证机构，以及备案号或授权文件（一赛一授权）。在此之前，请用获奖证书和晋升名单。",
            "Only a body that is entitled issues this kind: name it, and its filing number or the authorisation for this"
            " competition. Until then there are award certificates and the filing list.",
        )
        return No("terms.entitled", words)
    if terms.kind == "level" and not terms.pattern:
        words = Words("请写明发证机构的编号格式。", "Give the format of the issuer's numbers.")
        return No("terms.pattern", words)
    return Yes("terms.entitled")


async def agree(competition: Mapping[str, Any], new: Terms, actor: Actor, at: datetime) -> None:
    """Set the terms of a kind; saying what is said already changes nothing.

    Raises Refusal: `terms.changed` when somebody else has set them meanwhile, `terms.long`, `terms.language`,
    `terms.pattern` for numbers that cannot be, `terms.numbers-taken`, `terms.team` once some of the kind are issued.
    """
    _check(new)
    async with DB.transaction():
        await hold(competition["id"])
        old = await terms_of(competition, new.kind)
        if old.version != new.version:
            lines = list(_lines(old, new))
            zh, en = "；".join(line[0] for line in lines), "; ".join(line[1] for line in lines)
            words = Words(
                f"别人刚改过这里的约定，现在是：{zh}。你的改动还没有保存。",
                f"Somebody else has just changed these terms; now they are: {en}. Your change is not stored yet.",
            )
            raise Refusal("terms.changed", words, Words("看过之后再保存一次。", "Look at it, then save yours again."))
        if old == new:
            return
        await _numbers_are_free(competition, new)
        if isinstance(entitled(new), No) and await _some_in_force(competition, new.kind):
            words = Words("已经发过这种证书，发证机构、依据和编号不能再空着。", "Some are issued: issuer, document and numbers cannot be left empty any more.")  # fmt: skip
            raise Refusal("terms.in-force", words)
        if old.per_team != new.per_team and await _some_in_force(competition, new.kind):
            words = Words(
                "已经发过这种证书，不能再改“每人一张”或“每队一张”。",
                "Some are issued: it stays one for each member, or one for the team.",
            )
            raise Refusal("terms.team", words)
        row = CertificateTerms(
            id=uuid4(), competition=competition["id"], kind=new.kind, issuer=new.issuer, issuer_en=new.issuer_en, seal=new.seal, basis=new.basis,
            pattern=new.pattern, language=new.language, per_team=new.per_team,
            skills={code: list(said) for code, said in new.skills.items()}, version=old.version + 1,
        )  # fmt: skip
        where = (CertificateTerms.competition == competition["id"]) & (CertificateTerms.kind == new.kind)
        await CertificateTerms.delete().where(where)
        await CertificateTerms.insert(row)
        data = {"kind": new.kind, "issuer": new.issuer, "issuer_en": new.issuer_en, "basis": new.basis, "pattern": new.pattern,
                "language": new.language, "per_team": new.per_team, "skills": dict(new.skills)}  # fmt: skip
        await record(competition["id"], "certificate.terms", actor, at, data=data)


def _lines(old: Terms, new: Terms) -> Iterator[tuple[str, str]]:
    """What the terms are, for whoever would have them otherwise, in 中文 and English."""
    for text in (old.issuer, old.issuer_en, old.seal, old.basis, old.pattern):
        if text:
            yield text, text
    yield LANGUAGES[old.language]
    if old.per_team != new.per_team:
        yield ("每队一张", "one for the team") if old.per_team else ("每人一张", "one for each member")
    for code, said in sorted(old.skills.items()):
        line = f"{code} {' / '.join(filter(None, said))}"
        yield line, line


def _check(new: Terms) -> None:
    texts = [(getattr(new, name), most) for name, most in LONGEST.items() if name != "skill"]
    texts += [(text, LONGEST["skill"]) for said in new.skills.values() for text in said]
    if any(len(text) > most for text, most in texts):
        words = Words("有一项写得太长。", "Something is too long.")
        mend = Words("机构 60 字，英文名 120 字，印章 20 字，文件 100 字，能力 40 字。", "Issuer 60 characters, its English name 120, seal 20, document 100, ability 40.")  # fmt: skip
        raise Refusal("terms.long", words, mend, status=422)
    if new.language not in get_args(Language):
        raise Refusal("terms.language", Words("没有这种语言。", "There is no such language."), status=422)
    if new.pattern or PATTERNS[new.kind]:
        level = {"level": 1} if new.kind == "level" else {}
        try:
            compose(new.format, serial=1, **parts_of(new.format, 2026), **level)
        except BadNumber as error:
            mend = Words("可以用 {year}、{year2}、{serial:06}；技能等级证书另有 {level}。", "Use {year}, {year2}, {serial:06}; skill levels also {level}.")  # fmt: skip
            raise Refusal("terms.pattern", Words(error.words.zh, error.words.en), mend, status=422) from error


def parts_of(format: Format, year: int) -> dict[str, str | int]:
    """The parts of a number that the year gives."""
    return {"year": year, "year2": f"{year % 100:02}"}


async def _numbers_are_free(competition: Mapping[str, Any], new: Terms) -> None:
    """Two kinds, or two organisers, that share a format would leave gaps in each other's numbers."""
    if not new.pattern:
        return
    theirs = (CertificateTerms.kind != new.kind) | (
        CertificateTerms.competition.series.organiser != competition["organiser"]
    )
    taken = await CertificateTerms.exists().where((CertificateTerms.pattern == new.pattern) & theirs)
    if taken or new.pattern in PATTERNS.values():
        words = Words("别的证书已经用这个编号格式。", "Other certificates have this format of numbers.")
        mend = Words("请加上自己的代码。", "Put a code of your own into it.")
        raise Refusal("terms.numbers-taken", words, mend, status=422)


async def _some_in_force(competition: Mapping[str, Any], kind: Kind) -> bool:
    gone = Revocation.select(Revocation.certificate)
    where = (Certificate.competition == competition["id"]) & (Certificate.kind == kind) & Certificate.id.not_in(gone)
    return bool(await Certificate.exists().where(where))
