"""A client of the JSON API: signs in, echoes the CSRF token, and turns refusals into exceptions."""

from __future__ import annotations

import asyncio
import random
import ssl
from typing import Any

import httpx

CONTEXT = ssl.create_default_context()
"""Made once: every client would spend 20 ms on its own."""
CSRF = "podium_csrf"
TRIES = 40


class Declined(Exception):
    """The server refused; `code` is the refusal's."""

    def __init__(self, response: httpx.Response) -> None:
        body = response.json() if "json" in response.headers.get("content-type", "") else {}
        self.code = body.get("code", f"http.{response.status_code}")
        said = body.get("words", {}).get("en", response.text[:200])
        problems = "; ".join(problem["words"]["en"] for problem in body.get("problems", [])[:5])
        super().__init__(f"{self.code}: {said} {problems}".strip())


class Client:
    """One signed-in person or tablet."""

    def __init__(self, base: str) -> None:
        self.http = httpx.AsyncClient(base_url=base, timeout=60, verify=CONTEXT, trust_env=False)

    async def sign_in(self, **credentials: str) -> None:
        """Sign in with `login` and `password`, or with the `token` of a one-time link."""
        await self.http.get("/api/session")
        await self.post("/api/session", credentials)

    async def get(self, path: str) -> Any:
        """The JSON at an address."""
        return _checked(await self.http.get(path)).json()

    async def content(self, path: str) -> bytes:
        """The bytes at an address."""
        return _checked(await self.http.get(path)).content

    async def post(self, path: str, data: Any) -> Any:
        """Post JSON."""
        return _checked(await self.http.post(path, json=data, headers=self._token())).json()

    async def upload(self, path: str, filename: str, content: bytes) -> Any:
        """Post a file."""
        files = {"data": (filename, content)}
        return _checked(await self.http.post(path, files=files, headers=self._token())).json()

    async def post_marks(self, marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Post marks as a tablet does: the same ones again, later and later, until the server answers for them."""
        for attempt in range(TRIES):
            try:
                response = await self.http.post("/api/marks", json=marks, headers=self._token())
                if response.status_code != 503:
                    answers: list[dict[str, Any]] = _checked(response).json()["answers"]
                    return answers
            except httpx.TransportError:
                pass
            await asyncio.sleep(min(0.05 * 2**attempt, 2.0) * (0.5 + random.random()))
        raise TimeoutError("the server did not come back")

    def _token(self) -> dict[str, str]:
        return {"x-csrf-token": self.http.cookies.get(CSRF) or ""}


def _checked(response: httpx.Response) -> httpx.Response:
    if response.is_error:
        raise Declined(response)
    return response
