"""The environment that all pages are made in: escaped, strict about missing values, speaking the language of the page.

Every template is given, besides its own values (stated in the comment at its head):
  lang    "zh" | "en"
  zone    str                the time zone that moments are written in: that of the competition that the page is of, or ""
  here    str                the address of this page, path and query, for the language switch
  csrf    str                the token that every form carries as `_csrf_token` and every script as `x-csrf-token`
  person  dict | None        who is signed in: {"name": str, "role": str in the page's language, "home": str address}
  site    dict               what the head and foot say: {"name": str, "home": str, "results": str, "organiser": str, "contact": str};
                             the last two may be ""
"""

from datetime import date, datetime, tzinfo
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from server.calendar import ZONE
from server.web import words

FOLDER = Path(__file__).parent
TEMPLATES = FOLDER / "templates"
STATIC = FOLDER / "static"

# Addresses that the layouts link to on every page. A page about one competition or one event is given its address as a value.
PATHS = {
    "home": "/",
    "lookup": "/lookup",
    "verify": "/verify",
    "sign_in": "/sign-in",
    "sign_out": "/sign-out",
    "password": "/account/password",
    "office": "/office",
    "raw": "/office/raw",
    "signing_keys": "/office/signing-keys",
    "work": "/tablet",
    "register": "/register",
    "marks": "/api/marks",
    "api": "/api",
    "static": "/static",
}


def environment() -> Environment:
    """One environment for both languages: `lang` in the values decides."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]  # the i18n extension brings it
    made.policies["json.dumps_kwargs"] = {"default": str, "ensure_ascii": False}
    made.filters |= {
        "date": _date,
        "day": _day,
        "moment": _moment,
        "moment_in": _moment_in,
        "zone_name": _zone_name,
        "clock": _clock,
        "number": _number,
        "mark": words.mark,
    }
    made.globals |= {
        "asset": asset, "gap": _gap, "in_language": in_language, "paths": PATHS, "stages": words.STAGES, "state_names": words.STATE_NAMES,
    }  # fmt: skip
    return made


def in_language(here: str, lang: str) -> str:
    """The same page in another language: its address with `lang` set, everything else kept."""
    parts = urlsplit(here)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "lang"]
    return urlunsplit(("", "", "/" + parts.path.lstrip("/"), urlencode([*query, ("lang", lang)]), parts.fragment))


@cache
def asset(name: str) -> str:
    """The address of a static file, with its fingerprint, so that it may be cached for ever."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"{PATHS['static']}/{name}?v={digest}"


@pass_context
def _gap(context: Context) -> str:
    """What stands between two sentences: nothing after a Chinese full stop, which is as wide as a character; a space in English."""
    return "" if context["lang"] == "zh" else " "


@pass_context
def _gettext(context: Context, message: str) -> str:
    return words.translator(context["lang"]).gettext(message)


@pass_context
def _ngettext(context: Context, one: str, many: str, count: int) -> str:
    return words.translator(context["lang"]).ngettext(one, many, count)


def _zone(context: Context) -> tzinfo:
    """The competition's own time zone on its pages; on a page of many, the organiser's."""
    return ZoneInfo(context.get("zone")) if context.get("zone") else ZONE


@pass_context
def _date(context: Context, value: date | datetime | str) -> str:
    return words.written(value, "date", context["lang"], _zone(context))


@pass_context
def _day(context: Context, value: date | datetime | str) -> str:
    return words.written(value, "day", context["lang"], _zone(context))


@pass_context
def _moment(context: Context, value: datetime | str) -> str:
    return words.written(value, "moment", context["lang"], _zone(context))


@pass_context
def _moment_in(context: Context, value: datetime | str, zone: str) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return words.in_zone(moment, zone, context["lang"])


@pass_context
def _zone_name(context: Context, zone: str) -> str:
    return words.zone_name(zone, context["lang"])


@pass_context
def _clock(context: Context, value: datetime | str) -> str:
    return words.written(value, "clock", context["lang"], _zone(context))


@pass_context
def _number(context: Context, value: Any) -> str:
    return words.number(value, context["lang"])
