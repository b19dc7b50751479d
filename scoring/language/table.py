"""Strict reading of a table: every key is asked for by name, and whatever nobody asked for is refused.

A `Table` never raises while it reads. It notes each problem with key and line and goes on with a harmless value, so
that an organiser sees all mistakes at once; the one who opened the outermost table raises what was noted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from scoring.language.lines import Path
from scoring.verdict import NO_WORDS, Place, Problem, Words

Raw = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the language wants at one place.

    `kind` is text, choice, whole, number, flag, day, texts, wholes, band, or "any" for a key of which only its presence
    was asked; `among` are the words it knows, `default` is what holds where the key is not written.
    """

    kind: str
    among: tuple[str, ...] = ()
    default: object = None


class Notes:
    """Where the problems of one text gather, and the lines that its keys stand on; `kind` begins every code.

    `asked` is every place that was asked for, in order: with it a form can offer what a text may say.
    """

    def __init__(self, kind: str, name: str, lines: Mapping[Path, int]) -> None:
        self.kind = kind
        self.name = name
        self.lines = lines
        self.problems: list[Problem] = []
        self.asked: dict[Path, Asked] = {}

    def add(self, code: str, path: Path, words: Words, mend: Words) -> None:
        """Notes one problem at `path`, or at the nearest table around it that has a line."""
        known = next((path[:end] for end in range(len(path), 0, -1) if path[:end] in self.lines), ())
        key = ".".join(str(part) for part in path)
        self.problems.append(
            Problem(f"{self.kind}.{code}", Place(self.name, key=key, line=self.lines.get(known, 0)), words, mend)
        )


class Table:
    """One table of the text. Keys are optional exactly when a default is given."""

    def __init__(self, raw: object, notes: Notes, path: Path = (), required: bool = True) -> None:
        self.notes = notes
        self.path = path
        self.present = raw is not None
        self.raw: Raw = raw if isinstance(raw, Mapping) else {}
        self.asked: set[str] = set()
        self.refused = False
        if not isinstance(raw, Mapping) and (self.present or required):
            self._wrong(path, "表", "a table", raw)
            self.refused = True

    def has(self, key: str) -> bool:
        """Whether an optional key was written; from then on it is a known one."""
        self.asked.add(key)
        self.notes.asked.setdefault((*self.path, key), Asked("any"))
        return key in self.raw

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty, unless the default itself is empty."""
        self._note(key, Asked("text", default=default))
        value = self._ask(key, default)
        if isinstance(value, str) and (value or default == ""):
            return value
        self._wrong((*self.path, key), "文字", "a text", value)
        return ""

    def choice(self, key: str, among: Iterable[str], default: str | None = None) -> str:
        """One of the given words."""
        known = tuple(among)
        self._note(key, Asked("choice", known, default))
        value = self._ask(key, default)
        if isinstance(value, str) and (value in known or value == default):
            return value
        self._wrong((*self.path, key), "、".join(known), "one of " + ", ".join(known), value)
        return known[0]

    def whole(self, key: str, default: int | None = None, least: int = 0) -> int:
        """A whole number, `least` or more."""
        self._note(key, Asked("whole", default=default))
        value = self._ask(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and (value >= least or value == default):
            return value
        self._wrong((*self.path, key), f"不小于 {least} 的整数", f"a whole number, {least} or more", value)
        return least

    def number(self, key: str, default: Fraction | None = None) -> Fraction:
        """An exact number; a written 12.5 is 25/2 and never a binary fraction."""
        self._note(key, Asked("number", default=default))
        value = self._ask(key, default)
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return Fraction(value)
        self._wrong((*self.path, key), "数字", "a number", value)
        return Fraction(0)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """true or false."""
        self._note(key, Asked("flag", default=default))
        value = self._ask(key, default)
        if isinstance(value, bool):
            return value
        self._wrong((*self.path, key), "true 或 false", "true or false", value)
        return False

    def day(self, key: str, default: date | None = None) -> date | None:
        """A date like 2025-04-16; None when it was left out and may be."""
        value = self.raw.get(key)
        self.asked.add(key)
        self._note(key, Asked("day", default=default))
        if type(value) is date or (value is None and default is None):
            return value
        self._wrong((*self.path, key), "2025-04-16 这样的日期", "a date like 2025-04-16", value)
        return default

    def words(self, key: str, optional: bool = False) -> Words:
        """A sentence in both languages: { zh = "…", en = "…" }."""
        if optional and not self.has(key):
            return NO_WORDS
        both = self.table(key)
        words = Words(both.text("zh"), both.text("en"))
        both.close()
        return words

    def texts(
        self, key: str, among: Iterable[str] | None = None, default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """A list of texts, each one of `among` when that is given."""
        value = self._ask(key, default)
        known = None if among is None else tuple(among)
        self._note(key, Asked("texts", known or (), default))
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            wrong = [item for item in value if known is not None and item not in known]
            if not wrong:
                return tuple(value)
            value = wrong[0]
        zh, en = ("文字列表", "a list of texts") if known is None else _list_of(known)
        self._wrong((*self.path, key), zh, en, value)
        return ()

    def some(self, key: str, among: Iterable[str] | None = None) -> tuple[str, ...]:
        """A list of texts that may be left out; but not empty, because nobody can tell whether that is all or none."""
        value = self.texts(key, among, default=())
        if self.raw.get(key) in ([], ()):
            words = Words(f"{key} 是空的：是全部，还是没有？", f"{key} is empty: does that mean all or none?")
            self.refuse("empty-list", key, words, Words(f"填写，或删去 {key}", f"fill it in, or delete {key}"))
        return value

    def percent(self, key: str, none: bool = False) -> Fraction:
        """A percentage, 100 at most; over 0 unless `none` at all makes sense."""
        value = self.number(key)
        if value > 100 or value < 0 or (value == 0 and not none and self.raw.get(key) == 0):
            zh, en = ("0 至 100", "0 to 100") if none else ("大于 0、不超过 100", "over 0 and 100 at most")
            self._wrong((*self.path, key), f"{zh} 的百分数", f"a percentage {en}", value)
        return value

    def wholes(self, key: str, default: tuple[int, ...] | None = None) -> tuple[int, ...]:
        """A list of whole numbers, none below 0."""
        self._note(key, Asked("wholes", default=default))
        value = self._ask(key, default)
        if isinstance(value, list | tuple) and all(type(item) is int and item >= 0 for item in value):
            return tuple(value)
        self._wrong((*self.path, key), "整数列表", "a list of whole numbers", value)
        return ()

    def band(self, key: str) -> tuple[int, int]:
        """Two whole numbers from … to, both included; ranks and sizes begin at 1."""
        self._note(key, Asked("band"))
        value = self._ask(key, None)
        if isinstance(value, list) and [type(item) for item in value] == [int, int] and 1 <= value[0] <= value[1]:
            return value[0], value[1]
        self._wrong((*self.path, key), "[起, 止] 两个整数，从 1 起", "two whole numbers [from, to], from 1 on", value)
        return 1, 1

    def table(self, key: str, required: bool = True) -> "Table":
        """The table under a key; an empty one that is not `present` when it may be left out."""
        self.asked.add(key)
        inner = Table(self.raw.get(key), self.notes, (*self.path, key), required and not self.refused)
        inner.refused |= self.refused
        return inner

    def tables(self, key: str) -> tuple["Table", ...]:
        """The tables of an array, none when it was left out."""
        value = self._ask(key, [])
        if isinstance(value, list | tuple):
            return tuple(Table(item, self.notes, (*self.path, key, index)) for index, item in enumerate(value))
        self._wrong((*self.path, key), "表的列表", "a list of tables", value)
        return ()

    def names(self) -> tuple[str, ...]:
        """All keys, for tables whose keys are names that the policy itself chooses."""
        self.asked.update(self.raw)
        return tuple(self.raw)

    def only(self, key: str, kind: str, reads: Mapping[str, tuple[str, ...]]) -> None:
        """Refuses every key that some kind of this table reads and the one that was chosen does not."""
        known = {name for names in reads.values() for name in names}
        for other in self.raw:
            if other in known and self.raw.get(key) == kind and other not in reads[kind]:
                read = reads[kind] or (key,)
                self.asked.add(other)
                self.refuse(
                    "key-not-read",
                    other,
                    Words(f'{key} = "{kind}" 时 {other} 不起作用', f'{other} means nothing with {key} = "{kind}"'),
                    Words(f"删去；此处可用：{'、'.join(read)}", f"delete it; read here: {', '.join(read)}"),
                )

    def distinct(self, key: str, ids: Iterable[str], code: str, what: Words) -> None:
        """Refuses an id that two tables of an array share; `what` says what they are."""
        seen: set[str] = set()
        for index, id in enumerate(ids):
            if id and id in seen:
                words = Words(f"{what.zh} {id} 写了两次", f"{what.en} {id} is given twice")
                mend = Words("每个 id 只用一次", "use every id once")
                self.notes.add(code, (*self.path, key, index, "id"), words, mend)
            seen.add(id)

    def close(self) -> None:
        """Refuses every key that nobody asked for."""
        for key in self.raw:
            if key not in self.asked:
                self.refuse(
                    "unknown-key",
                    key,
                    Words(f"不认识的键 {key}", f"unknown key {key}"),
                    Words(f"可用的键：{'、'.join(sorted(self.asked))}", f"known here: {', '.join(sorted(self.asked))}"),
                )

    def refuse(self, code: str, key: str, words: Words, mend: Words) -> None:
        """Notes a problem at one key of this table."""
        self.notes.add(code, (*self.path, key) if key else self.path, words, mend)

    def _note(self, key: str, asked: Asked) -> None:
        if not self.refused:
            self.notes.asked[(*self.path, key)] = asked

    def _ask(self, key: str, default: object) -> object:
        self.asked.add(key)
        return self.raw.get(key, default)

    def _wrong(self, path: Path, zh: str, en: str, value: object) -> None:
        if self.refused:
            return
        name = ".".join(str(part) for part in path) or "?"
        if value is None:
            words = Words(f"缺少 {name}", f"{name} is missing")
        else:
            words = Words(f"{name} 应为{zh}", f"{name} must be {en}")
        code = "missing-key" if value is None else "wrong-value"
        self.notes.add(code, path, words, Words(f"填写{zh}", f"give {en}"))


def _list_of(known: tuple[str, ...]) -> tuple[str, str]:
    return f"列表，可用：{'、'.join(known)}", f"a list, each one of {', '.join(known)}"
