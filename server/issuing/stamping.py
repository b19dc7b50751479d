"""Asks a time-stamp authority over HTTP (RFC 3161 §3.4). Runs in the printing processes.

Decided here: the one address that is asked while certificates are printed is the one in the settings. No redirection is
followed, an answer is small, and an authority that is silent is given up; whoever printed waits and tries again.
"""

from __future__ import annotations

import functools

import httpx
from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper

from certificates.stamping import Stamping, Unstamped
from server.settings import Authority

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
PATIENCE = 10
"""Seconds that an authority may be silent."""
LARGEST = 100_000


class HttpStamper(TimeStamper):
    """pyHanko's stamper with one kept connection, asked by httpx."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._http = httpx.Client(timeout=PATIENCE, follow_redirects=False)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token for this digest, or Unstamped, whatever the authority answered."""
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        except httpx.HTTPError as error:
            raise Unstamped(f"{type(error).__name__} {error}".strip()) from error
        except (
            OSError,
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
        ) as error:  # asn1crypto's many words for garbage
            raise Unstamped(str(error)) from error

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        # A press does one thing at a time, so that nothing waits for this call but its own work.
        headers = {"content-type": QUERY, "accept": REPLY}
        with self._http.stream("POST", self._url, content=req.dump(), headers=headers) as answer:
            if answer.status_code != 200:
                raise Unstamped(f"HTTP {answer.status_code}")
            body = bytearray()
            for some in answer.iter_bytes():
                body += some
                if len(body) > LARGEST:
                    raise Unstamped("the answer is too large")
        return tsp.TimeStampResp.load(bytes(body), strict=True)


@functools.lru_cache(maxsize=1)
def stamping(authority: Authority) -> Stamping:
    """The process keeps the connection, and what the authority's answers look like, for the next files."""
    return Stamping(HttpStamper(authority.url), authority.trust, authority.archival)
