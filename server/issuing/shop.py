"""Certificates as a print shop gets them: one file, in the order in which they are handed out, unsigned."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar.datastructures import State

from server.issuing.apart import set_in
from server.issuing.closing import whole
from server.issuing.versions import as_it_was


async def bound(state: State, competition: UUID, rows: Sequence[Mapping[str, Any]], file: Path) -> None:
    """Write the file of these certificates, made in a press. Raises Refusal where a template of the organiser's own fails."""
    used = {(row["design"], row["design_version"]) for row in rows}
    designs = {one: await as_it_was(*one) for one in used}
    papers = [
        (designs[row["design"], row["design_version"]], json.dumps(whole(row, state.sealer), ensure_ascii=False))
        for row in rows
    ]
    await set_in(designs.values(), len(papers), competition, state.presses, "bind", str(file), papers)
