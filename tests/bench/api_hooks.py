"""Loaded by schemathesis (`podium bench api`): addresses that lead somewhere, and no answer with an object of another competition.

`PODIUM_BENCH_KNOWN` is a JSON file: `names`, what each gap of an address may be filled with; `fields`, the same for what a body
says; `foreign`, ids that this role is never told unless it named them itself. `PODIUM_BENCH_ANSWERED` gets a line for each answer.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from pathlib import Path
from typing import Any

import schemathesis

KNOWN = json.loads(Path(os.environ["PODIUM_BENCH_KNOWN"]).read_text(encoding="utf-8"))
ANSWERED = Path(os.environ["PODIUM_BENCH_ANSWERED"])
FOREIGN = re.compile("|".join(map(re.escape, KNOWN["foreign"])))


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Three of four addresses name things that there are, of this competition or of the other; the fourth stays as generated."""
    if not path_parameters:
        return path_parameters
    turn = zlib.crc32(repr(sorted(path_parameters.items())).encode())
    if turn % 4:
        for place, name in enumerate(path_parameters):
            if some := KNOWN["names"].get(name):
                path_parameters[name] = some[(turn // 7 + place * (turn // 11)) % len(some)]
    return path_parameters


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """Three of four bodies speak of things that there are, too, so that what they ask for can be done; the fourth stays as generated."""
    turn = zlib.crc32(repr(body).encode())
    return _known(body, turn) if turn % 4 and isinstance(body, dict | list) else body


def _known(value: Any, turn: int) -> Any:
    if isinstance(value, list):
        return [_known(one, turn + place) for place, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    made = {}
    for place, (name, one) in enumerate(value.items()):
        some = KNOWN["fields"].get(name)
        fits = some and (
            type(one) is type(some[0]) or (isinstance(one, list) and not any(isinstance(x, dict) for x in one))
        )
        chosen = some[(turn // 7 + place) % len(some)] if fits else None
        made[name] = _known(one, turn) if not fits else [chosen] if isinstance(one, list) else chosen
    return made


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Tells what was answered, operation by operation."""
    with ANSWERED.open("a", encoding="utf-8") as file:
        file.write(f"{response.status_code} {case.method} {case.operation.path}\n")


@schemathesis.check
def nothing_of_others(ctx: Any, response: Any, case: Any) -> None:
    """No id of another competition is in an answer, but for those that the request itself named."""
    asked = f"{response.request.url} {response.request.body!r}"
    found = {one for one in FOREIGN.findall(response.content.decode("utf-8", "replace")) if one not in asked}
    if found:
        raise AssertionError(f"tells of another competition: {sorted(found)[:3]}")
