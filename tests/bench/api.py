"""schemathesis over the whole API with each role: generated requests, each answer held to the description.

`tests/server/test_conforming.py` is the short form that every run of the gate has. Of what schemathesis checks, these are
promises of this API: no 5xx, no status, kind of content, header or shape that the description does not name. One more is
ours (api_hooks.py): three of four requests name things that there are, in this role's competition or in another's, and no
answer may tell anything of the other. `PODIUM_API_EXAMPLES` is how many requests each operation and role gets;
`PODIUM_API_ROLES` names those who ask, so that a run that was cut short goes on where it ended ("open: judge, done: key").
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from server.access import SCOPES
from server.competitions.api_keys import NewKey, make_key
from server.database.embedded import running
from server.database.piccolo_conf import DB
from server.issuing.choosing import KINDS
from server.people.flow import open_session
from server.registration.sending import add_clerk, delegations_of
from tests.server.small import Small, brought, founded, number, row_of
from tests.web.hall import Hall, opened_hall

EXAMPLES = int(os.environ.get("PODIUM_API_EXAMPLES", "15"))
WANTED = {one.strip() for one in os.environ.get("PODIUM_API_ROLES", "").split(",") if one.strip()}
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,nothing_of_others"
)
SEED = "20261129"
Row = dict[str, str | int | float]
IDS = {
    "entry": "SELECT e.id::text FROM entry e JOIN event v ON v.id = e.event WHERE v.competition = $1",
    "delegation": "SELECT id::text FROM delegation WHERE competition = $1",
    "mark": "SELECT m.id::text FROM mark m JOIN event v ON v.id = m.event WHERE v.competition = $1",
    "number": "SELECT number FROM certificate WHERE competition = $1",
    "token": "SELECT token FROM certificate WHERE competition = $1",
    "seat": "SELECT s.account::text FROM seat s JOIN event v ON v.id = s.event WHERE v.competition = $1",
    "event": "SELECT id::text FROM event WHERE competition = $1",
    "member": "SELECT m.id::text FROM member m JOIN event v ON v.id = m.event WHERE v.competition = $1",
    "promotion": """SELECT p.id::text FROM promotion p JOIN member m ON m.id = p.member JOIN event v ON v.id = m.event
        WHERE v.competition = $1""",
}
"""What is known of a competition. People, and so what they are seated as, are different ones in the two."""


def measure() -> list[Row]:
    """Cases and failures of each role: of a competition that is being marked, and of one whose certificates are issued."""
    with (
        tempfile.TemporaryDirectory(prefix="podium-bench-") as folder,
        running(Path(folder)) as dsn,
        opened_hall(dsn, Path(folder) / "site") as hall,
    ):
        open_, done = hall.run(_two())
        rows = []
        for small, other in ((open_, done), (done, open_)):
            known = hall.run(_known(small, other))
            for role, headers in hall.run(_roles(small)).items():
                name = f"{small.slug}: {role}"
                if WANTED and WANTED.isdisjoint({role, name}):
                    continue
                sent = headers or _holder(hall) if role == "owner" else headers
                rows.append(_asked(hall.address, name, sent, known, Path(folder)))
                print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
        return rows


async def _two() -> tuple[Small, Small]:
    return await brought(await founded("open"), "marking"), await brought(await founded("done"), "certified")


async def _ids(small: Small) -> dict[str, list[str]]:
    assert DB.pool
    id = (await small.competition())["id"]
    return {name: [row[0] for row in await DB.pool.fetch(query, id)] for name, query in IDS.items()}


async def _known(small: Small, other: Small) -> dict[str, Any]:
    assert DB.pool
    mine, theirs = await _ids(small), await _ids(other)
    both = {name: mine[name][:3] + theirs[name][:2] for name in IDS}
    works = [
        row["code"]
        for row in await DB.pool.fetch("SELECT code FROM place WHERE event = $1", (await small.event())["id"])
    ]
    foreign = sorted(
        {one for some in theirs.values() for one in some} - {one for some in mine.values() for one in some}
    )
    return {
        "names": {
            "slug": [small.slug, small.slug, other.slug],
            "code": ["M01"],
            "token": mine["token"],
            "delegation": both["delegation"],
            "number": [*both["number"], "1"],
            "kind": list(KINDS),
            "subject": both["entry"] + both["member"] + both["seat"],
        },
        "fields": {
            **{name: both[name] for name in ("event", "delegation", "promotion")},
            "entry": works + both["entry"],
            "entries": both["entry"],
            "subjects": both["entry"] + both["member"] + both["seat"],
            "aspect": ["A1.01", "B1.01", "B1.02"],
            "value": [0, 500, 1000],
            "round": [1],
            "replaces": [""],
            "into": ["sealed", "reviewed", "published", "marking"],
            "act": ["approve", "return"],
            "seat": ["J1", "J2", "J3"],
        },
        "foreign": foreign,
    }


async def _roles(small: Small) -> dict[str, dict[str, str]]:
    """Headers of everybody there is."""
    now, competition = datetime.now(UTC), await small.competition()
    clerk, _ = await add_clerk(
        competition, str((await delegations_of(competition))[0]["id"]), "填报人", small.staff, now
    )
    new = NewKey("全部", frozenset(SCOPES), now + timedelta(days=1), {"M01": frozenset({"A1.01"})})
    people = {
        "organiser": small.staff.account,
        "supervisor": small.supervisor.account,
        "chief judge": small.judges[0],
        "judge": small.judges[1],
        "clerk": clerk,
    }
    cookies = {name: f"podium={await open_session(account, now)}" for name, account in people.items() if account}
    return {
        "nobody": {},
        **{name: {"Cookie": cookie} for name, cookie in cookies.items()},
        "key": {"Authorization": f"Bearer {await make_key(competition, new, small.staff, now)}"},
        "owner": {},
    }


def _holder(hall: Hall) -> dict[str, str]:
    """Whoever found their certificates by name and document."""
    with httpx.Client(base_url=hall.address, trust_env=False) as http:
        http.get("/lookup")
        typed = {"name": row_of(0).name, "last_six": number(1)[-6:], "_csrf_token": http.cookies["podium_csrf"]}
        http.post("/lookup", data=typed)
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in http.cookies.items())}


def _csrf(base: str, headers: dict[str, str]) -> Iterable[str]:
    """The headers as schemathesis takes them, with the token that a browser would send along."""
    with httpx.Client(base_url=base, headers=headers, trust_env=False) as http:
        http.get("/api/session")
        token = http.cookies.get("podium_csrf")
    sent = dict(headers)
    if token and "Cookie" in sent:
        if "podium_csrf=" not in sent["Cookie"]:
            sent["Cookie"] += f"; podium_csrf={token}"
        sent["x-csrf-token"] = sent["Cookie"].split("podium_csrf=")[1].split(";")[0]
    return [f"{name}: {value}" for name, value in sent.items()]


def _asked(base: str, role: str, headers: dict[str, str], known: dict[str, Any], folder: Path) -> Row:
    (folder / "known.json").write_text(json.dumps(known), encoding="utf-8")
    line = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{base}/api/schema/openapi.json", "--phases", "fuzzing", "--seed", SEED,
        "--max-examples", str(EXAMPLES), "--request-timeout", "120", "--suppress-health-check", "all", "--checks", CHECKS, "--mode", "all", "--exclude-path", "/api/session",
        *(part for one in _csrf(base, headers) for part in ("--header", one)),
    ]  # fmt: skip
    begin = time.perf_counter()
    (answered := folder / "answered.txt").write_text("", encoding="utf-8")
    told = {
        "SCHEMATHESIS_HOOKS": "tests.bench.api_hooks",
        "PODIUM_BENCH_KNOWN": str(folder / "known.json"),
        "PODIUM_BENCH_ANSWERED": str(answered),
    }
    environment = {**os.environ, **told, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if (found := re.search(r"(\d+) generated", done.stdout)) is None or done.returncode not in (0, 1):
        raise RuntimeError(f"schemathesis ended with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
    failures = re.search(r"(\d+) found unique failures|(\d+) unique failures", done.stdout)
    if done.returncode:
        print(done.stdout)
    lines = answered.read_text(encoding="utf-8").splitlines()
    return {
        "role": role,
        "requests": int(found[1]),
        "answered 2xx": sum(line < "3" for line in lines),
        "operations": len({line.split(" ", 1)[1] for line in lines}),
        "of them 2xx": len({line.split(" ", 1)[1] for line in lines if line < "3"}),
        "failures": int(next(filter(None, failures.groups()))) if failures else done.returncode,
        "seconds": round(time.perf_counter() - begin, 1),
    }
