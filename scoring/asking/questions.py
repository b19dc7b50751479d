"""The questions themselves, by name: each reads its data and answers when nothing was wrong with it."""

from collections.abc import Callable, Mapping

from scoring.asking.answers import (
    Answer,
    awards_as_data,
    decision_as_data,
    draw_as_data,
    policy_as_data,
    standings_as_data,
    title_as_data,
    verdict_as_data,
)
from scoring.asking.drawing import read_draw
from scoring.asking.event import read_event
from scoring.asking.people import decided, read_people
from scoring.asking.reading import (
    read_achievement,
    read_applicants,
    read_occupation,
    read_policy,
    read_record,
    usable,
)
from scoring.asking.strict import day, optional
from scoring.eligibility import eligible, over_quota
from scoring.explain import as_data, as_text, explain
from scoring.identity import birth_date, identify, kind_of, sex
from scoring.language.table import Notes, Table
from scoring.promotion import promote
from scoring.titles import titles
from scoring.verdict import Place, Problem, Problems, Words


def ask(question: str, data: object) -> Answer:
    """The answer to a question by its name; KeyError for a name that is not in `QUESTIONS`."""
    notes = Notes("question", question, {})
    read = QUESTIONS[question](Table(data, notes))
    if notes.problems:
        raise Problems(tuple(notes.problems))
    return read()


Ready = Callable[[], Answer]
"""A question whose data has been read; asked only when nothing was wrong with it."""


def check(table: Table) -> Ready:
    """Whether a policy is whole; who it says it is."""
    policy = read_policy(table)
    table.close()
    return lambda: policy_as_data(policy())


def standing(table: Table) -> Ready:
    """The table of an event, and the ties that wait for the chief judge."""
    event = read_event(table)
    return lambda: standings_as_data(event())


def awarded(table: Table) -> Ready:
    """Who takes which award."""
    event = read_event(table)
    return lambda: awards_as_data(event())


def explained(table: Table) -> Ready:
    """The whole story of one entry."""
    entry = table.text("entry")
    people = read_people(optional(table, "people"))
    event = read_event(table)

    def answer() -> Answer:
        computed = event()
        if entry not in computed.results.of:
            raise Problems((_no_entry(entry),))
        lines = explain(decided(computed, entry, people), entry)
        return {"lines": as_data(lines), "zh": as_text(lines, "zh"), "en": as_text(lines, "en")}

    return answer


def promoted(table: Table) -> Ready:
    """What an achievement does to one person's level and titles."""
    policy, on = read_policy(table), day(table, "on")
    record = read_record(table.table("record"))
    achievement = read_achievement(table.table("achievement"))
    occupation = read_occupation(table.table("occupation"))
    table.close()

    def answer() -> Answer:
        rules = usable(policy(), on)
        won = titles(record, achievement, occupation, rules)
        return {
            "decision": decision_as_data(promote(record, achievement, occupation, rules)),
            "titles": [title_as_data(title) for title in won],
        }

    return answer


def eligibility(table: Table) -> Ready:
    """What stands against each applicant, and which quotas are exceeded."""
    policy, on = read_policy(table), day(table, "on")
    applicants = read_applicants(table)
    table.close()

    def answer() -> Answer:
        rules = usable(policy(), on)
        found = [eligible(one, rules, on) for one in applicants]
        return {
            "applicants": {one.applicant: [verdict_as_data(verdict) for verdict in one.verdicts] for one in found},
            "quotas": [verdict_as_data(verdict) for verdict in over_quota(applicants, rules)],
        }

    return answer


def identity(table: Table) -> Ready:
    """Whether a document number can be real."""
    kind, number = table.text("kind"), table.text("number")
    table.close()
    born = birth_date(number)
    return lambda: {
        **verdict_as_data(identify(kind_of(kind) or kind, number)),
        "birth_date": born.isoformat() if born else None,
        "sex": sex(number),
    }


def drawn(table: Table) -> Ready:
    """A draw, or the same draw again: from the seed, or from what the witnesses said."""
    ready = read_draw(table)
    return lambda: draw_as_data(ready())


QUESTIONS: Mapping[str, Callable[[Table], Ready]] = {
    "check": check,
    "standings": standing,
    "awards": awarded,
    "explain": explained,
    "promote": promoted,
    "eligible": eligibility,
    "identify": identity,
    "draw": drawn,
}


def _no_entry(entry: str) -> Problem:
    words = Words(f"没有参赛单元 {entry}", f"there is no entry {entry}")
    return Problem(
        "question.no-entry",
        Place("question", key="entry"),
        words,
        Words("填写 entries 中的一个", "name one of the entries"),
    )
