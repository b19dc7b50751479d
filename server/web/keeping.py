"""Public pages that everybody may keep: the same page again is a 304, and a long one is squeezed for a slow line.

Only pages without a token of a form and without anything of one person's: what is squeezed together with a secret tells
of it by its length (BREACH), and what a cache keeps may be handed to somebody else.
"""

from __future__ import annotations

import hashlib
from typing import Any

from litestar import Request
from litestar.config.compression import CompressionConfig
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.response import Response

from server.web.page import Web, page

SQUEEZED = DefineMiddleware(CompressionMiddleware, config=CompressionConfig(backend="gzip"))
VARY = "accept-language, cookie"
DIGITS = 20
KEPT_NOWHERE = {"cache-control": "private, no-store", "x-robots-tag": "noindex"}
"""For what is one person's: whoever comes to the same device next does not find it by going back, and no search engine lists it."""


def has_it(request: Request[Any, Any, Any], tag: str) -> bool:
    """Whether the asker has what has this tag: one of several, or weak, as proxies that squeeze make it (RFC 9110, 13.1.2)."""
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    return tag in known or "*" in known


def public(request: Web, template: str, **values: Any) -> Response[str]:
    """The page with its tag, or 304 when the asker has it already; whoever is signed in gets it with their name, and untagged."""
    answer = page(request, template, **values)
    if request.user.account:
        return answer
    tag = f'"{hashlib.sha256(answer.content.encode()).hexdigest()[:DIGITS]}"'
    headers = {"etag": f"W/{tag}", "cache-control": "public, no-cache", "vary": VARY}
    if has_it(request, tag):
        return Response("", status_code=304, headers=headers, cookies=answer.cookies)
    answer.headers.update(headers)
    return answer
