"""How an entry is called wherever people read of it: on papers, at the desk and in a draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def entry_id(event: Mapping[str, Any], number: int) -> str:
    """An entry of an event by its number, for example `M01-007`; `event` has its `code`."""
    return f"{event['code']}-{number:03}"
