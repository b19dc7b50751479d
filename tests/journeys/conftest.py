"""One finished example competition for all journeys: `podium demo --no-serve`, run as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SEED = "journey"


@dataclass(frozen=True)
class Held:
    """A data folder and what the command that held the competition said."""

    data: Path
    said: str
    code: int


def podium(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on a data folder."""
    environment = {**os.environ, "PODIUM_DATA": str(data), "LC_ALL": "C.UTF-8", "COLUMNS": "300"}
    line = [sys.executable, "-m", "server.cli", *arguments]
    return subprocess.run(line, env=environment, capture_output=True, text=True, timeout=1200, check=False)


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """The example competition, held once."""
    data = tmp_path_factory.mktemp("held")
    done = podium(data, "demo", "--no-serve", "--seed", SEED)
    yield Held(data, done.stdout + done.stderr, done.returncode)
