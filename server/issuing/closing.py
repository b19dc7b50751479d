"""What of a certificate lies open in the database and what is sealed: the document's number, the photo, the last six.

The paper shows the first two, so they are put back wherever it is printed, and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from certificates.certificate import Certificate as Paper
from server.results.flow import canonical
from server.sealing import Sealer

PRIVATE = ("id_number", "photo")
SIX = "six"


def closed(paper: Paper, six: str, id: UUID, sealer: Sealer) -> tuple[str, bytes]:
    """A certificate as it is kept: what it says in the open, and what is sealed (nothing where there is nothing)."""
    data = paper.as_data()
    private = {name: data.pop(name) for name in PRIVATE if name in data}
    if six:
        private[SIX] = six
    return canonical(data), sealer.seal(canonical(private), _about(id)) if private else b""


def whole(row: Mapping[str, Any], sealer: Sealer) -> dict[str, Any]:
    """Everything that a certificate's paper says, from its row (`id`, `content`, `sealed`)."""
    content = row["content"] if isinstance(row["content"], dict) else json.loads(row["content"])
    private = sealed_of(row, sealer)
    return {**content, **{name: private[name] for name in PRIVATE if name in private}}


def sealed_of(row: Mapping[str, Any], sealer: Sealer) -> dict[str, str]:
    """What is sealed of a certificate."""
    found: dict[str, str] = json.loads(sealer.open(bytes(row["sealed"]), _about(row["id"]))) if row["sealed"] else {}
    return found


def _about(id: Any) -> str:
    return f"certificate:{id}"
