"""The API's description: complete, true to its own schemas, and shown without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.conforming import Description
from tests.server.conftest import Site


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
