"""The award ceremony: its page for the hall, who agreed to be shown with a photo, and the same as slides."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.pages import Form
from admin.paper_pages import printed
from certificates.slide import Card, Slide
from scoring.verdict import Words
from server.access import office, organiser
from server.competitions.flow import event_named, events_listed
from server.errors import Refusal
from server.issuing.pressing import paper_in_a_press
from server.pipeline import PUBLIC
from server.registration.flags import flag_pictures
from server.results.awarding import Call, agree, calls_in, calls_of, consented
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken
from server.web.words import mark

HERE = "/office/{slug:str}/ceremony"
DECK = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
Flags = Mapping[str, tuple[bytes, bytes]]
NO_FLAGS: Flags = {}
"""By the delegation's name its flag, large and small."""
SPOTLIGHT = 3
"""Up to so many winners of one award are called one by one; more stand together."""
NOBODY = Refusal(
    "ceremony.nobody",
    Words("还没有可以颁发的奖项。", "There is no award to be given yet."),
    Words("赛项公示后再来。", "Come back when an event is published."),
    status=404,
)


@get(HERE, opt={"access": office}, include_in_schema=False)
async def ceremony(request: Web) -> Response[str]:
    """Everything on one page that needs no network any more: key by key from bronze to gold. Raises Refusal `ceremony.nobody`."""
    slides, lang = await _slides(request), lang_of(request)
    shown = [_shown(slide) for slide in slides]
    title, back = (
        name_of(request.state.scope.competition, lang),
        f"/office/{request.state.scope.competition['slug']}/live",
    )
    return page(request, "office/ceremony.html", slides=shown, title=title, back=back)


@get("/office/{slug:str}/slides.pdf", opt={"access": office}, include_in_schema=False)
async def pages(request: Web) -> Response[bytes]:
    """The same as a PDF. Raises Refusal `ceremony.nobody` or `paper.unprintable`."""
    made, lang = await _slides(request), lang_of(request)
    title = name_of(request.state.scope.competition, lang)
    return await printed(request, _file(request, "pdf"), "slides", "pages", title, made, lang)


@get("/office/{slug:str}/slides.pptx", opt={"access": office}, include_in_schema=False)
async def deck(request: Web) -> Response[bytes]:
    """The same as a presentation, to be changed by whoever holds the ceremony. Raises Refusal `ceremony.nobody`."""
    made, lang = await _slides(request), lang_of(request)
    title, loop = name_of(request.state.scope.competition, lang), asyncio.get_running_loop()
    file = await loop.run_in_executor(request.app.state.presses, paper_in_a_press, "deck", "deck", title, made, lang)
    name = _file(request, "pptx")
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(file, media_type=DECK, headers=headers)


def _file(request: Web, ending: str) -> str:
    code = request.query_params.get("event", "")
    kept = "".join(sign for sign in code if sign.isascii() and sign.isalnum())
    return f"{request.state.scope.competition['slug']}-{kept or 'awards'}.{ending}"


@get(f"{HERE}/{{code:str}}", opt={"access": office}, include_in_schema=False)
async def preparation(request: Web) -> Response[str]:
    """Who will be called for one event, and whose photo may be shown."""
    scope, lang = request.state.scope, lang_of(request)
    calls = await _published(scope.event, request)
    people = [person for call in calls for winner in call.winners for person in winner.people]
    agreed = await consented(scope.competition["id"], people)
    url = f"/office/{scope.competition['slug']}"
    have = {person for call in calls for winner in call.winners for person in winner.people if winner.photos}
    return page(
        request,
        "office/awards.html",
        desk=desk.rail(scope.competition, "live", None, lang, sets_up=desk.sets_up(scope.competition, request.user)),
        competition={"name": name_of(scope.competition, lang), "url": url},
        event={"code": scope.event["code"], "name": name_of({**scope.event, "edition": 1}, lang)},
        action=f"{url}/ceremony/{scope.event['code']}",
        mine=desk.sets_up(scope.competition, request.user),
        calls=[
            {
                "award": call.award,
                "name": spoken(call.name, lang),
                "winners": [
                    {
                        "delegation": winner.delegation,
                        "total": winner.total,
                        "people": [
                            {"id": str(person), "name": name, "agreed": person in agreed, "seen": person in have}
                            for person, name in zip(winner.people, winner.names, strict=True)
                        ],
                    }
                    for winner in call.winners
                ],
            }
            for call in reversed(calls)
        ],
        addresses={name: f"{url}/{name}?event={scope.event['code']}" for name in ("ceremony", "slides.pdf", "slides.pptx")},
        said={"what": spoken(KEPT, lang)} if request.query_params.get("done") else None,
    )  # fmt: skip


KEPT = Words("记下了谁同意展示照片。", "It is written down who agreed to be shown.")


@post(f"{HERE}/{{code:str}}", opt={"access": organiser}, include_in_schema=False)
async def keep_consent(request: Web, data: Form) -> Response[Any]:
    """Write down who agreed to have their photo on the screen."""
    scope = request.state.scope
    calls = await _published(scope.event, request)
    people = {person for call in calls for winner in call.winners for person in winner.people}
    agreed = {person for person in people if data.get(f"agreed-{person}")}
    known = {person for person in people if data.get(f"known-{person}")} if "known" in data else None
    await agree(scope.event, people, agreed, request.user, datetime.now(UTC), known)
    return Redirect(f"/office/{scope.competition['slug']}/ceremony/{scope.event['code']}?done=consent", status_code=303)


async def _published(event: Any, request: Web) -> list[Call]:
    calls = await calls_of(event, request.app.state.sealer) if event["state"] in PUBLIC else []
    if not calls:
        raise NOBODY
    return calls


async def _slides(request: Web) -> list[Slide]:
    """The slides of the event that is asked for, or of all that are published, in the order of their codes."""
    competition, lang = request.state.scope.competition, lang_of(request)
    code = request.query_params.get("event", "")
    events = [await event_named(competition, code)] if code else await events_listed(competition)
    made: list[Slide] = []
    public = [event for event in events if event["state"] in PUBLIC]
    calls = await calls_in(competition["id"], public, request.app.state.sealer)
    flags = await flag_pictures(competition["id"])
    for event in public:
        made += slides_of(name_of({**event, "edition": 1}, lang), calls[event["id"]], lang, flags)
    if not made:
        raise NOBODY
    return made


def slides_of(event: str, calls: Sequence[Call], lang: str, flags: Flags = NO_FLAGS) -> list[Slide]:
    """A title, then award by award, the lowest first; who was called already stands below. The last has the whole podium."""
    slides, podium = [Slide("title", event)] if calls else [], list[Card]()
    for call in calls:
        cards = [_card(call, winner, lang, flags) for winner in call.winners]
        alone = len(cards) <= SPOTLIGHT and call.award in ("gold", "silver", "bronze")
        groups = [[card] for card in reversed(cards)] if alone else [cards]
        for group in groups:
            below = tuple(podium[:2]) if alone else ()
            slides.append(
                Slide("winner" if alone else "list", event, call.award, spoken(call.name, lang), tuple(group), below)
            )
            if alone:
                podium = [*group, *podium]
    if len(podium) > 1:
        slides.append(Slide("podium", event, cards=tuple(podium[:9])))
    return slides


def _card(call: Call, winner: Any, lang: str, flags: Flags) -> Card:
    names = "、".join(winner.names) if lang == "zh" else ", ".join(winner.names)
    called, seen = spoken(call.name, lang), flags.get(winner.delegation, (b"", b""))
    return Card(call.award, called, names, winner.delegation, mark(winner.total), winner.photos, *seen)


def _shown(slide: Slide) -> dict[str, Any]:
    def card(one: Card) -> dict[str, Any]:
        return {
            "award": one.award,
            "called": one.called,
            "name": one.name,
            "whence": one.whence,
            "total": one.total,
            "photos": [_data(photo, "jpeg") for photo in one.photos[:3]],
            "flag": _data(one.flag, "jpeg") if slide.kind == "winner" and one in slide.cards else "",
            "small_flag": _data(one.small_flag, "png"),
        }

    return {
        "kind": slide.kind, "event": slide.event, "award": slide.award, "called": slide.called,
        "cards": [card(one) for one in slide.cards], "below": [card(one) for one in slide.below],
    }  # fmt: skip


def _data(picture: bytes, form: str) -> str:
    return f"data:image/{form};base64,{base64.b64encode(picture).decode()}" if picture else ""


ROUTES = Router("/", route_handlers=[ceremony, pages, deck, preparation, keep_consent])
