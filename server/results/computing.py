"""The statistics of one event from plain values: pure, and without the database, for a press does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring import policy as policies
from scoring.judging import AspectStatistics, JudgeStatistics, agreement, aspect_statistics, judge_statistics
from scoring.marks import Facts, Mark, scheme_from_data
from scoring.results import results


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that the statistics of one event are computed from."""

    scheme: Mapping[str, Any]
    """As the event's row has it."""
    policy: str
    policy_text: str
    panel: tuple[str, ...]
    entries: Mapping[str, Facts]
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What came of it; judges by their labels J1, J2 …"""

    judges: tuple[JudgeStatistics, ...]
    aspects: tuple[AspectStatistics, ...]
    agreement: int | None


def computed(question: Question) -> Statistics:
    """The statistics of one event."""
    scheme, policy = scheme_from_data(question.scheme), policies.parse(question.policy_text, question.policy)
    got = results(scheme, policy, question.panel, question.entries, question.marks)
    return Statistics(
        judge_statistics(scheme, question.marks),
        aspect_statistics(scheme, got),
        agreement(scheme, question.panel, question.marks),
    )
