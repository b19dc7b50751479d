"""What the desk shows: where every event stands, what holds it up, and what needs this person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from scoring.ladder import LEVELS
from scoring.verdict import No, Words, Yes
from server import pipeline
from server.access import Actor, Scope
from server.competitions.flow import policy_of
from server.database.tables import Competition, Event, Promotion, PromotionDecision, Refused
from server.draw.ceremony import announced_in, ceremony_of, committed, witnesses_of
from server.draw.custodians import custodians_of
from server.results.flow import superseded
from server.results.pages import name_of
from server.web.page import spoken
from server.web.words import N_, translator, written

BLOCKING = frozenset({"marks.conflict", "marks.spread", "pipeline.scheme"})
"""Rules that hold an event up because something is wrong, not because something is not there yet."""

EFFECTS = {
    "registration": Words("代表队从现在起可以报名。", "Delegations may enter from now on."),
    "drawn": Words(
        "按承诺和公开随机数抽出顺序、赛位和加密号，任何人都能重算。",
        "Order, stations and work codes are drawn; anybody can repeat it.",
    ),
    "marking": Words("裁判从现在起可以打分。", "Judges may mark from now on."),
    "sealed": Words("不再收分；之后只能更正。", "No more marks are taken; after this there are only corrections."),
    "reviewed": Words("加密号解码为姓名。", "Work codes are turned back into names."),
    "published": Words("成绩冻结成一版，对所有人公开。", "The results are frozen and shown to everybody."),
    "final": Words("公示结束，晋升写入技能档案。", "The notice is over; promotions enter the skill records."),
    "certified": Words("按这一版编号、签发证书。", "Certificates are numbered and issued from this version."),
}
Asks = Sequence[tuple[str, Words, Words]]
ASKS: Mapping[str, Asks] = {
    "drawn": (
        (
            "commitments",
            Words("监督的承诺", "The supervisors' commitments"),
            Words("每人一句，用分号隔开", "one each, separated by semicolons"),
        ),
        (
            "public",
            Words("公开随机数", "Public string"),
            Words("事先约定，例如当日彩票开奖号", "named beforehand, for example a lottery result"),
        ),
    )
}
ASKS_AT_A_CEREMONY = ASKS["drawn"][1:]
"""The supervisors have committed themselves; the organiser brings the public string only."""
RANKED = frozenset(pipeline.STATES[pipeline.STATES.index("sealed") :])
"""States in which the office looks at standings."""
DRAWING = frozenset({"registration", "drawn", "marking"})
"""States in which the draw has a page of its own to be looked at."""
RECHECKED = pipeline.DECODED | {"sealed"}
"""States in which an event has a page about its re-check."""
DECODED = pipeline.DECODED
"""States in which an event has a page about its publication."""
FINAL = frozenset({"sealed", "reviewed", "published", "final", "certified"})
PILLS = {
    "setup": Words("筹备", "Set up"),
    "registration": Words("报名", "Entries"),
    "drawn": Words("已抽", "Drawn"),
    "sealed": Words("封存", "Sealed"),
    "reviewed": Words("复核", "Review"),
    "published": Words("公示", "Notice"),
    "final": Words("定稿", "Final"),
    "certified": Words("完成", "Done"),
}


def door_into(event: Mapping[str, Any]) -> str:
    """The state behind the event's next door; nothing at the end."""
    door = pipeline.DOORS.get(event["state"])
    return door.into if door else ""


def door_of(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    actor: Actor,
    verdict: Yes | No,
    lang: str,
    asked: Asks,
) -> dict[str, Any] | None:
    """The event's next door: whether it opens, for whom, and what it asks."""
    door = pipeline.DOORS.get(event["state"])
    if door is None:
        return None
    scope = Scope(competition, competition["organiser"], event)
    opens = isinstance(verdict, Yes)
    asks = [
        {"name": name, "label": spoken(label, lang), "hint": spoken(hint, lang), "value": "", "required": True}
        for name, label, hint in asked
    ]
    return {
        "name": spoken(door.name, lang),
        "into": door.into,
        "open": opens,
        "mine": opens and isinstance(door.who(actor, scope), Yes),
        "why": "" if opens else spoken(verdict.reason, lang),
        "who": spoken(door.who_words, lang),
        "effect": spoken(EFFECTS[door.into], lang),
        "final": door.into in FINAL,
        "action": f"/office/{competition['slug']}/events/{event['code']}/steps",
        "ask": asks,
    }


KEY = Words("为你保管的一层设定口令", "Set the passphrase of your layer")
COMMIT = Words("为抽签作承诺", "Commit to the draw")
REVEAL = Words("揭示你的话", "Reveal your words")


async def part_in_draws(
    competition: Mapping[str, Any], events: Sequence[Mapping[str, Any]], actor: Actor, lang: str, at: datetime
) -> list[dict[str, Any]]:
    """The announced draws that wait for this person: to choose the passphrase of a layer, to commit or to reveal."""
    waiting = []
    announced = await announced_in([event["id"] for event in events if event["state"] == "registration"])
    for event in events:
        ceremony = await ceremony_of(event["id"]) if event["id"] in announced else None
        for act in await _parts(ceremony, actor, at) if ceremony else ():
            waiting.append(
                {
                    "event": name_of({**event, "edition": 1}, lang),
                    "what": spoken(act, lang),
                    "detail": ceremony["naming"] if ceremony else "",
                    "due": "" if act is REVEAL or ceremony is None else ceremony["known_at"],
                    "url": f"/office/{competition['slug']}/events/{event['code']}/draw",
                }
            )
    return waiting


async def _parts(ceremony: Mapping[str, Any], actor: Actor, at: datetime) -> list[Words]:
    keepers = await custodians_of(ceremony["id"]) if ceremony["custody"] else []
    acts = [KEY for one in keepers if one["account"] == actor.account and not one["keyed_at"]][:1]
    witnesses = await witnesses_of(ceremony["id"])
    mine = next((one for one in witnesses if one["account"] == actor.account), None)
    if mine is None or mine["revealed_at"]:
        return acts
    if isinstance(committed(ceremony, witnesses, at), Yes):
        return [*acts, REVEAL]
    return [*acts, COMMIT] if not mine["commitment"] and at < ceremony["known_at"] else acts


async def silent_cases(competition: UUID, url: str, lang: str) -> list[dict[str, str]]:
    """Promotions on which the policy's text says nothing and nobody has decided yet, with the clause; `url` is the desk at which the
    reader may decide them, or ""."""
    query = Promotion.select(
        Promotion.id,
        Promotion.held,
        Promotion.rule,
        Promotion.reason_zh,
        Promotion.reason_en,
        Promotion.person.name.as_alias("person"),
        Promotion.snapshot.event.name.as_alias("event"),
        Promotion.snapshot.event.name_en.as_alias("event_en"),
        Promotion.snapshot.event.policy.as_alias("policy"),
        Promotion.snapshot.event.policy_text.as_alias("policy_text"),
        Promotion.snapshot.event.policy_fingerprint.as_alias("policy_fingerprint"),
    )
    cases = []
    for row in await query.where(_undecided(competition)).order_by(Promotion.snapshot.event.code):
        held = LEVELS[row["held"]].name if row["held"] else Words("", "")
        cases.append(
            {
                "person": row["person"],
                "event": row["event_en"] if lang == "en" and row["event_en"] else row["event"],
                "held": spoken(held, lang),
                "why": spoken(Words(row["reason_zh"], row["reason_en"]), lang),
                "clause": spoken(clause_of(row), lang),
                "url": f"{url}#case-{row['id']}" if url else "",
            }
        )
    return cases


async def silence(competition: Mapping[str, Any], actor: Actor, lang: str) -> list[dict[str, Any]]:
    """The cases on which the rules are silent as they wait for a supervisor on their first page."""
    if competition["id"] not in actor.supervises:
        return []
    count = await Promotion.count().where(_undecided(competition["id"]))
    many = Words(f"{count} 例规则未规定，等你裁定", f"{count} {'case waits' if count == 1 else 'cases wait'} for you")
    line = {
        "event": name_of(competition, lang),
        "what": spoken(Words("规则未规定的晋升", "Promotions on which the rules are silent"), lang),
        "detail": spoken(many, lang),
        "due": "",
        "url": f"/office/{competition['slug']}/promotions",
    }
    return [line] if count else []


def _undecided(competition: UUID) -> Any:
    decided = PromotionDecision.select(PromotionDecision.promotion)
    where = (Promotion.outcome == "silent") & (Promotion.snapshot.event.competition == competition)
    return where & Promotion.id.not_in(decided) & Promotion.snapshot.not_in(superseded())


def clause_of(row: Mapping[str, Any]) -> Words:
    """The clause of the rule that fell silent."""
    rules = {f"promotion.{rule.id}": rule.clause for rule in policy_of(row).promotion.rules}
    return rules.get(row["rule"], Words(row["rule"], row["rule"]))


async def refused_certificates(competition: UUID) -> list[dict[str, str]]:
    """Certificates that no font can print, and the characters."""
    query = Refused.select(
        Refused.characters, Refused.member.person.name.as_alias("person"), Refused.snapshot.event.name.as_alias("event")
    )
    rows = await query.where(Refused.snapshot.event.competition == competition)
    return [{"person": row["person"], "event": row["event"], "why": row["characters"]} for row in rows]


async def competitions_for(actor: Actor) -> list[dict[str, Any]]:
    """The competitions this person may see in the office, newest first."""
    query = Competition.select(*Competition.all_columns(), Competition.series.organiser.as_alias("organiser"))
    rows = await query.order_by(Competition.starts, Competition.edition, ascending=False).output(load_json=True)
    return [dict(row) for row in rows if row["organiser"] in actor.organisers or row["id"] in actor.supervises]


async def stages_of(competition: Mapping[str, Any]) -> dict[str, int]:
    """State → how many events stand there."""
    query = "SELECT state, count(*) AS n FROM event WHERE competition = {} GROUP BY state"
    return {row["state"]: row["n"] for row in await Event.raw(query, competition["id"])}


def sets_up(competition: Mapping[str, Any], actor: Actor) -> bool:
    """Whether this person sets the competition up: the rail then leads there from every page."""
    return competition["organiser"] in actor.organisers


POLICIES = "/office/policies"
RAW = "/office/raw"


SIGNING_KEYS = "/office/signing-keys"


def rail_raw(lang: str) -> dict[str, Any]:
    """The rail of the raw tables' pages."""
    return with_raw(rail(None, "raw", None, lang, keys=True), lang)


def with_raw(made: dict[str, Any], lang: str) -> dict[str, Any]:
    """A rail with the way to the raw tables, for a superuser."""
    link = {
        "id": "raw",
        "icon": "layout-list",
        "name": translator(lang).gettext(N_("Raw tables")),
        "url": RAW,
        "count": None,
    }
    return {**made, "links": [*made["links"], link]}


Link = tuple[str, str, str, str, bool]
"""Id, icon, name, the end of its address, and whether it is for those who set the competition up."""
ROOMS: Sequence[tuple[str, Sequence[Link]]] = (
    ("", (("corridor", "route", N_("Corridor"), "", False),)),
    (
        N_("Preparing"),
        (
            ("setup", "pencil", N_("Set up"), "/setup", True),
            ("policies", "notes", N_("Policies"), "", True),
            ("judges", "users", N_("Judges"), "/judges", False),
            ("panels", "scale", N_("Panels"), "/panels", False),
            ("tablets", "mark-local", N_("Tablets"), "/tablets", False),
        ),
    ),
    (
        N_("Entering"),
        (
            ("registration", "clipboard-check", N_("Registration desk"), "/registration", False),
            ("review", "circle-check", N_("Review of entries"), "/review", False),
            ("photos", "user-search", N_("Photos"), "/photos", True),
            ("papers", "printer", N_("Papers"), "/papers", True),
        ),
    ),
    (
        N_("In the hall"),
        (
            ("check-in", "qrcode", N_("Check-in"), "/check-in", True),
            ("live", "player-play", N_("Boards and ceremony"), "/live", False),
        ),
    ),
    (
        N_("Afterwards"),
        (
            ("appeals", "scale", N_("Appeals"), "/appeals", False),
            ("promotions", "stairs-up", N_("Promotions"), "/promotions", False),
            ("certificates", "file-certificate", N_("Issued certificates"), "/certificates", False),
        ),
    ),
    (
        N_("Looking up"),
        (
            ("lists", "layout-list", N_("Lists"), "/lists/entries", False),
            ("reports", "chart-bar", N_("Reports"), "/reports", False),
            ("public", "speakerphone", N_("Public page"), "", False),
        ),
    ),
)
"""The rooms of a competition in the order in which its work comes about, under the headings of the rail."""


def rail(
    competition: Mapping[str, Any] | None,
    here: str,
    events: int | None,
    lang: str,
    sets_up: bool = False,
    keys: bool = False,
) -> dict[str, Any]:
    """The office's rail; with the way to setting up, and outside of competitions to the keys that sign, for whoever may."""
    say = translator(lang).gettext
    links: list[dict[str, Any]] = [
        {"id": "home", "icon": "sun-high", "name": say(N_("Today")), "url": "/office", "count": None}
    ]
    if sets_up and not competition:
        links.append({"id": "policies", "icon": "notes", "name": say(N_("Policies")), "url": POLICIES, "count": None})
    if (sets_up or keys) and not competition:
        name = say(N_("Signing keys"))
        links.append({"id": "signing-keys", "icon": "shield-check", "name": name, "url": SIGNING_KEYS, "count": None})
    if competition:
        elsewhere = {"policies": POLICIES, "public": f"/c/{competition['slug']}"}
        links += [
            {
                "id": id,
                "icon": icon,
                "name": say(name),
                "url": elsewhere.get(id, f"/office/{competition['slug']}{end}"),
                "count": events if id == "corridor" else None,
                "group": say(group) if group else "",
            }
            for group, rooms in ROOMS
            for id, icon, name, end, staff in rooms
            if sets_up or not staff
        ]
    return {"competition": edition(competition, lang) if competition else None, "here": here, "links": links}


def edition(competition: Mapping[str, Any], lang: str) -> dict[str, str]:
    """The competition at the head of the rail."""
    url = f"/office/{competition['slug']}"
    return {"name": name_of(competition, lang), "when": _when(competition, lang), "url": url}


def _when(competition: Mapping[str, Any], lang: str) -> str:
    days = (written(competition[name], "day", lang) for name in ("starts", "ends"))
    return " – ".join(days)


def by_category(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Events under their categories, in the order in which they come."""
    names = dict.fromkeys(line["category"] for line in lines)
    return [{"name": name, "events": [line for line in lines if line["category"] == name]} for name in names]
