"""Loaded by schemathesis (`podium bench api`): addresses that lead somewhere, and no answer with an object of another competition.

`PODIUM_BENCH_KNOWN` is a JSON file: `names`, what each gap of an address may be filled with; `foreign`, ids that this role
is never told unless it named them itself.
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


@schemathesis.check
def nothing_of_others(ctx: Any, response: Any, case: Any) -> None:
    """No id of another competition is in an answer, but for those that the request itself named."""
    asked = f"{response.request.url} {response.request.body!r}"
    found = {one for one in FOREIGN.findall(response.text) if one not in asked}
    if found:
        raise AssertionError(f"tells of another competition: {sorted(found)[:3]}")
