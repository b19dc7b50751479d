"""schemathesis over the whole API with each role: generated requests, each answer held to the description.

`tests/server/test_conforming.py` is the short form that every run of the gate has. Of what schemathesis checks, these are
promises of this API: no 5xx, no status, kind of content, header or shape that the description does not name.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.killing import drawn, prepared

EXAMPLES = 25
"""Generated requests for each operation and role."""
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance"
)
SEED = "20261129"
Row = dict[str, str | int | float]


def measure() -> list[Row]:
    """Cases and failures of each role, against a competition that is being marked; each role on the one server."""
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder, prepared(Path(folder)) as (dsn, server):
        demo = asyncio.run(drawn(dsn, server, "api"))
        people = {
            "organiser": demo.office,
            "supervisor": demo.supervisor,
            "chief judge": next(iter(demo.judges.values()))[0],
        }
        cookies = {name: dict(one.api.http.cookies) for name, one in people.items()}
        return [_asked(server.base, role, held, Path(folder)) for role, held in {"nobody": {}, **cookies}.items()]


def _asked(base: str, role: str, cookies: dict[str, str], folder: Path) -> Row:
    head = [f"Cookie: {'; '.join(f'{name}={value}' for name, value in cookies.items())}"] if cookies else []
    if "podium_csrf" in cookies:
        head.append(f"x-csrf-token: {cookies['podium_csrf']}")
    line = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{base}/api/schema/openapi.json", "--phases", "fuzzing", "--seed", SEED,
        "--max-examples", str(EXAMPLES), "--checks", CHECKS, "--mode", "all", "--exclude-path", "/api/session",
        *(part for one in head for part in ("--header", one)),
    ]  # fmt: skip
    begin = time.perf_counter()
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)
    if (found := re.search(r"(\d+) generated", done.stdout)) is None or done.returncode not in (0, 1):
        raise RuntimeError(f"schemathesis ended with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
    failures = re.search(r"(\d+) found unique failures|(\d+) unique failures", done.stdout)
    if done.returncode:
        print(done.stdout)
    return {
        "role": role,
        "requests": int(found[1]),
        "failures": int(next(filter(None, failures.groups()))) if failures else done.returncode,
        "seconds": round(time.perf_counter() - begin, 1),
    }
