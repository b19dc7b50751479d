"""A policy's text as a form and back: one field for every value that it writes, and for those that it might.

Nothing is known here of single keys: what a place wants is what the reading of the text itself asked for, so that a key
that the language learns is in the form the same day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zlib import crc32

from admin.policy_words import ROWS, SECTIONS, label_of, option_of
from scoring.ladder import LEVELS
from scoring.language.lines import Path
from scoring.language.table import Asked
from scoring.numerals import exact
from scoring.policy import Policy, described
from scoring.verdict import Problem, Words

BOTH = ("zh", "en")
ABOUT = ("title", "authority", "in_force")
HIDDEN = ("id", "document", "status")
"""Not typed: an own policy's code is its id; number and status come with its confirmation."""
OFFERED = ("percent", "ranks", "rounding")
"""Keys whose mere presence says something and which a form offers where they are not written."""
SEPARATOR = re.compile(r"[,，、;；\s]+")
CITE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST = 1500


@dataclass(frozen=True, slots=True)
class Line:
    """One place: its field's name, what it is called, what it holds as text, what it wants, whether the text writes it."""

    path: Path
    name: str
    label: Words
    value: str
    asked: Asked
    written: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as a form sees it; `policy` is None while something is wrong."""

    raw: Mapping[str, object]
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    policy: Policy | None


def draft_of(text: str) -> Draft:
    """A text, finished or not. Raises Problems only for what is no TOML."""
    raw, asked, problems, policy = described(text, "")
    written = dict(_leaves(raw))
    places = dict.fromkeys([*written, *(path for path in asked if path not in written and _offered(path, asked[path]))])
    lines = [
        Line(path, name_of(path), label_of(path), shown(written[path]) if path in written else "", _wants(path, asked, written), path in written)
        for path in places
        if path[0] not in HIDDEN and not _is_table(raw, path)
    ]  # fmt: skip
    return Draft(raw, tuple(lines), problems, policy)


def name_of(path: Path) -> str:
    """A field's name: the path itself, so that nothing has to be remembered between two answers."""
    return json.dumps(list(path), ensure_ascii=False, separators=(",", ":"))


def id_of(line: Line) -> str:
    """A field's id on the page: the same for the same place, whatever else the text says."""
    return f"{crc32(line.name.encode()):08x}"


def typed_into(draft: Draft, form: Mapping[str, Any]) -> dict[Path, str | None]:
    """What a posted form says otherwise than the text: path → literal, None for what was emptied."""
    changed: dict[Path, str | None] = {}
    for line in draft.lines:
        typed = form.get(line.name)
        if not isinstance(typed, str):
            continue
        typed = typed.replace("\r\n", " ").replace("\n", " ").strip()[:LONGEST]
        if typed == line.value:
            continue
        changed[line.path] = literal(typed, line.asked.kind) if typed else None
    name, cited = (str(form.get(one, "")).strip()[:300] for one in ("cite", "cited"))
    if CITE.fullmatch(name) and cited:
        changed["cites", name] = literal(cited, "text")
    return changed


def literal(typed: str, kind: str) -> str:
    """What was typed, as a TOML literal; what cannot be read as its kind stays a text, and the rules say what is wrong."""
    if kind in ("text", "choice"):
        return json.dumps(_clean(typed), ensure_ascii=False)
    if kind == "flag" and typed in ("true", "false"):
        return typed
    if kind in ("texts",):
        return json.dumps([_clean(one) for one in SEPARATOR.split(typed) if one], ensure_ascii=False)
    parts = [one for one in SEPARATOR.split(typed.replace("–", ",")) if one]
    if kind == "day" and _is_day(typed):
        return typed
    if kind in ("wholes", "band") or (kind == "any" and len(parts) > 1):
        numbers = [_number(one) for one in parts]
        if all(numbers):
            return f"[{', '.join(str(one) for one in numbers)}]"
    elif (number := _number(typed)) is not None:
        return number
    return json.dumps(_clean(typed), ensure_ascii=False)


def shown(value: object) -> str:
    """A value as it stands in a field."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _clean(typed: str) -> str:
    return "".join(sign for sign in typed if sign.isprintable())


def _number(typed: str) -> str | None:
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,9})?", typed, re.ASCII):
        return None
    exact(typed)
    sign, digits = ("-", typed[1:]) if typed.startswith("-") else ("", typed)
    whole, dot, rest = digits.partition(".")
    return f"{sign}{whole.lstrip('0') or '0'}{dot}{rest}"


def _is_day(typed: str) -> bool:
    try:
        return date.fromisoformat(typed).isoformat() == typed
    except ValueError:
        return False


def _leaves(raw: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    if isinstance(raw, Mapping):
        for key, value in raw.items():
            yield from _leaves(value, (*path, str(key)))
    elif isinstance(raw, list) and raw and isinstance(raw[0], Mapping):
        for at, value in enumerate(raw):
            yield from _leaves(value, (*path, at))
    else:
        yield path, raw


def _offered(path: Path, asked: Asked) -> bool:
    """Whether a key that is not written gets a field: every one whose kind is known, and a few whose presence says it."""
    return asked.kind != "any" or path[-1] in OFFERED or path[-2] == "holders"


def _is_table(raw: Mapping[str, object], path: Path) -> bool:
    """Whether there is a table where the language also reads a plain value (ranks by size of team)."""
    found: Any = raw
    for part in path:
        found = (
            found.get(part)
            if isinstance(found, Mapping)
            else found[part]
            if isinstance(found, list) and isinstance(part, int) and part < len(found)
            else None
        )
    return isinstance(found, Mapping)


def _wants(path: Path, asked: Mapping[Path, Asked], written: Mapping[Path, object]) -> Asked:
    known = asked.get(path)
    if known is not None and known.kind != "any":
        return known
    if len(path) > 1 and path[-2] == "holders":
        return Asked("choice", (*LEVELS, "unchanged", "silent"), "")
    value = written.get(path)
    if isinstance(value, bool):
        return Asked("flag")
    if isinstance(value, str):
        return Asked("text")
    if isinstance(value, date):
        return Asked("day")
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return Asked("texts")
    return Asked("any")


def sections_of(draft: Draft, lang: str, theirs: Mapping[Path, str] | None = None) -> list[dict[str, Any]]:
    """The form as a page draws it: sections, groups of fields (one a row of a list), each field with what is wrong there."""
    wrong = by_path(draft.problems)
    groups: dict[str, dict[Path, list[Line]]] = {name: {} for name in SECTIONS}
    for line in draft.lines:
        section = _section(line.path)
        if section in groups:
            groups[section].setdefault(_row(line.path), []).append(line)
    found = []
    for name, rows in groups.items():
        if not rows:
            continue
        ordered = sorted(rows.items(), key=lambda one: (len(one[0]) > 0, one[0]))
        found.append(
            {
                "id": name,
                "name": _say(SECTIONS[name], lang),
                "groups": [_group(row, lines, draft, wrong, theirs or {}, lang) for row, lines in ordered],
            }
        )
    return found


def by_path(problems: tuple[Problem, ...]) -> dict[str, list[Problem]]:
    """The problems by the place that they name."""
    found: dict[str, list[Problem]] = {}
    for one in problems:
        found.setdefault(one.place.key, []).append(one)
    return found


def _group(
    row: Path,
    lines: list[Line],
    draft: Draft,
    wrong: Mapping[str, list[Problem]],
    theirs: Mapping[Path, str],
    lang: str,
) -> dict[str, Any]:
    fields = _paired([_field(line, wrong, theirs, lang) for line in lines])
    named = next(
        (line.value for line in lines if line.path[-2:] in (("name", "zh"), ("name", "en")) and line.path[-1] == lang),
        "",
    )
    id = next((line.value for line in lines if line.path == (*row, "id")), "")
    title = ""
    if row:
        title = f"{_say(ROWS[str(row[0])], lang)} {int(row[-1]) + 1} · {named or id}"
    usual = [one for one in fields if one["written"] or one["needed"] or one["wrong"]]
    return {
        "row": name_of(row) if row else "",
        "path": ".".join(map(str, row)),
        "first": bool(row) and row[-1] == 0,
        "title": title,
        "fields": usual,
        "more": [one for one in fields if one not in usual],
        "wrong": [said(one, lang) for one in wrong.get(".".join(map(str, row)), ())] if row else [],
    }


def _field(line: Line, wrong: Mapping[str, list[Problem]], theirs: Mapping[Path, str], lang: str) -> dict[str, Any]:
    asked, here = line.asked, ".".join(map(str, line.path))
    kind = {"choice": "select", "flag": "flag", "whole": "number", "number": "number", "day": "date"}.get(
        asked.kind, "text"
    )
    number_typed = not line.value or _number(line.value) is not None
    needed = asked.default is None and asked.kind not in ("any", "day")
    options = [{"value": word, "label": _say(option_of(word), lang)} for word in asked.among]
    if kind == "select" and line.value and line.value not in asked.among:
        options.insert(0, {"value": line.value, "label": line.value})
    if kind == "select" and not (needed and line.value):
        options.insert(0, {"value": "", "label": "—"})
    return {
        "name": line.name,
        "id": id_of(line),
        "label": _say(line.label, lang),
        "language": str(line.path[-1]) if line.path[-1] in BOTH else "",
        "kind": kind if kind != "number" or number_typed else "text",
        "value": line.value,
        "options": options if kind == "select" else [],
        "among": [{"value": word, "label": _say(option_of(word), lang)} for word in asked.among]
        if asked.kind == "texts"
        else [],
        "default": shown(asked.default) if asked.default not in (None, "", ()) else "",
        "default_said": _say(option_of(shown(asked.default)), lang) if asked.default not in (None, "", ()) else "",
        "needed": needed,
        "written": line.written,
        "wrong": [beside(one, lang) for one in wrong.get(here, ())],
        "theirs": theirs.get(line.path, "") if line.path in theirs and theirs[line.path] != line.value else "",
    }


def _paired(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sentences come in both languages: the label is said once, the language beside it."""
    for one in fields:
        one["wide"] = bool(one["language"])
        if one["language"]:
            one["label"] = one["label"].rsplit(" · ", 1)[0]
    return fields


def _section(path: Path) -> str:
    return "about" if len(path) == 1 or path[0] in ABOUT else str(path[0])


def _row(path: Path) -> Path:
    """The row of a list of tables that a place belongs to; () for what stands in the section itself."""
    if path[0] == "titles":
        return path[:2]
    return path[:3] if len(path) > 2 and path[1] in ("rule", "prize") else ()


def said(problem: Problem, lang: str) -> str:
    """What is wrong and how to mend it."""
    return f"{_say(problem.words, lang)}{'；' if lang == 'zh' else '; '}{_say(problem.mend, lang)}"


def beside(problem: Problem, lang: str) -> str:
    """The same beside its own field: of a value that is missing or of the wrong kind, what to fill in says it all."""
    return _say(problem.mend, lang) if problem.code.endswith(("missing-key", "wrong-value")) else said(problem, lang)


def _say(words: Words, lang: str) -> str:
    return words.en if lang == "en" else words.zh
