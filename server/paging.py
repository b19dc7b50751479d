"""Lists in the JSON API, all alike: `limit` and `offset` choose the page, `q` and the filters what is in the list.

An answer says in `X-Total-Count` how many there are under the filters, and in `Link` (RFC 8288) where the next and the
previous page are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from litestar import Request
from litestar.params import QueryParameter

USUAL, MOST = 500, 1000
Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="How many at most.")]
Offset = Annotated[int, QueryParameter(ge=0, le=10_000_000, description="How many to pass over.")]
Words = Annotated[str, QueryParameter(max_length=100, description="Every word of this occurs, in whatever case.")]
Exactly = Annotated[str, QueryParameter(max_length=100, description="Only those that have exactly this.")]
State = Annotated[str, QueryParameter(name="state", max_length=100, description="Only those that stand there.")]
"""Litestar keeps the argument `state` for itself."""
T = TypeVar("T")


def matching(
    rows: Iterable[Mapping[str, Any]], words: str, within: Sequence[str], **exactly: str
) -> list[Mapping[str, Any]]:
    """The rows in which every word occurs in some of these columns, and that have these values; "" asks for nothing."""
    wanted, asked = words.casefold().split(), {name: value for name, value in exactly.items() if value}
    return [
        row
        for row in rows
        if all(str(row[name]) == value for name, value in asked.items())
        and all(word in " ".join(str(row[name] or "") for name in within).casefold() for word in wanted)
    ]


def part(
    request: Request[Any, Any, Any], rows: Sequence[T], limit: int, offset: int
) -> tuple[Sequence[T], dict[str, str]]:
    """The page of a list, and the headers that tell of the others."""
    links = []
    if offset + limit < len(rows):
        links.append(f'<{_address(request, limit, offset + limit)}>; rel="next"')
    if offset:
        links.append(f'<{_address(request, limit, max(0, offset - limit))}>; rel="prev"')
    headers = {"x-total-count": str(len(rows)), **({"link": ", ".join(links)} if links else {})}
    return rows[offset : offset + limit], headers


def _address(request: Request[Any, Any, Any], limit: int, offset: int) -> str:
    asked = {name: value for name, value in request.query_params.items() if name not in ("limit", "offset")}
    return f"{request.url.path}?{urlencode({**asked, 'limit': limit, 'offset': offset})}"
