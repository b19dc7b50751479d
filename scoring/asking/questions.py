"""The questions themselves, by name: each reads its data and answers when nothing was wrong with it."""

from collections.abc import Callable, Mapping

from scoring import blind_draw
from scoring.asking.answers import (
    Answer,
    awards_as_data,
    blind_draw_as_data,
    decision_as_data,
    draw_as_data,
    policy_as_data,
    standings_as_data,
    title_as_data,
    verdict_as_data,
)
from scoring.asking.reading import (
    read_achievement,
    read_applicant,
    read_day,
    read_draw_entry,
    read_event,
    read_occupation,
    read_policy,
    read_record,
    read_secrets,
    usable,
)
from scoring.draw import ALGORITHM, DrawEntry, draw, seed
from scoring.eligibility import eligible, over_quota
from scoring.explain import as_data, as_text, explain
from scoring.identity import birth_date, identify, kind_of, sex
from scoring.language.table import Notes, Table
from scoring.promotion import promote, titles
from scoring.verdict import NOWHERE, Problem, Problems, Words


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
    return lambda: awards_as_data(event().awards)


def explained(table: Table) -> Ready:
    """The whole story of one entry."""
    entry = table.text("entry")
    event = read_event(table)

    def answer() -> Answer:
        computed = event()
        if entry not in computed.results.of:
            raise Problems((_no_entry(entry),))
        lines = explain(computed, entry)
        return {"lines": as_data(lines), "zh": as_text(lines, "zh"), "en": as_text(lines, "en")}

    return answer


def promoted(table: Table) -> Ready:
    """What an achievement does to one person's level and titles."""
    policy, on = read_policy(table), read_day(table, "on")
    record = read_record(table.table("record"))
    achievement = read_achievement(table.table("achievement"))
    occupation = read_occupation(table.table("occupation"))
    table.close()

    def answer() -> Answer:
        rules = usable(policy(), on)
        won = titles(record, achievement, rules)
        return {
            "decision": decision_as_data(promote(record, achievement, occupation, rules)),
            "titles": [title_as_data(title) for title in won],
        }

    return answer


def eligibility(table: Table) -> Ready:
    """What stands against each applicant, and which quotas are exceeded."""
    policy, on = read_policy(table), read_day(table, "on")
    applicants = [read_applicant(one) for one in table.tables("applicants")]
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
    entries = [read_draw_entry(one) for one in table.tables("entries")]
    stations = table.whole("stations", least=1)
    shifts = table.whole("shifts", least=1) if table.has("shifts") else None
    given = table.text("seed", "")
    spoken = table.texts("commitments", default=())
    public = table.text("public", "")
    algorithm = table.choice("algorithm", (ALGORITHM, blind_draw.ALGORITHM), ALGORITHM)
    secrets = read_secrets(table)
    table.close()

    def answer() -> Answer:
        thrown = given or seed(spoken, public)
        if algorithm == blind_draw.ALGORITHM:
            return blind_draw_as_data(blind_draw.draw(entries, stations, thrown, secrets, shifts))
        return draw_as_data(draw([DrawEntry(one.id, one.unit) for one in entries], stations, thrown, shifts))

    return answer


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
    return Problem("question.no-entry", NOWHERE, words, Words("填写 entries 中的一个", "name one of the entries"))
