"""The fields of the set-up's forms: what each is called, what may stand in it, what was typed, what is wrong with it.

A *field* is what the template `office/fields.html` draws: name, label, hint, kind, value, options, required, wide, and
for an edit `theirs` (what somebody else wrote meanwhile) and `wrong`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from certificates import designs
from scoring.ladder import LADDER
from scoring.verdict import Place, Problem, Words
from server.competitions.facts import EDITIONS, NAMES, STEPS, TIERS
from server.errors import told
from server.issuing.choosing import NAMES as NAMES_OF_DESIGNS
from server.web.page import spoken
from server.web.words import both

Typed = Mapping[str, str]
NONE = Words("", "")
OPTIONS: dict[str, list[tuple[str, Words]]] = {
    "tier": list(TIERS.items()),
    "rank": [("", Words("不分类", "No class")), ("1", Words("一类", "Class 1")), ("2", Words("二类", "Class 2"))],
    "design": [(name, NAMES_OF_DESIGNS[name]) for name in designs.suitable("award")],
    "occupation_edition": [(str(year), Words(f"{year} 年版", f"{year}")) for year in EDITIONS],
    "standard_level": [("", Words("不写", "Not said")), *((level.id, level.name) for level in LADDER)],
}
DIVISIONS = ("职工组", "学生组", "教师组", "职工组（含教师）", "混合组")
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Taipei", "Europe/Paris", "UTC")


def kept(form: Typed, name: str, was: str, now: str) -> str:
    """What a grid's cell shows after a refusal: what was typed into it, or, where its maker changed nothing, what stands there now.

    A cell that somebody else changed meanwhile would otherwise be overwritten by the next save, unseen.
    """
    typed = form.get(name)
    return now if typed is None or typed.strip() == form.get(was, "") else typed


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; the label is the fact's name."""

    name: str
    kind: str = "text"
    hint: Words = NONE
    required: bool = False
    wide: bool = False
    least: int = 0
    most: int = 0


NAMING = (
    Field("name", required=True, wide=True),
    Field("name_en", wide=True, hint=Words("证书和英文页面上用", "for certificates and English pages")),
    Field("document", hint=Words("发文的文号，可以以后再填", "of the announcing document; may come later")),
    Field("regions", "textarea", Words("一行一个；不写就是不限", "one a line; empty says nothing"), wide=True),
)
CLASS = (
    Field("tier", "select"),
    Field("rank", "select"),
    Field("province", hint=Words("两位行政区划代码，河北省是 13", "two digits; Hebei is 13")),
    Field("design", "select"),
)
DAYS = (
    Field("starts", "date", required=True),
    Field("ends", "date", required=True),
    Field("venue"),
    Field("venue_en"),
    Field("notice_days", "number", Words("周末不算", "weekends do not count"), True, False, 0, 365),
    Field("time_zone", "text", required=True),
)
WINDOW = (
    Field("registration_opens", "datetime-local", Words("按本竞赛的时区", "in the competition's time zone")),
    Field("registration_closes", "datetime-local", Words("到这一刻为止", "until this moment")),
)
OCCUPATION = (
    Field("occupation", required=True, wide=True),
    Field("occupation_code", hint=Words("如 6-18-02-04；没有就留空", "such as 6-18-02-04, or empty")),
    Field("occupation_edition", "select", Words("编码属于哪一版大典", "the edition that the code belongs to")),
    Field("work_type", hint=Words("整个职业就留空", "empty for the whole occupation")),
    Field("standard_level", "select", Words("试题按哪一级出", "to which the papers are set")),
)
EVENT = (
    Field("code", required=True, hint=Words("大写字母和数字，如 M01", "capital letters and digits, such as M01")),
    Field("name", required=True),
    Field("name_en"),
    Field("division", required=True),
    Field("category", hint=Words("同类的赛项排在一起", "events of one category stand together")),
    Field("category_en"),
)
ROOM = (
    Field("team_size", "number", Words("个人赛写 1", "1 for single competitors"), True, False, 1, 100),
    Field("stations", "number", Words("一场同时有几个", "at the same time"), True, False, 1, 1000),
    Field("shifts", "number", Words("0 表示按报名人数排", "0 for as many as needed"), True, False, 0, 100),
    Field(
        "capacity",
        "number",
        Words("最多几个参赛单元，0 不限", "entries at most; 0 sets no limit"),
        True,
        False,
        0,
        100_000,
    ),
    Field("judges", "number", Words("每个赛项的裁判组", "on the panel"), True, False, 1, 100),
)


def drawn(
    fields: Sequence[Field],
    values: Mapping[str, Any],
    lang: str,
    problems: Iterable[Problem] = (),
    theirs: Mapping[str, Any] | None = None,
    zone: str = "Asia/Shanghai",
    suggestions: Mapping[str, Sequence[str]] | None = None,
) -> list[dict[str, Any]]:
    """The fields as the template draws them, with what is wrong and what somebody else wrote beside each."""
    wrong = {problem.place.key: problem for problem in problems if problem.code != "setup.changed"}
    suggested = {"division": DIVISIONS, "time_zone": ZONES, **(suggestions or {})}
    made = []
    for field in fields:
        value, problem = typed(values.get(field.name), zone), wrong.get(field.name)
        there = typed(theirs[field.name], zone) if theirs and field.name in theirs else value
        options = [{"value": id, "label": spoken(words, lang)} for id, words in OPTIONS.get(field.name, ())]
        if options and value not in {option["value"] for option in options}:
            options.append({"value": value, "label": value})
        known = {option["value"]: option["label"] for option in options}
        made.append(
            {
                **{name: getattr(field, name) for name in ("name", "kind", "required", "wide", "least", "most")},
                "label": spoken(NAMES[field.name], lang),
                "hint": spoken(field.hint, lang),
                "value": value,
                "options": options,
                "suggestions": list(suggested.get(field.name, ())),
                "theirs": known.get(there) or _said(theirs[field.name], there, lang, zone)
                if theirs and there != value
                else "",
                "wrong": spoken(told(problem), lang) if problem else "",
            }
        )
    return made


def _said(value: Any, there: str, lang: str, zone: str) -> str:
    """What somebody else wrote, as a reader is told it."""
    return spoken(both(value, zone), lang) if isinstance(value, date) else there or "—"


def typed(value: Any, zone: str) -> str:
    """A stored value as it stands in a field."""
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if value.tzinfo else str(value)
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def steps(chosen: Sequence[str], lang: str) -> list[dict[str, Any]]:
    """Who may look at an entry, as ticks."""
    return [{"id": id, "label": spoken(words, lang), "on": id in chosen} for id, words in STEPS.items()]


@dataclass(slots=True)
class Reader:
    """Reads a posted form field by field, and collects what cannot be read."""

    form: Typed
    zone: str
    problems: list[Problem]

    def text(self, name: str) -> str:
        """A line of text."""
        return self.form.get(name, "").strip()

    def lines(self, name: str) -> list[str]:
        """One text a line, none twice."""
        return list(dict.fromkeys(line.strip() for line in self.form.get(name, "").splitlines() if line.strip()))

    def whole(self, field: Field) -> int:
        """A whole number within its bounds."""
        text = self.text(field.name)
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
        if number is not None and field.least <= number <= field.most:
            return number
        bounds = f"{field.least}–{field.most}"
        self._wrong(field.name, f"要写 {bounds} 的整数", f"A whole number from {bounds}")
        return field.least

    def day(self, name: str) -> date:
        """A day."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            self._wrong(name, "要写日期", "A day")
            return date.min

    def moment(self, name: str) -> datetime | None:
        """A moment in the competition's time zone; None when the field is empty."""
        text = self.text(name)
        try:
            return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.zone)) if text else None
        except ValueError:
            self._wrong(name, "要写日期和时间", "A day and a time")
            return None

    def _wrong(self, name: str, zh: str, en: str) -> None:
        words = Words(f"{NAMES[name].zh}{zh}。", f"{en} belongs into {NAMES[name].en.lower()}.")
        self.problems.append(Problem(f"setup.{name}", Place(key=name), words, NONE))
