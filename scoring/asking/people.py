"""Reads the people behind an entry, and decides about them from the event's own result: nothing is typed in twice.

Rank, award, field and what was passed come from the computed event; a person brings their record, the occupation, and
the circumstances (group, tier, class …) that no mark can tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scoring.asking.reading import read_circumstances, read_occupation, read_record
from scoring.asking.strict import names
from scoring.awards import Field
from scoring.explain import Event
from scoring.language.table import Table
from scoring.promotion import Record, promote
from scoring.results import passed
from scoring.selecting import Achievement, Occupation
from scoring.titles import titles


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the entry: what they hold, in which occupation they compete, and under which circumstances."""

    record: Record
    occupation: Occupation
    circumstances: Achievement


def read_people(table: Table) -> dict[str, Person]:
    """The people of one entry, by name."""
    return {name: _read_person(table.table(name)) for name in names(table)}


def _read_person(table: Table) -> Person:
    person = Person(
        read_record(table.table("record")),
        read_occupation(table.table("occupation")),
        read_circumstances(table, Achievement(0, "", Field(0, 0))),
    )
    table.close()
    return person


def decided(event: Event, entry: str, people: Mapping[str, Person]) -> Event:
    """The event with what its policy decides about the people of one entry."""
    given = event.awards
    award = given.of.get(entry)
    reached = event.members.get(entry) or event.results[entry]
    decisions, won = {}, {}
    for name, person in people.items():
        achievement = replace(
            person.circumstances,
            rank=given.places.get(entry, 0),
            counted=given.counted.get(entry, 0),
            award_id=award.id if award else "",
            field=given.field,
            passed=passed(event.scheme, reached, event.policy),
        )
        decisions[name] = promote(person.record, achievement, person.occupation, event.policy)
        won[name] = titles(person.record, achievement, person.occupation, event.policy)
    return replace(event, decisions={entry: decisions}, titles={entry: won})
