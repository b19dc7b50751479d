"""The fields in which one competitor is typed, and what is noted beside each of them: wrong, doubtful, mended.

A field's name is Podium's name of the workbook's column and the member's number, `phone-2`; what an entry has once
stands without a number: `event`, `team`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from admin.registering import IDENTITIES
from admin.sheets.columns import PEOPLES
from admin.sheets.documents import SEX_WORDS
from admin.sheets.headings import NAMES, known_headings, plain
from admin.sheets.registration import RegistrationSheet
from scoring.identity import KINDS, RESIDENT, birth_date, identify, sex
from scoring.ladder import LADDER, LEVELS
from scoring.verdict import Problem, Words, Yes
from server.registration.comparing import Plan
from server.registration.form import Row, line_of
from server.web.page import spoken

SEXES = {"男": Words("男", "Male"), "女": Words("女", "Female")}
EDUCATION = ("初中", "高中", "中专", "技工学校", "大专", "本科", "硕士研究生", "博士研究生")
OF_ENTRY = {"event": "event", "group": "event", "occupation": "event", "occupation_code": "event", "team": "team"}
"""What is the entry's and not a member's, and beside which field it is told."""
NONE = Words("", "")
MENDS = {
    "registration.still-in": Words("请在名单里打开那一份来修改。", "Open that entry in the list and change it there."),
    "registration.id-twice": Words("请核对号码，同一人只填一次。", "Check the number; nobody stands here twice."),
}
"""Where a workbook's mend speaks of rows and files."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a person: how it is typed, and what helps."""

    name: str
    kind: str = "text"
    required: bool = False
    wide: bool = False
    hint: Words = NONE


PERSON = (
    Field("name", required=True, hint=Words("与证件一致", "as on the document")),
    Field("phone", "tel", required=True),
    Field("document_kind", "select", required=True),
    Field("document_number", required=True),
    Field("sex", "select", required=True),
    Field("birth", "date", hint=Words("身份证号里有的可不填", "not needed where the number holds it")),
    Field("unit", required=True, wide=True),
    Field("identity", "select", required=True),
    Field("education"),
    Field("level_text", "select"),
    Field("level_certificate"),
    Field("ethnicity"),
    Field("note", wide=True, hint=Words("称号等需要说明的", "titles and whatever else has to be said")),
)
OPTIONS: Mapping[str, Sequence[tuple[str, Words]]] = {
    "sex": tuple(SEXES.items()),
    "document_kind": tuple((words.zh, words) for words in KINDS.values()),
    "identity": tuple((words.zh, words) for words in IDENTITIES.values()),
    "level_text": (("", Words("无", "None")), *((level.printed, level.name) for level in LADDER)),
}
SUGGESTED: Mapping[str, Sequence[str]] = {
    "ethnicity": tuple(f"{name}族" for name in sorted(PEOPLES)),
    "education": EDUCATION,
}
ASKED = {"sex", "identity"}
"""Lists that begin with nothing chosen."""


def drawn(number: int, values: Mapping[str, str], lang: str, fields: Sequence[Field] = PERSON) -> list[dict[str, Any]]:
    """The fields of the n-th member as the template draws them."""
    return [_drawn(field, number, values, lang) for field in fields]


def _drawn(field: Field, number: int, values: Mapping[str, str], lang: str) -> dict[str, Any]:
    name = f"{field.name}-{number}"
    options = [{"value": value, "label": spoken(words, lang)} for value, words in OPTIONS.get(field.name, ())]
    value = values.get(name, KINDS[RESIDENT].zh if field.name == "document_kind" else "")
    if field.name in ASKED:
        options.insert(0, {"value": "", "label": spoken(Words("请选择", "Choose"), lang)})
    if field.kind == "select" and value not in {option["value"] for option in options}:
        options.append({"value": value, "label": value})
    return {
        "name": name,
        "plain": field.name,
        "label": spoken(NAMES[field.name], lang),
        "hint": spoken(field.hint, lang),
        "kind": field.kind,
        "required": field.required,
        "wide": field.wide,
        "value": value,
        "options": options,
        "suggestions": list(SUGGESTED.get(field.name, ())),
    }


def typed(event: Mapping[str, Any], values: Mapping[str, str], count: int) -> list[dict[str, str]]:
    """What was typed as rows of a workbook; event, occupation and team are the same in each."""
    shared = {
        "event": event["name"],
        "group": event["division"],
        "occupation": event["occupation"],
        "occupation_code": event["occupation_code"],
        "team": values.get("team", "").strip() if event["team_size"] > 1 else "",
    }
    return [
        {**shared, **{field.name: values.get(f"{field.name}-{number}", "") for field in PERSON}}
        for number in range(1, count + 1)
    ]


def as_typed(members: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """A stored entry as it would have been typed."""
    values = {"team": str(members[0]["team"])}
    for number, one in enumerate(members, 1):
        told = {
            **{name: one[name] for name in ("name", "phone", "document_number", "unit", "education", "ethnicity")},
            "document_kind": KINDS[one["document_kind"]].zh,
            "sex": SEX_WORDS.get(one["sex"], ""),
            "birth": one["birth_date"].isoformat() if one["birth_date"] else "",
            "identity": IDENTITIES[one["identity"]].zh if one["identity"] else "",
            "level_text": LEVELS[one["level"]].printed if one["level"] else "",
            "level_certificate": one["level_certificate"],
        }
        values |= {f"{name}-{number}": value for name, value in told.items()}
    return values


def differs(
    members: Sequence[Mapping[str, Any]], values: Mapping[str, str], lang: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Beside which fields something else is stored than what was typed, and what."""
    for name, stored in {"event": str(members[0]["code"]), **as_typed(members)}.items():
        typed_in = values.get(name, "").strip()
        if stored != typed_in and (typed_in or not name.startswith("birth-")):  # the number may hold it
            words = Words(f"现在是：{stored or '空'}", f"Now it is: {stored or 'empty'}")
            what = spoken(words, lang)
            yield name, {"kind": "now", "code": "entry.changed", "what": what, "mend": "", "clause": "", "tick": ""}


Notes = dict[str, list[dict[str, Any]]]


def notes(read: RegistrationSheet, plan: Plan | None, ticked: Iterable[str], lang: str) -> Notes:
    """What is to be said beside each field: of the form alone, and, with a plan, of what is stored."""
    found: Notes = {}
    ticks = frozenset(ticked)
    refusals = [one for line in plan.lines for one in line.refusals] if plan else list(read.problems)
    for one in [*refusals, *(plan.whole if plan else ())]:
        _note(found, "wrong", one, lang)
    for line in plan.lines if plan else ():
        for doubt in line.doubts:
            tick = f"tick-{line.row.row}-{doubt.problem.code}"
            more = {"clause": spoken(doubt.clause, lang), "tick": tick, "ticked": tick in ticks}
            _note(found, "doubt", doubt.problem, lang, **more)
    for mended in read.mended:
        words = f"{mended.before.strip()} → {mended.after}"
        beside = f"{field_of(mended.place.key)}-{mended.place.row}"
        found.setdefault(beside, []).append(
            {"kind": "mended", "code": mended.code, "what": spoken(mended.words, lang), "mend": words}
        )
    return found


def _note(found: Notes, kind: str, one: Problem, lang: str, **more: Any) -> None:
    field = field_of(one.place.key or one.place.column)
    beside = OF_ENTRY.get(field) or (f"{field}-{one.place.row or 1}" if field else "event")
    note = {
        "kind": kind,
        "code": one.code,
        "what": spoken(one.words, lang),
        "mend": spoken(MENDS.get(one.code, one.mend), lang),
    }
    if all(other["code"] != one.code for other in found.get(beside, ())):  # a team's quota is told once
        found.setdefault(beside, []).append({**note, **more})


def sex_in(row: Row) -> str:
    """The sex that a document's number tells, as the field's list says it."""
    holds = row.document_kind in (RESIDENT, "hmt-permit") and isinstance(
        identify(row.document_kind, row.document_number), Yes
    )
    return SEX_WORDS[sex(row.document_number) or ""] if holds else ""


def told_by(row: Row, lang: str) -> str:
    """What a number says of its holder, so that whoever types it sees a slip at once."""
    told, day = sex_in(row), birth_date(row.document_number)
    return f"{day.isoformat()} · {spoken(SEXES[told], lang)}" if told and day else ""


def field_of(heading: str) -> str:
    """The field that a problem's heading names; nothing when it is about none."""
    return known_headings().get(plain(heading), "")


def ticked(read: RegistrationSheet, values: Mapping[str, str]) -> dict[tuple[str, int], frozenset[str]]:
    """Which doubts of each row were ticked."""
    return {
        line_of(row): frozenset(
            name.removeprefix(f"tick-{row.row}-") for name in values if name.startswith(f"tick-{row.row}-")
        )
        for row in read.rows
    }
