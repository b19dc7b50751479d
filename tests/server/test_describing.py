"""The API's description: complete, true to its own schemas, and shown without anything from elsewhere."""

from __future__ import annotations

import html
import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.conforming import Description
from tests.server.conftest import Site, Visitor
from tests.server.small import BASE, brought, founded
from tests.server.test_conforming import key_of


@pytest.fixture(scope="module")
async def document(site: Site) -> dict[str, Any]:
    """The description as everybody gets it."""
    got = await (await site.visitor()).get("/api/schema/openapi.json")
    assert got.status_code == 200
    return dict(got.json())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method} {path}", operation


async def test_every_operation_says_who_may_what_comes_and_what_goes_wrong(document: dict[str, Any]) -> None:
    """A summary, security, a schema and an example of each JSON body and parameter, and refusals with their shape."""
    assert document["openapi"].startswith("3.1")
    lacking = []
    for name, operation in operations(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for media, content in ((m, c) for body in bodies for m, c in body.get("content", {}).items()):
            if "json" in media and "schema" in name and "/api/schema" not in name and "example" not in content:
                lacking.append(f"{name} {media}")
        if not operation.get("summary") or "security" not in operation or "401" not in operation["responses"]:
            lacking.append(name)
        lacking += [f"{name} ?{one['name']}" for one in operation.get("parameters", ()) if "example" not in one]
    assert lacking == []


async def test_every_example_is_of_its_schema(document: dict[str, Any]) -> None:
    """An example that the program itself would refuse or never give is worse than none."""
    known, wrong, seen = Description(document), [], 0
    for one in known.operations():
        shown = [(given["schema"], given["example"]) for given in one.says.get("parameters", ())]
        for body in (one.says.get("requestBody", {}), *one.says["responses"].values()):
            shown += [(c["schema"], c["example"]) for c in body.get("content", {}).values() if "example" in c]
        for schema, example in shown:
            seen += 1
            wrong += [f"{one.method} {one.path} {why}" for why in known.wrong_with(schema, example)]
    assert wrong == [] and seen > 300


async def test_every_list_is_had_in_pages_and_is_narrowed_alike(document: dict[str, Any]) -> None:
    """Whatever answers with a list takes `limit` and `offset`, and `q` or a filter; but for what holds only as a whole."""

    def of(schema: dict[str, Any]) -> dict[str, Any]:
        return document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema

    lists = {}
    for name, operation in operations(document):
        content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
        if name.startswith("get ") and content:
            answer = of(content["schema"])
            if any(of(one).get("type") == "array" for one in (answer, *answer.get("properties", {}).values())):
                asked = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
                lists[name] = {"limit", "offset"} < asked
    assert {name for name, paged in lists.items() if not paged} == WHOLE and len(lists) > len(WHOLE)


WHOLE = frozenset(
    {"get /api/session", "get /api/shift", "get /api/verify/{number}", "get /api/verify/code/{token}"}
    | {f"get /api/competitions/{{slug}}{what}" for what in ("", "/setup", "/issuing/{kind}")}
    | {
        f"get /api/competitions/{{slug}}/events/{{code}}/{what}"
        for what in ("sheets", "floor", "corrections/{correction}")
    }
    | {"get /api/competitions/{slug}/delegations/{delegation}/forms/{intake}"}
)
"""What is one thing: who asks, a judge's work of the day, a competition, a plan or a form that is accepted as it was seen."""


async def test_every_command_of_the_page_works_as_it_is_copied(site: Site) -> None:
    """With a key in $PODIUM_KEY each is answered, about a competition that there is; only what names one person's paper or entry finds
    nobody. Whoever forgot the key is told to show one.
    """
    small = await brought(await founded("copied"), "published")
    key, visitor = await key_of(small), await site.visitor()
    visitor.cookies.clear()
    page = await visitor.get("/api", headers={"accept": "text/html"})
    commands = [
        html.unescape(one) for one in re.findall(r'<pre class="command"[^>]*><code>(.*?)</code>', page.text, re.S)
    ]
    wrong = []
    for one in commands:
        visitor.cookies.clear()
        answer = await as_curl(visitor, one.replace("$PODIUM_KEY", key))
        made_up = re.search("PD2026-|0197f3a2|3F8K2M9QXW4R|/status/", one)
        if not (answer.is_success or (made_up and answer.status_code in (404, 409, 422))):
            wrong.append(f"{one}: {answer.status_code} {answer.text[:200]}")
        if "Bearer" in one:
            visitor.cookies.clear()
            keyless = await as_curl(visitor, re.sub(r'-H "Auth[^"]*"', "", one))
            if (keyless.status_code, keyless.json()["code"]) != (401, "access.sign-in"):
                wrong.append(f"{one} without the key: {keyless.status_code} {keyless.text[:200]}")
    assert wrong == [] and len(commands) > 25
    assert f"curl {BASE}/api/competitions/copied/events/M01/results" in commands


async def as_curl(visitor: Visitor, line: str) -> Any:
    """The answer that curl would get to a line of the page."""
    words = iter(shlex.split(line)[1:])
    method, headers, sent = "GET", {}, {}
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            sent = {"content": next(words).encode()}
        elif word == "-F":
            sent = {"files": {next(words).partition("=")[0]: ("certificate.pdf", b"%PDF-1.7 not ours")}}
        else:
            address = word
    return await visitor.request(method, address, headers=headers, **sent)
