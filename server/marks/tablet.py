"""The judge's tablet as an app: its shell, its files, its service worker, and the shift that it works from.

The app is the same bytes for everybody and says nothing about anybody, so that it opens without a network and without a
session. Its files live under an address with the fingerprint of all of them: a page never mixes two versions.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from litestar import Router, get
from litestar.params import FromPath
from litestar.response import Response

from scoring.verdict import Words
from server import wire
from server.access import any_judge, everyone
from server.errors import missing
from server.marks.carrying import key_of
from server.marks.pinning import pin_facts
from server.marks.shift import fingerprint, seated_events, shift_of
from server.marks.sign_words import SIGN_WORDS
from server.marks.tablet_words import WORDS
from server.web.jinja import STATIC, asset
from server.web.keeping import has_it
from server.web.page import Web, lang_of
from server.web.words import LANGUAGES, translator

SOURCES = STATIC / "tablet"
VENDORED = (
    "preact-11.2.0.mjs",
    "htm-3.1.1.mjs",
    "dexie-4.4.7.min.mjs",
    "qrcode-generator-2.0.4.mjs",
)
READER, CAMERA = "vendor/jsqr-1.4.0.js", "check_in_camera.js"
"""What a chief judge's tablet reads codes with; loaded when it is asked for, and kept from then on."""
STYLES = ("tokens.css", "icons.css", "tablet.css", "tablet/app.css", "tablet/sign.css", "theme.js", "mark.svg")
ICONS = {"tablet/icon-192.png": "192x192", "tablet/icon-512.png": "512x512"}
SCRIPT = "text/javascript"
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Build:
    """One version of the app: its modules by name, and everything that a tablet has to keep to open without a network."""

    version: str
    modules: Mapping[str, bytes]
    worker: bytes

    @property
    def weight(self) -> int:
        """Bytes of script as they travel."""
        return sum(len(packed(content)) for content in (*self.modules.values(), self.worker))


@cache
def packed(content: bytes) -> bytes:
    """The content as it travels to whoever takes gzip."""
    return gzip.compress(content, 9, mtime=0)


def said() -> dict[str, dict[str, str]]:
    """What the app says, by language and key."""
    return {
        lang: {key: translator(lang).gettext(text) for key, text in {**WORDS, **SIGN_WORDS}.items()}
        for lang in LANGUAGES
    }


@cache
def build() -> Build:
    """The app as it lies on the disk, put together once."""
    modules = {path.name: path.read_bytes() for path in sorted(SOURCES.glob("*.js")) if path.name != "worker.js"}
    modules |= {name: (STATIC / "vendor" / name).read_bytes() for name in VENDORED}
    modules["camera.js"] = (STATIC / CAMERA).read_bytes()
    modules["reader.js"] = f"export default {json.dumps(asset(READER))};\n".encode()
    modules["words.js"] = f"export default {json.dumps(said(), ensure_ascii=False)};\n".encode()
    worker, shown = (SOURCES / "worker.js").read_text(encoding="utf-8"), [asset(name) for name in (*STYLES, *ICONS)]
    shell = (STATIC.parent / "templates" / "marks" / "tablet.html").read_bytes()
    whole = hashlib.sha256(b"\0".join([*modules.values(), worker.encode(), shell, *(name.encode() for name in shown)]))
    version = whole.hexdigest()[:12]
    kept = [
        "/tablet",
        "/tablet/manifest.webmanifest",
        "/static/mark.svg",
        *shown,
        *(f"/tablet/{version}/{name}" for name in modules),
    ]
    head = f"const VERSION = {json.dumps(version)};\nconst FILES = {json.dumps(kept)};\nconst READER = {json.dumps(asset(READER))};\n"
    return Build(version, modules, (head + worker).encode())


def _script(request: Web, content: bytes, kept: str) -> Response[bytes]:
    headers = {"cache-control": kept, "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["content-encoding"] = packed(content), "gzip"
    return Response(content, media_type=SCRIPT, headers=headers)


@get("/tablet", opt={"access": everyone}, include_in_schema=False)
async def shell(request: Web) -> Response[str]:
    """The page that the app lives in; the same for everybody."""
    template = request.app.state.templates.get_template("marks/tablet.html")
    content = template.render(
        lang=lang_of(request), version=build().version, styles=[name for name in STYLES if name.endswith(".css")]
    )
    return Response(content, media_type="text/html", headers={"cache-control": "no-cache"})


@get("/tablet/{version:str}/{file:str}", opt={"access": everyone}, include_in_schema=False)
async def module(request: Web, version: FromPath[str], file: FromPath[str]) -> Response[bytes]:
    """A module of this version of the app; of another version there is none here."""
    made = build()
    if version != made.version or file not in made.modules:
        raise missing(Words("这个文件", "file"))
    return _script(request, made.modules[file], FOR_EVER)


@get("/tablet/worker.js", opt={"access": everyone}, include_in_schema=False)
async def worker(request: Web) -> Response[bytes]:
    """The service worker; it looks after the app's own address and nothing else of the site."""
    response = _script(request, build().worker, "no-cache")
    response.headers["service-worker-allowed"] = "/tablet"
    return response


@get("/tablet/manifest.webmanifest", opt={"access": everyone}, include_in_schema=False)
async def manifest(request: Web) -> Response[bytes]:
    """What a tablet needs to install the app."""
    speak = translator(lang_of(request)).gettext
    content = {
        "name": f"{speak('Podium')} · {speak('Marking')}",
        "short_name": speak("Podium"),
        "id": "/tablet",
        "start_url": "/tablet",
        "scope": "/tablet",
        "display": "standalone",
        "background_color": "#faf9f6",
        "theme_color": "#ffffff",
        "icons": [
            {"src": asset(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes in ICONS.items()
            for purpose in ("any", "maskable")
        ],
    }
    text = json.dumps(content, ensure_ascii=False).encode()
    return Response(text, media_type="application/manifest+json", headers={"cache-control": "no-cache"})


@get("/api/shift", opt={"access": any_judge})
async def get_shift(request: Web) -> Response[wire.Shift]:
    """Everything this judge needs to mark without the server; 304 when the tablet has it already."""
    events = await seated_events(request.user)
    pin = await pin_facts(request.app.state.settings, request.user.account)
    tag = f'"{fingerprint(request.user, events, str(pin))}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if has_it(request, tag):
        return Response(None, status_code=304, headers=headers)  # type: ignore[arg-type]  # a 304 has no body
    key = key_of(request.app.state.settings, request.user.account)
    shift = {**await shift_of(request.user, events), "carry": key, "pin": pin}
    return Response(wire.said(shift, wire.Shift), headers=headers)


ROUTES = Router("/", route_handlers=[shell, worker, manifest, module, get_shift])
