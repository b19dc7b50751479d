"""Whether an answer is one that the API's description allows for its operation: status, kind of content, shape, headers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012


@dataclass(frozen=True)
class Operation:
    """One operation of the description."""

    method: str
    path: str
    says: dict[str, Any]

    @property
    def public(self) -> bool:
        """Whether everybody may ask it."""
        return not self.says["security"]


class Description:
    """The OpenAPI document, ready to check answers."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = json.loads(json.dumps(document).replace('"#/components', '"urn:api#/components'))
        self._known = Registry().with_resource("urn:api", Resource.from_contents(self.document, DRAFT202012))
        self._made: dict[str, Draft202012Validator] = {}

    def operations(self) -> Iterator[Operation]:
        """Every operation."""
        for path, item in self.document["paths"].items():
            for method, says in item.items():
                yield Operation(method.upper(), path, says)

    def wrong_with(self, schema: dict[str, Any], value: Any) -> list[str]:
        """Why a value is not of a schema of this document."""
        key = json.dumps(schema, sort_keys=True)
        validator = self._made.setdefault(key, Draft202012Validator(schema, registry=self._known))
        return [f"{error.json_path}: {error.message}"[:240] for error in validator.iter_errors(value)]

    def complaints(self, operation: Operation, response: httpx.Response) -> list[str]:
        """Everything about an answer that the description does not allow."""
        status = str(response.status_code)
        said = operation.says["responses"].get(status)
        if response.status_code >= 500 and said is None:
            return [f"{status} {response.text[:200]}"]
        if said is None:
            return [f"{status} is not described: {response.text[:160]}"]
        media = response.headers.get("content-type", "").split(";")[0]
        if "content" in said and media not in said["content"]:
            return [f"{status} is {media or 'nothing'}, not {' or '.join(said['content'])}"]
        found = [f"{status} lacks {name}" for name in _promised(said) if name.lower() not in response.headers]
        if "json" in media and "content" in said:
            found += [f"{status} {one}" for one in self.wrong_with(said["content"][media]["schema"], response.json())]
        return found


def _promised(said: dict[str, Any]) -> list[str]:
    return [name for name in said.get("headers", {}) if name in ("X-Total-Count", "Retry-After")]


ODD = ("'; DROP TABLE mark; --", "=1+1", "示例" * 300, "%00", "..%2F..%2Fetc")
"""What stands in an address that nobody means well with."""
BODIES = (b"", b"null", b"[]", b'{"a": 1', b'"\\u0000"', b"\xff\xfe")


def variants(operation: Operation, address: str, turn: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The operation as the example has it, and spoilt in an address, a parameter and a body; `turn` chooses how."""
    query = {one["name"]: one["example"] for one in operation.says.get("parameters", ()) if one["in"] == "query"}
    body = operation.says.get("requestBody", {}).get("content", {})
    sent: dict[str, Any] = {}
    if "application/json" in body:
        sent = {"json": body["application/json"]["example"]}
    elif body:
        sent = {"files": {"data": ("odd.xlsx", b"PK\x03\x04 not a workbook")}}
    yield "plain", {"url": address, **sent}
    if query:
        yield "filtered", {"url": address, "params": query, **sent}
        yield "odd parameters", {"url": address, "params": dict.fromkeys(query, ODD[turn % 2]), **sent}
    if sent:
        json_head = {"content-type": "application/json"}
        yield "odd body", {"url": address, "content": BODIES[turn % len(BODIES)], "headers": json_head}
    if "{" in operation.path:
        parts = operation.path.split("/")
        last = max(place for place, part in enumerate(parts) if part.startswith("{"))
        real = address.split("/")
        real[last] = ODD[turn % len(ODD)]
        yield "odd address", {"url": "/".join(real), **sent}
