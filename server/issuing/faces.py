"""The faces of an installation: ours, the characters that were given, and the fonts that were added, as the presses find them.

What was given stands in the database, what was added in the data folder's `fonts`, where a backup takes it from. Both are laid
out in a folder that is never changed, and the link that every program and press on this data folder follows is moved when it is
whole. So a font that is added is used from then on, without a restart.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from uuid import uuid4

from certificates import characters, fonts
from server.database.tables import GivenCharacter
from server.issuing.pressing import in_a_press

FOLDER = "fonts"


def added(data: Path) -> list[Path]:
    """The font files that were added, in the order in which they are asked."""
    return sorted((data / FOLDER).glob(fonts.ADDED))


async def laid_out(data: Path, presses: Executor | None) -> None:
    """Make the faces with everything that was given and added, where they are not made yet, and have the presses use them."""
    place = data / ".fonts"  # made again from both, and therefore in no backup
    os.environ[fonts.FONTS] = str(place)  # which every press inherits
    laid = None
    while laid != (wanted := await _wanted(data)):  # another program may have laid out what it knew a moment ago
        await _lay(place, *wanted, presses)
        laid = wanted


async def _wanted(data: Path) -> tuple[dict[str, str], list[tuple[str, int, int]]]:
    """Outlines that were given; and name, size and moment of each file that was added."""
    query = GivenCharacter.select(GivenCharacter.character, GivenCharacter.outline).order_by(GivenCharacter.at)
    files = [(path.name, path.stat()) for path in added(data)]
    outlines = {row["character"]: row["outline"] for row in await query}
    return outlines, [(name, of_it.st_size, of_it.st_mtime_ns) for name, of_it in files]


async def _lay(
    place: Path, outlines: Mapping[str, str], files: Sequence[tuple[str, int, int]], presses: Executor | None
) -> None:
    link = place / fonts.CURRENT
    if not outlines and not files:
        link.unlink(missing_ok=True)
        return
    name = hashlib.sha256(json.dumps([outlines, files]).encode()).hexdigest()[:20]
    if not (place / name).is_dir():
        kai = None
        if outlines:
            kai = await asyncio.get_running_loop().run_in_executor(presses, in_a_press, "face_with", outlines)
        await asyncio.to_thread(_keep, place, name, kai, [file for file, _, _ in files])
    draft = place / f"{fonts.CURRENT}-{uuid4()}"
    draft.symlink_to(name)
    draft.replace(link)


def _keep(place: Path, name: str, kai: bytes | None, files: Sequence[str]) -> None:
    draft = place / f"{name}-{uuid4()}"
    draft.mkdir(parents=True)
    for ours in fonts.VENDORED.glob("*.ttf"):
        if kai and ours.name == characters.KAI:
            (draft / ours.name).write_bytes(kai)
        else:
            (draft / ours.name).symlink_to(ours)
    for file in files:
        (draft / file).symlink_to(Path("..", "..", FOLDER, file))
    try:
        draft.rename(place / name)
    except OSError:  # another program was faster with the same
        if not (place / name).is_dir():
            raise
