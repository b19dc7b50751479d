"""What the set-up's pages share: the rail and the tabs, what was said and refused, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Response

from admin import desk
from scoring.verdict import Problems, Words
from server.competitions.flow import events_listed
from server.competitions.news import announcements
from server.database.tables import Clerk, Delegation, Supervisor
from server.errors import Refusal, told
from server.registration.attachment_kinds import kinds_of
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken
from server.web.words import translator

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
SAVED = {
    "facts": Words("已保存。", "Saved."),
    "event": Words("赛项已保存。", "The event is saved."),
    "added": Words("赛项已添加。接着选评分方案。", "The event is added. Choose its marking scheme next."),
    "scheme": Words("评分方案已选定。", "The marking scheme is chosen."),
    "removed": Words("赛项已删去。", "The event is taken out."),
    "places": Words("名额已保存。", "The places are saved."),
    "delegations": Words("代表队已添加。", "The delegations are added."),
    "design": Words("版式已选定；以后发的证书都用它。", "The design is chosen; what is issued from now on has it."),
    "template": Words(
        "模板已保存；选用之后，以后发的证书才用它。",
        "The template is kept. Choose it, and what is issued from then on has it.",
    ),
    "gone": Words("代表队已删去。", "The delegation is taken out."),
    "key": Words("密钥已作废，立即失效。", "The key is withdrawn; it opens nothing any more."),
    "occupation": Words(
        "职业已添加；新建赛项时就能搜到。", "The occupation is added; it is found when an event is made."
    ),
    "announced": Words("已发布。", "Announced."),
    "withdrawn": Words("公告已撤下。", "The announcement is withdrawn."),
    "programmed": Words("已加入日程。", "It is on the programme."),
    "unprogrammed": Words("已从日程删去。", "It is off the programme."),
    "asked": Words("已加上。报名员现在就能上传。", "It is asked for; clerks can send it now."),
    "unasked": Words("不再要求这种材料；已经交的还在。", "It is no longer asked for; what was sent stays."),
    "forgotten": Words("职业已删去；用过它的赛项不变。", "The occupation is taken out; events that used it stay."),
}
"""What the page after a redirect says was done."""


async def setup_page(
    request: Web,
    template: str,
    here: str,
    refusal: Refusal | None = None,
    said: dict[str, Any] | None = None,
    **values: Any,
) -> Response[str]:
    """A page of the set-up of the competition that the address names."""
    competition, lang = request.state.scope.competition, lang_of(request)
    events = await events_listed(competition)
    done = SAVED.get(request.query_params.get("done", "")) if request.method == "GET" else None
    return page(
        request,
        template,
        refusal.status if refusal else 200,
        desk=desk.rail(competition, "setup", len(events), lang, sets_up=True),
        competition={
            "name": name_of(competition, lang),
            "url": f"/office/{competition['slug']}",
            "public": f"/c/{competition['slug']}",
        },
        tabs=await _tabs(competition, events, here, lang),
        said=said or ({"what": spoken(done, lang)} if done else None),
        problem=refusal_of(refusal, lang),
        **values,
    )


async def _tabs(
    competition: Mapping[str, Any], events: Sequence[Mapping[str, Any]], here: str, lang: str
) -> list[dict[str, Any]]:
    say, url = translator(lang).gettext, f"/office/{competition['slug']}/setup"
    delegations = await Delegation.count().where(Delegation.competition == competition["id"])
    people = await Supervisor.count().where(Supervisor.competition == competition["id"])
    people += await Clerk.count().where(Clerk.delegation.competition == competition["id"])
    tabs: list[tuple[str, str, str, int | None]] = [
        ("facts", say("Competition"), url, None),
        ("events", say("Events"), f"{url}/events", len(events)),
        ("places", say("Delegations and places"), f"{url}/places", delegations),
        ("people", say("Supervisors and clerks"), f"{url}/people", people),
        ("news", say("Announcements"), f"{url}/news", len(await announcements(competition["id"])) or None),
        ("programme", say("Programme"), f"{url}/programme", None),
        ("attachments", say("Attachments"), f"{url}/attachments", len(await kinds_of(competition["id"])) or None),
        ("designs", say("Designs of certificates"), f"{url}/designs", None),
        ("keys", say("API keys"), f"{url}/keys", None),
    ]
    return [{"name": name, "url": where, "count": count, "here": id == here} for id, name, where, count in tabs]


def refusal_of(refusal: Refusal | None, lang: str) -> dict[str, Any] | None:
    """Why a form was refused, as the template `office/fields.html` draws it."""
    if refusal is None:
        return None
    details = [spoken(told(one), lang) for one in refusal.problems]
    return {"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang), "details": details}


def as_refusal(problems: Problems) -> Refusal:
    """Problems of a workbook as a refusal that a form can show."""
    count = len(problems.problems)
    words = Words(
        f"有 {count} 处问题，什么都没有保存。", f"{count} problem{'s' if count > 1 else ''}; nothing was saved."
    )
    return Refusal("input.refused", words, problems=problems.problems, status=422)


async def missing_yet(competition: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """The way to an open registration as a list of ticks, each with the page that mends it."""
    url, events = f"/office/{competition['slug']}/setup", await events_listed(competition)
    without_policy = [event["code"] for event in events if not event["policy"]]
    without_scheme = [event["code"] for event in events if not event["scheme_fingerprint"]]
    delegations = await Delegation.exists().where(Delegation.competition == competition["id"])
    supervisor = await Supervisor.exists().where(Supervisor.competition == competition["id"])
    window = competition["registration_opens"] is not None and competition["registration_closes"] is not None
    some = bool(events)
    listed = ((without_policy, "规则", "a policy"), (without_scheme, "评分方案", "a marking scheme"))
    ticks: list[tuple[bool, Words, str]] = [
        (window, Words("写明报名起止时间", "Say when registration opens and closes"), f"{url}#window"),
        (some, Words("添加赛项", "Add the events"), f"{url}/events/new" if not some else f"{url}/events"),
        *((some and not codes, _each(codes, zh, en), f"{url}/events") for codes, zh, en in listed),
        (delegations, Words("写下代表队，分配名额", "Name the delegations and share out the places"), f"{url}/places"),
        (supervisor, Words("指定监督", "Appoint a supervisor"), f"{url}/people"),
    ]
    return [{"done": done, "what": spoken(words, lang), "url": where} for done, words, where in ticks]


def _each(codes: Sequence[str], zh: str, en: str) -> Words:
    if not codes:
        return Words(f"每个赛项都选好{zh}", f"Choose {en} for every event")
    some = "、".join(codes[:6]) + ("…" if len(codes) > 6 else "")
    return Words(f"还缺{zh}：{some}", f"Without {en}: {some.replace('、', ', ')}")


async def setting_up(
    competition: Mapping[str, Any], events: Sequence[Mapping[str, Any]], at: datetime, lang: str
) -> list[dict[str, Any]]:
    """What needs an organiser whose competition has not opened any registration: the first step that is missing yet, as the page of
    today shows it. Nothing once an event has gone on, or the competition's days are over."""
    if competition["ends"] < at.date() or any(event["state"] != "setup" for event in events):
        return []
    steps = await missing_yet(competition, lang)
    first = next((step for step in steps if not step["done"]), None)
    if first is None:
        return []
    done, count = sum(step["done"] for step in steps), len(steps)
    detail = Words(
        f"开放报名前的 {count} 步，已完成 {done} 步。",
        f"Steps done on the way to an open registration: {done} of {count}.",
    )
    name = name_of(competition, lang)
    return [{"event": name, "what": first["what"], "detail": spoken(detail, lang), "due": "", "url": first["url"]}]
