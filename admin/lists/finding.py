"""One search over everything that a person may see in the office: people, entries, events, certificates.

It looks into the competitions of whoever asks and nowhere else. Documents are shown masked and are not searched. Work
codes are neither searched nor shown, so that nobody finds out here whose piece is whose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from scoring.verdict import Words
from server.access import Actor
from server.database.tables import Competition
from server.results.pages import name_of
from server.web.page import spoken

MOST = 12
"""Shown of each kind; who has more typed too little."""
OPEN = "v.competition = ANY({})"
PEOPLE = f"""SELECT p.name AS title, p.document_masked || ' · ' || d.name AS told, v.code || '-' || lpad(e.number::text, 3, '0') || ' · ' || v.name AS more,
    v.competition AS competition, d.id AS delegation, e.id AS entry
FROM person p JOIN member m ON m.person = p.id JOIN event v ON v.id = m.event JOIN entry e ON e.id = m.entry JOIN delegation d ON d.id = e.delegation
WHERE {OPEN} AND p.name ILIKE {{}} ORDER BY p.name, v.code LIMIT {MOST + 1}"""
JUDGES = f"""SELECT j.name AS title, j.unit AS told, j.phone_masked AS more, j.id AS judge, z.organiser AS organiser, min(c.slug) AS slug
FROM judge j JOIN series z ON z.organiser = j.organiser JOIN competition c ON c.series = z.id
WHERE c.id = ANY({{}}) AND j.name ILIKE {{}} GROUP BY j.id, z.organiser ORDER BY j.name LIMIT {MOST + 1}"""
ENTRIES = f"""SELECT v.code || '-' || lpad(e.number::text, 3, '0') AS title, d.name AS told, v.name || coalesce(nullif(' · ' || e.team, ' · '), '') AS more,
    v.competition AS competition, d.id AS delegation, e.id AS entry
FROM entry e JOIN event v ON v.id = e.event JOIN delegation d ON d.id = e.delegation
WHERE {OPEN} AND (v.code || '-' || lpad(e.number::text, 3, '0') ILIKE {{}} OR e.team ILIKE {{}}) ORDER BY v.code, e.number LIMIT {MOST + 1}"""
EVENTS = f"""SELECT v.name AS title, v.code AS told, v.occupation AS more, v.competition AS competition, v.code AS code FROM event v
WHERE {OPEN} AND (v.name ILIKE {{}} OR v.name_en ILIKE {{}} OR v.code ILIKE {{}}) ORDER BY v.code LIMIT {MOST + 1}"""
CERTIFICATES = f"""SELECT c.number AS title, c.content::json ->> 'name' AS told, coalesce(v.name, '') AS more, c.competition AS competition, c.number AS number
FROM certificate c LEFT JOIN event v ON v.id = c.event
WHERE c.competition = ANY({{}}) AND (c.number ILIKE {{}} OR (c.content::json ->> 'name') ILIKE {{}}) ORDER BY c.number LIMIT {MOST + 1}"""
KINDS = (
    ("people", Words("人员", "People"), PEOPLE, 1),
    ("entries", Words("参赛单元", "Entries"), ENTRIES, 2),
    ("events", Words("赛项", "Events"), EVENTS, 3),
    ("certificates", Words("证书", "Certificates"), CERTIFICATES, 2),
    ("judges", Words("裁判", "Judges"), JUDGES, 1),
)


async def found(
    sought: str, competitions: Sequence[Mapping[str, Any]], actor: Actor, lang: str
) -> list[dict[str, Any]]:
    """What is found, by kind; a row that this person has no page for leads nowhere."""
    known = {one["id"]: one for one in competitions}
    pattern = "%" + "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in sought) + "%"
    groups = []
    for kind, words, query, gaps in KINDS:
        rows = await Competition.raw(query, list(known), *[pattern] * gaps)
        if rows:
            lines = [_line(kind, row, known, actor, lang) for row in rows[:MOST]]
            groups.append({"id": kind, "name": spoken(words, lang), "rows": lines, "more": len(rows) > MOST})
    return groups


def _line(
    kind: str, row: Mapping[str, Any], known: Mapping[UUID, Mapping[str, Any]], actor: Actor, lang: str
) -> dict[str, str]:
    competition = known[row["competition"]] if kind != "judges" else None
    where = name_of(competition, lang) if competition else ""
    url = _url(kind, row, competition, actor)
    return {"title": row["title"], "told": row["told"] or "", "more": row["more"] or "", "where": where, "url": url}


def _url(kind: str, row: Mapping[str, Any], competition: Mapping[str, Any] | None, actor: Actor) -> str:
    if competition is None:
        return f"/office/{row['slug']}/judges/{row['judge']}" if row["organiser"] in actor.organisers else ""
    office = f"/office/{competition['slug']}"
    if kind == "events":
        return f"{office}#open-{row['code']}"
    if kind == "certificates":
        return f"{office}/certificates/{row['number']}"
    if competition["organiser"] not in actor.organisers:
        return ""
    return f"/register/{competition['slug']}/{row['delegation']}/entry/{row['entry']}"
