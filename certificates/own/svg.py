"""Which SVG files a template may bring: drawings. Nothing that acts, and nothing that lies outside the file."""

import re
from xml.parsers import expat

from certificates.own.faults import Faulty

ACTING = frozenset({"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener"})
ELSEWHERE = re.compile(r"""url\(\s*(?:["']\s*)?(?!["'\s#])|@import""", re.IGNORECASE)


def check(name: str, text: str) -> None:
    """Raises Faulty with the line."""
    parser = expat.ParserCreate()

    def declared(*_: object) -> None:
        raise Faulty("svg.declares", name, parser.CurrentLineNumber)

    def opened(tag: str, attributes: dict[str, str]) -> None:
        line, local = parser.CurrentLineNumber, tag.rpartition(":")[2].lower()
        if local in ACTING:
            raise Faulty("svg.acts", name, line, f"<{tag}>")
        for attribute, value in attributes.items():
            which = attribute.rpartition(":")[2].lower()
            if which.startswith("on"):
                raise Faulty("svg.acts", name, line, attribute)
            if which in ("href", "src") and not value.strip().startswith(("#", "data:image/png", "data:image/jpeg")):
                raise Faulty("svg.foreign", name, line, value)
            if ELSEWHERE.search(value):
                raise Faulty("svg.foreign", name, line, value)

    def said(text: str) -> None:
        if ELSEWHERE.search(text):
            raise Faulty("svg.foreign", name, parser.CurrentLineNumber, text.strip())

    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    parser.ProcessingInstructionHandler = declared
    parser.StartElementHandler = opened
    parser.CharacterDataHandler = said
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise Faulty("svg.unreadable", name, error.lineno, expat.ErrorString(error.code) or "") from error
