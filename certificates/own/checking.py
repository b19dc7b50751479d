"""Whether a template can be relied on: it is read, looked through, and set for every awkward sample before it is kept.

Decided here: a template is taken when every sample becomes one page on which number, name and code can be found, in our
fonts and out of its own files alone.
"""

import contextlib
import io
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import jinja2
import pypdfium2

from certificates.own.archive import PAGE, Own, read
from certificates.own.faults import MOST_DETAIL, Fault, Faulty, TooLong, line_of
from certificates.own.samples import samples
from certificates.own.setting import OwnPress, Sandbox, forbidden
from certificates.pdfium import ONE_AT_A_TIME
from certificates.rendering import AS_A_FONT, AS_A_PICTURE, Carries, Fetched, Leads, WrongFont
from certificates.versions import OWN, today

IN_ITSELF = re.compile(r"data:[^' ]{40,}")  # an address that is the file itself
AT_A_PLACE = re.compile(r" <[^<>]* at 0x[0-9a-f]+>")  # in memory, which tells nobody anything
WIDEST = 900  # pixels of a picture
OVER = (TooLong, MemoryError, RecursionError)
LEAST_SAID = 4  # fewer letters stand anywhere


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a template: its first fault or none, the samples as pictures (JPEG), whether it is a form."""

    fault: Fault | None
    pictures: dict[str, bytes]
    form: bool = False


def check(data: bytes) -> Checked:
    """A ZIP, looked at. Whoever calls this measures the time and raises TooLong in the midst of it."""
    pictures: dict[str, bytes] = {}
    own: Own | None = None
    try:
        own = read(data)
        forbidden(own, Sandbox(own, today(OWN)))
        press = OwnPress(own)
        for name, certificate in samples(form=own.figures.form).items():
            sheet = press.sheet(certificate)
            with heard() as failures:
                pdf = press.rendered(sheet)
            for failure in failures:
                if failure.startswith("Failed to"):
                    raise Faulty("page.part", PAGE, detail=IN_ITSELF.sub("data:…", failure))
            pictures[name] = seen(pdf, sheet.number, "".join(sheet.name_lines))
    except (Exception, Fetched, MemoryError) as error:  # noqa: BLE001 - whatever a stranger's template breaks is told
        return Checked(told(error, own), pictures)
    return Checked(None, pictures, own.figures.form)


@contextlib.contextmanager
def heard() -> Iterator[list[str]]:
    """What WeasyPrint could not read or draw and leaves out, with a word in its log and no other. What is too much for this process
    goes on: it would have a drawing left out as well."""
    failures: list[str] = []
    handler = logging.Handler(logging.ERROR)

    def note(record: logging.LogRecord) -> None:
        if isinstance(error := sys.exception(), OVER):
            raise error
        failures.append(record.getMessage() + caused(record))

    handler.emit = note  # type: ignore[method-assign]  # of this one handler
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield failures
    finally:
        logger.removeHandler(handler)


def caused(record: logging.LogRecord) -> str:
    """What is behind a failure: of a picture that cannot be read WeasyPrint logs an error without a word, which has a cause."""
    causes = [one.__cause__ for one in record.args or () if isinstance(one, BaseException)]
    return AT_A_PLACE.sub("", "; ".join(str(one) for one in causes if one))


def seen(pdf: bytes, number: str, name: str) -> bytes:
    """A page as a picture. Raises Faulty when there are more, or when number or name cannot be found on it."""
    with contextlib.ExitStack() as opened:
        opened.enter_context(ONE_AT_A_TIME)
        document = opened.enter_context(contextlib.closing(pypdfium2.PdfDocument(pdf)))
        page = opened.enter_context(contextlib.closing(document[0]))
        words = opened.enter_context(contextlib.closing(page.get_textpage()))
        said = plainly(str(words.get_text_range()))
        picture = page.render(scale=WIDEST / max(page.get_size())).to_pil().convert("RGB")
    for what, rule in ((number, "page.number"), (name, "page.name")):
        if plainly(what) not in said:
            raise Faulty(rule, PAGE, detail=what)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def plainly(text: str) -> str:
    """Without what a style may change: room between letters, and capitals."""
    return "".join(text.split()).casefold()


def told(error: BaseException, own: Own | None) -> Fault:
    """What went wrong as a fault, in the file and line where it did."""
    texts: Mapping[str, str] = own.texts if own else {}
    file, line = place(error, texts)
    if isinstance(error, Faulty):
        return error.fault
    if isinstance(error, TooLong):
        return Fault("page.slow", file, line)
    if isinstance(error, RecursionError):
        return Fault("page.deep", file, line)
    if isinstance(error, MemoryError):
        return Fault("page.large", file, line)
    if isinstance(error, Fetched) and error.address == AS_A_PICTURE:
        return Fault("page.picture", PAGE)
    if isinstance(error, Fetched):
        return said_in("page.font" if error.address == AS_A_FONT else "page.fetches", error.address, texts)
    if isinstance(error, Leads):
        return said_in("page.leads", error.address, texts)
    if isinstance(error, Carries):
        return Fault("page.carries", PAGE)
    if isinstance(error, WrongFont):
        return next(undrawn(own), Fault("page.font", "", 0, str(error))) if own else Fault("page.font")
    if isinstance(error, jinja2.TemplateNotFound):
        return Fault("file.missing", str(error.name)[:MOST_DETAIL], 0)
    if "one page" in str(error):
        return Fault("page.more", PAGE)
    said = f"{type(error).__name__}: {error}"[:MOST_DETAIL]
    return Fault("jinja.failed", file, line, said) if file else Fault("page.part", PAGE, 0, said)


def place(error: BaseException, texts: Mapping[str, str]) -> tuple[str, int]:
    """The innermost line of a template that was at work."""
    found, trace = ("", 0), error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename in texts:
            found = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return found


def said_in(rule: str, address: str, texts: Mapping[str, str]) -> Fault:
    """Where an address stands: as it was asked for, or by the last part of its name."""
    for said in (address, address.rpartition("//")[2], address.rpartition("/")[2]):
        for file, text in texts.items():
            if len(said) >= LEAST_SAID and (line := line_of(text, said)):
                return Fault(rule, file, line, address[:MOST_DETAIL])
    return Fault(rule, PAGE, 0, address[:MOST_DETAIL])


def undrawn(own: Own) -> Iterator[Fault]:
    """Signs in the template's files that none of our faces draws, and faces that are not ours."""
    press = OwnPress(own)
    for file, text in own.texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            for char in line:
                if char.isprintable() and not any(face.draws(char) for face in press.faces):
                    yield Fault("page.font", file, number, f"{char} U+{ord(char):04X}")
            if "@font-face" in line.casefold():
                yield Fault("page.font", file, number, "@font-face")
