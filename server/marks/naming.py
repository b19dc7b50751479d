"""The device names that no tablet and no machine has: by them the ledger says that two people stand behind a mark."""

from __future__ import annotations

from scoring.verdict import Words
from server.marks.correcting import DEVICE as CORRECTION
from server.marks.paper import DEVICE as PAPER
from server.wire import Answer, NewMark

BY_TWO = (PAPER, CORRECTION)


def of_two(mark: NewMark) -> Answer | None:
    """Why a mark that one person sends is not taken: it has the name of a device behind which there are two; None where it has not."""
    if mark.device not in BY_TWO:
        return None
    words = Words(
        f"“{mark.device}”不是一台平板或机器的名称，分数没有收。请改用自己的名称。",
        f"“{mark.device}” is the name of no tablet or machine; the mark was not taken. Send it under a name of your own.",
    )
    return Answer(mark.id, "refused", "mark.device", words.zh, words.en)
