"""How a task that runs beside the program ends: a query that is cut short may answer with an error of its own instead of the
cancellation, and whoever catches that error in a loop has to look whether it was told to end.
"""

from __future__ import annotations

import asyncio


def told_to_end() -> bool:
    """Whether the task that asks was cancelled."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
