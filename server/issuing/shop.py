"""Certificates as a print shop gets them: one file, in the order in which they are handed out, unsigned."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from litestar.datastructures import State

from server.issuing.closing import whole
from server.issuing.pressing import in_a_press
from server.issuing.versions import as_it_was


async def bound(state: State, rows: Sequence[Mapping[str, Any]], file: Path) -> None:
    """Write the file of these certificates, made in a press."""
    used = {(row["design"], row["design_version"]) for row in rows}
    designs = {one: await as_it_was(*one) for one in used}
    papers = [
        (designs[row["design"], row["design_version"]], json.dumps(whole(row, state.sealer), ensure_ascii=False))
        for row in rows
    ]
    await asyncio.get_running_loop().run_in_executor(state.presses, in_a_press, "bind", str(file), papers)
