"""On which line of a TOML text each key stands.

`tomllib` gives values without lines, and a refusal without a line sends an organiser hunting. This walks the text once
more, after `tomllib` has accepted it, so it may rely on the text being valid.
A *path* is how a value is reached: ("promotion", "rule", 2, "select") is the third `[[promotion.rule]]`, its `select`.
"""

import tomllib

Path = tuple[str | int, ...]


def key_lines(text: str) -> dict[Path, int]:
    """The line (from 1) of every table, key and array element in a valid TOML text."""
    return _Walk(text).walk()


class _Walk:
    """One pass over the text; `at` is the next sign, `base` the table that a header opened."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.base: Path = ()
        self.latest: dict[Path, int] = {}
        self.lines: dict[Path, int] = {}

    def walk(self) -> dict[Path, int]:
        while self._skip(" \t\n"):
            if self._here("[["):
                self._header(2)
            elif self._here("["):
                self._header(1)
            else:
                self._pair(self.base)
        return self.lines

    def _header(self, brackets: int) -> None:
        """`[a.b]` opens a table, `[[a.b]]` the next table of an array; arrays on the way mean their latest table."""
        self.at += brackets
        parts = self._key()
        self.at += brackets
        path: Path = ()
        for part in parts[:-1]:
            path += (part,)
            path += (self.latest[path],) if path in self.latest else ()
        path += (parts[-1],)
        if brackets == 2:
            self._note(path)
            self.latest[path] = self.latest.get(path, -1) + 1
            path += (self.latest[path],)
        self.base = path
        self._note(path)

    def _pair(self, base: Path) -> None:
        start = self.at
        path = base
        for part in self._key():
            path += (part,)
            self._note(path, start)
        self.at += 1
        self._skip(" \t")
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._here("{"):
            self._items("}", path)
        elif self._here("["):
            self._items("]", path)
        elif self._here('"') or self._here("'"):
            self._string()
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}\n#":
                self.at += 1

    def _items(self, close: str, path: Path) -> None:
        self.at += 1
        count = 0
        while self._skip(" \t\n,") and not self._here(close):
            if close == "}":
                self._pair(path)
            else:
                self._note((*path, count))
                self._value((*path, count))
                count += 1
        self.at += 1

    def _string(self) -> str:
        """Passes over a string of any of the four kinds and gives its source text."""
        start, quote = self.at, self.text[self.at]
        mark = quote * 3 if self._here(quote * 3) else quote
        self.at += len(mark)
        while not self._here(mark):
            self.at += 2 if quote == '"' and self._here("\\") else 1
        self.at += len(mark)
        while len(mark) == 3 and self._here(quote):
            self.at += 1
        return self.text[start : self.at]

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip(" \t")
            if self._here('"') or self._here("'"):
                parts.append(str(tomllib.loads(f"k = {self._string()}")["k"]))
            else:
                start = self.at
                while self.text[self.at].isalnum() or self.text[self.at] in "-_":
                    self.at += 1
                parts.append(self.text[start : self.at])
            self._skip(" \t")
            if not self._here("."):
                return parts
            self.at += 1

    def _skip(self, signs: str) -> bool:
        """Passes over `signs`, and over comments where a line may end; whether anything is left."""
        while self.at < len(self.text):
            if self.text[self.at] in signs:
                self.at += 1
            elif self._here("#") and "\n" in signs:
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return True
        return False

    def _here(self, signs: str) -> bool:
        return self.text.startswith(signs, self.at)

    def _note(self, path: Path, at: int | None = None) -> None:
        self.lines.setdefault(path, self.text.count("\n", 0, self.at if at is None else at) + 1)
