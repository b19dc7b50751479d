"""Whether an appeal comes in time.

How long there is after a publication is the policy's to say ([appeals]); whoever asks works out the moment at which it
ends, because working days need a calendar.
"""

from datetime import datetime

from scoring.verdict import No, Silent, Verdict, Words, Yes


def in_time(ends: datetime | None, at: datetime) -> Verdict:
    """Whether an appeal written at `at` may be looked into; `ends` is None where the policy names no time.

    The last moment still counts. Where the policy is silent, nobody guesses: a person admits it, with a reason.
    """
    if ends is None:
        words = Words(
            "规则没有规定申诉时限，须由监督写明理由准许后受理",
            "the policy names no time for appeals: a supervisor admits it, with a reason",
        )
        return Silent("appeals.silent", words)
    if at > ends:
        return No("appeals.late", Words("申诉时限已过", "the time for appeals is over"))
    return Yes("appeals.in-time", Words("在申诉时限内提出", "written within the time for appeals"))
