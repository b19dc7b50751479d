"""Writes answers in JSON types. Marks stay whole hundredths; exact fractions become texts such as “22000/3”."""

from scoring.blind_draw import BlindDraw, BlindPlace
from scoring.draw import Draw
from scoring.explain import Event
from scoring.policy import Policy
from scoring.promotion import Decision, Promoted
from scoring.results import passed
from scoring.standings import open_ties
from scoring.titles import Title
from scoring.verdict import No, Problem, Silent, Verdict

Answer = dict[str, object]


def problems_as_data(problems: tuple[Problem, ...]) -> Answer:
    """Refusals in JSON types."""
    return {
        "problems": [
            {
                "code": problem.code,
                "where": {"file": problem.place.sheet, "key": problem.place.key, "line": problem.place.line},
                "zh": problem.words.zh,
                "en": problem.words.en,
                "mend": {"zh": problem.mend.zh, "en": problem.mend.en},
            }
            for problem in problems
        ]
    }


def policy_as_data(policy: Policy) -> Answer:
    """Who a policy says it is: id, title, document, days in force, citations and fingerprint."""
    return {
        "id": policy.id,
        "title": {"zh": policy.title.zh, "en": policy.title.en},
        "document": policy.document,
        "status": policy.status,
        "in_force": [day.isoformat() if day else None for day in policy.in_force],
        "cites": dict(policy.cites),
        "fingerprint": policy.fingerprint,
    }


def standings_as_data(event: Event) -> Answer:
    """The table of an event, best first, with exact totals, module marks and what each entry passed."""
    return {
        "policy": event.policy.fingerprint,
        "standings": [
            {
                "rank": line.rank,
                "entry": line.entry,
                "total": line.total,
                "exact": str(event.results[line.entry].exact),
                "modules": {id: str(mark) for id, mark in event.results[line.entry].modules.items()},
                "equals": list(line.equals),
                "tied": list(line.tied),
                "broken_by": line.broken_by,
                "ahead": line.ahead,
                "passed": sorted(passed(event.scheme, event.results[line.entry], event.policy)),
            }
            for line in event.standings
        ],
        **_open(event),
    }


def awards_as_data(event: Event) -> Answer:
    """The award of every entry (null: none), the places that counted, and the field that they were counted in."""
    given = event.awards
    return {
        **verdict_as_data(given.verdict),
        "awards": {
            entry: {"id": award.id, "zh": award.name.zh, "en": award.name.en} if award else None
            for entry, award in sorted(given.of.items())
        },
        "places": dict(sorted(given.places.items())),
        "field": {"entries": given.field.entries, "teams": given.field.teams, "kind": given.field.kind},
        **_open(event),
    }


def _open(event: Event) -> Answer:
    """What a person still has to settle; until then ranks and awards are provisional."""
    tasks = open_ties(event.standings, event.policy)
    return {
        "provisional": bool(tasks or event.spread),
        "chief_judge": [
            {"rank": task.rank, "entries": list(task.entries), "zh": task.words.zh, "en": task.words.en}
            for task in tasks
        ],
        "spread": [
            {"entry": alarm.entry, "aspect": alarm.aspect, "scores": dict(alarm.scores)} for alarm in event.spread
        ],
    }


def verdict_as_data(verdict: Verdict) -> Answer:
    """“yes”, “no” or “silent”, with the rule and the reason."""
    kind = "no" if isinstance(verdict, No) else "silent" if isinstance(verdict, Silent) else "yes"
    return {"verdict": kind, "rule": verdict.rule, "zh": verdict.reason.zh, "en": verdict.reason.en}


def decision_as_data(decision: Decision) -> Answer:
    """“promoted” with the level and its mode, “unchanged” or “silent”, each with the rule and the reason."""
    answer: Answer = {"rule": decision.rule, "zh": decision.reason.zh, "en": decision.reason.en}
    if isinstance(decision, Promoted):
        level = decision.level
        printed = {"id": level.id, "zh": level.name.zh, "en": level.name.en}
        return {"outcome": "promoted", "level": printed, "mode": decision.mode, "cites": decision.citation, **answer}
    return {"outcome": "silent" if isinstance(decision, Silent) else "unchanged", **answer}


def title_as_data(title: Title | No | Silent) -> Answer:
    """A title that was won, or the verdict why it was not."""
    if not isinstance(title, Title):
        return verdict_as_data(title)
    words = {"zh": title.name.zh, "en": title.name.en}
    return {"id": title.id, "mode": title.mode, "cites": title.citation, **words}


def draw_as_data(done: Draw | BlindDraw) -> Answer:
    """A place for each entry; number and work code only as far as their layers are open."""
    places = []
    for one in done.places:
        place: Answer = {"entry": one.entry, "order": one.order, "shift": one.shift, "station": one.station}
        number = one.number if isinstance(one, BlindPlace) else 0
        opened = {"number": number, "code": one.code}
        places.append({**place, **{layer: drew for layer, drew in opened.items() if drew}})
    return {"algorithm": done.algorithm, "seed": done.seed, "places": places}
