"""A policy: every rule of one competition as dated, cited data.

A policy is TOML. It is read strictly: a key that the language does not know is refused with its name and line. It is
never edited after use; what a result was computed with is known by its *fingerprint*, which looks at the content only,
so that a comment may be mended. Each table names its `source`: one of the policy's own `cites`, or "organiser" where
the public text is silent and the organiser has set a value so that a computer can go on.
A policy with status "template" waits for its document and decides nothing until an organiser completes it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources

from scoring.language.checking import (
    AppealRule,
    DelegationRule,
    PassingRule,
    ReviewRule,
    SigningRule,
    read_appeals,
    read_delegations,
    read_passing,
    read_review,
    read_signing,
)
from scoring.language.eligibility import EligibilityRule, read_eligibility
from scoring.language.lines import Path, key_lines
from scoring.language.marking import Aggregation, Marking, Rounding, read_aggregation, read_marking, read_rounding
from scoring.language.prizes import AwardRule, FieldRule, read_awards, read_field
from scoring.language.promotion import Promotion, TitleRule, check_bands, read_promotion, read_titles
from scoring.language.references import Names
from scoring.language.standing import StandingRule, read_standing
from scoring.language.table import Asked, Notes, Table
from scoring.language.toml import read_toml
from scoring.verdict import No, Place, Problem, Problems, Verdict, Words, Yes, days_said

ORGANISER = "organiser"
STATUSES = ("in-force", "template")


def number_of(document: object) -> str:
    """The number of a policy's document as people read it; "" for `unknown`, and for the `missing: …` of a template."""
    return document if isinstance(document, str) and document.split(":")[0] not in ("unknown", "missing") else ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of a competition; the parts are described in `scoring.language`."""

    id: str
    title: Words
    authority: Words
    document: str
    status: str
    in_force: tuple[date, date | None]
    cites: Mapping[str, str]
    field: FieldRule
    marking: Marking
    aggregation: Aggregation
    rounding: Rounding
    standing: StandingRule
    awards: AwardRule
    promotion: Promotion
    titles: tuple[TitleRule, ...]
    eligibility: tuple[EligibilityRule, ...]
    passing: PassingRule | None
    delegations: DelegationRule | None
    signing: SigningRule
    review: ReviewRule | None
    appeals: AppealRule | None
    fingerprint: str

    def usable(self, on: date) -> Verdict:
        """Whether this policy may decide anything on that day."""
        first, last = self.in_force
        if self.status == "template":
            return No(
                "policy.template",
                Words("这是模板，须补齐文号并确认后使用", "a template: complete and confirm it first"),
            )
        if on < first or (last is not None and on > last):
            day, since = days_said([on]), days_said([first])
            end = days_said([last]) if last else None
            zh = f"{since.zh}至{end.zh}" if end else f"{since.zh}起"
            en = f"{since.en} to {end.en}" if end else f"the time from {since.en}"
            return No("policy.not-in-force", Words(f"{day.zh}不在有效期（{zh}）内", f"{day.en} is outside {en}"))
        return Yes("policy.in-force")

    def cited(self, source: str) -> str:
        """The citation behind a source; empty for the organiser's own settings."""
        return self.cites.get(source, "")


def shipped() -> tuple[str, ...]:
    """The ids of the policies that come with the program, in alphabetical order."""
    folder = resources.files("scoring") / "policies"
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))


def load(id: str) -> Policy:
    """A shipped policy; `Problems` (policy.not-shipped) for any other id."""
    return parse(text_of(id), f"{id}.toml")


def text_of(id: str) -> str:
    """The TOML text of a shipped policy; `Problems` (policy.not-shipped) for any other id."""
    if id not in shipped():
        raise Problems((_unknown(id),))
    return (resources.files("scoring") / "policies" / f"{id}.toml").read_text("utf-8")


def parse(text: str, name: str) -> Policy:
    """The policy in a TOML text; `name` is the file that problems point to. Raises `Problems` with all of them."""
    return from_data(read_toml(text, name), name, key_lines(text))


def described(
    text: str, name: str
) -> tuple[dict[str, object], Mapping[Path, Asked], tuple[Problem, ...], Policy | None]:
    """A text that may be unfinished: its data, what the language asks for at every place, what is wrong, and the policy
    when nothing is. Raises `Problems` only for what is no TOML at all."""
    raw = read_toml(text, name)
    notes = Notes("policy", name, key_lines(text))
    policy = _read(Table(raw, notes), raw)
    return raw, notes.asked, tuple(notes.problems), None if notes.problems else policy


def from_data(raw: Mapping[str, object], name: str, lines: Mapping[Path, int] | None = None) -> Policy:
    """The policy in data that was read already; `lines` say where its keys stand in a text, when there is one."""
    notes = Notes("policy", name, lines or {})
    policy = _read(Table(raw, notes), raw)
    if notes.problems:
        raise Problems(tuple(notes.problems))
    return policy


def _read(table: Table, raw: Mapping[str, object]) -> Policy:
    cites = _cites(table.table("cites"))
    sources = (*cites, ORGANISER)
    awards = read_awards(table.table("awards"), sources)
    passing = read_passing(table.table("passing", required=False), sources)
    names = Names(sources, tuple(prize.id for prize in awards.prizes), tuple(passing.marks) if passing else ())
    titles = read_titles(table, names)
    policy = Policy(
        id=table.text("id"),
        title=table.words("title"),
        authority=table.words("authority"),
        document=table.text("document"),
        status=table.choice("status", STATUSES),
        in_force=_in_force(table.table("in_force")),
        cites=cites,
        field=read_field(table.table("field"), sources),
        marking=read_marking(table.table("marking"), sources),
        aggregation=read_aggregation(table.table("aggregation"), sources),
        rounding=read_rounding(table.table("rounding"), sources),
        standing=read_standing(table.table("standing"), sources),
        awards=awards,
        promotion=read_promotion(table.table("promotion"), names, titles),
        titles=titles,
        eligibility=read_eligibility(table.table("eligibility", required=False), sources),
        passing=passing,
        delegations=read_delegations(table.table("delegations", required=False), names),
        signing=read_signing(table.table("signing", required=False), sources),
        review=read_review(table.table("review", required=False), sources),
        appeals=read_appeals(table.table("appeals", required=False), sources),
        fingerprint=_fingerprint(raw),
    )
    table.close()
    if not table.notes.problems:
        check_bands(table.notes, policy.promotion.rules)
    return policy


def _cites(table: Table) -> dict[str, str]:
    cites = {key: table.text(key) for key in table.names()}
    if ORGANISER in cites:
        table.refuse(
            "cites-organiser",
            ORGANISER,
            Words("organiser 不是出处", "organiser is not a citation"),
            Words("换一个名字", "give the citation another name"),
        )
    return cites


def _in_force(table: Table) -> tuple[date, date | None]:
    first = table.day("from")
    if first is None and not table.has("from"):
        table.refuse(
            "missing-key", "from", Words("缺少开始日期", "the first day is missing"), Words("填写 from", "give from")
        )
    last = table.day("until")
    if first and last and last < first:
        words = Words(f"有效期止于 {last}，早于开始 {first}", f"it ends on {last}, before it begins on {first}")
        table.refuse("in-force-backwards", "until", words, Words("改正 from 或 until", "mend from or until"))
    table.close()
    return first or date.min, last


def _fingerprint(raw: Mapping[str, object]) -> str:
    """SHA-256 over the canonical content: keys sorted, numbers exact, comments and layout gone."""
    content = json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def _unknown(id: str) -> Problem:
    return Problem(
        "policy.not-shipped",
        Place(f"{id}.toml"),
        Words(f"没有名为 {id} 的规则", f"no policy named {id} is shipped"),
        Words(f"可用：{'、'.join(shipped())}", f"known: {', '.join(shipped())}"),
    )
