"""What the rows of one workbook must be to each other: nobody twice, teams complete, the total right.

Which events are entered by teams, and how large a team is, only the competition knows. A workbook can still contradict
itself: a team of one, one team larger than the others, a member without a number among people who have one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from admin.sheets.headings import Table
from admin.sheets.reading import RegistrationRow
from admin.sheets.wording import problem
from scoring.verdict import Place, Problem

Tables = Mapping[str, Table]
TWICE = (("document_number", "id-twice"), ("level_certificate", "certificate-twice"), ("photo", "photo-twice"))


def inconsistencies(rows: Sequence[RegistrationRow], tables: Tables) -> list[Problem]:
    """Every contradiction between rows, each shown at the later row or at every member of the team concerned."""
    return [*repeated(rows, tables), *teams(rows, tables)]


def repeated(rows: Sequence[RegistrationRow], tables: Tables) -> Iterable[Problem]:
    """Numbers, certificates and photos that two rows share; the first row to have one keeps it."""
    for field, code in TWICE:
        first: dict[str, RegistrationRow] = {}
        for row in rows:
            value = str(getattr(row, field)).casefold()
            earlier = first.setdefault(value, row)
            if value and earlier is not row and not (field == "photo" and same_person(row, earlier)):
                place = place_of(row, field, tables)
                yield problem(f"registration.{code}", place, other=earlier.row, name=earlier.name or "?")


def same_person(row: RegistrationRow, other: RegistrationRow) -> bool:
    """Whether two rows carry one number: then their common photo is not a second mistake."""
    return bool(row.document_number) and row.document_number == other.document_number


def teams(rows: Sequence[RegistrationRow], tables: Tables) -> Iterable[Problem]:
    """Teams that cannot be complete, event by event."""
    events: dict[str, dict[str, list[RegistrationRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.event:
            events[row.event][row.team].append(row)
    for event, members in events.items():
        alone = members.pop("", [])
        if not members:
            continue
        for row in alone:
            yield problem("registration.team-missing", place_of(row, "team", tables), event=event)
        yield from uneven(event, members, tables)


def uneven(event: str, members: Mapping[str, list[RegistrationRow]], tables: Tables) -> Iterable[Problem]:
    """Teams of one, teams of another size than most (the smaller size when there is no most), and mixed groups."""
    sizes = Counter(len(team) for team in members.values() if len(team) > 1)
    usual = max(sizes, key=lambda size: (sizes[size], -size)) if sizes else 0
    for team, rows in members.items():
        values = {"event": event, "team": team, "found": len(rows), "usual": usual}
        for row in rows:
            place = place_of(row, "team", tables)
            if len(rows) == 1:
                yield problem("registration.team-alone", place, **values)
            elif len(rows) != usual:
                yield problem("registration.team-size", place, **values)
            if len({member.group for member in rows if member.group}) > 1:
                yield problem("registration.team-groups", place_of(row, "group", tables), **values)


def place_of(row: RegistrationRow, field: str, tables: Tables) -> Place:
    """The cell of a field in a row that was read."""
    heading = tables[row.sheet].column(field) if row.sheet in tables else None
    return Place(row.sheet, row.row, heading.letters if heading else "", heading.text if heading else "")
