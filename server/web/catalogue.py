"""What the pages and the program say, collected from their sources, beside what the Chinese catalogue answers.

`python -m server.web.catalogue` brings podium.po up to date: new messages come in with an empty text for a person to write,
messages that nobody says any more go out. It writes no translation itself.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from server.web import words

ROOT = Path(__file__).parents[2]
SOURCES = ("server", "admin")
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}}
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}

HEADER = "# What Podium says, in Chinese. New messages: python -m server.web.catalogue, then write their texts."
BORN = datetime(2026, 11, 23, tzinfo=UTC)

Message = str | tuple[str, str]


def said() -> dict[Message, list[tuple[str, int]]]:
    """Every message of the sources with the places that say it."""
    places: dict[Message, list[tuple[str, int]]] = defaultdict(list)
    for source, file, line, message in _extracted():
        places[message].append((f"{source}/{file}", line))
    return dict(places)


def update() -> Catalog:
    """A catalogue with exactly the messages that are said, keeping the texts that exist."""
    known = words.read_catalogue() if words.CATALOGUE.exists() else Catalog(locale="zh")
    fresh = Catalog(
        locale="zh",
        project="podium",
        version="1",
        header_comment=HEADER,
        msgid_bugs_address="the issue tracker",
        last_translator="the founders",
        language_team="Chinese",
        creation_date=BORN,
        revision_date=BORN,
        fuzzy=False,
    )
    for message, places in sorted(said().items(), key=lambda item: item[1][0]):
        found = known.get(message if isinstance(message, str) else message[0])
        fresh.add(message, found.string if found else None, locations=sorted({(place, 0) for place, _ in places}))
    return fresh


def _extracted() -> Iterator[tuple[str, str, int, Message]]:
    for source in SOURCES:
        found = extract_from_dir(ROOT / source, METHODS, OPTIONS, KEYWORDS)
        for file, line, message, _comments, _context in found:
            yield source, file, line, tuple(message) if isinstance(message, list | tuple) else message  # type: ignore[misc]


def main() -> None:
    """Write podium.po anew."""
    catalogue = update()
    words.CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with words.CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=140, omit_header=False, include_lineno=False)


if __name__ == "__main__":
    main()
