"""The pages of policies: all of them, one read as sentences, one changed in a form, one compared with what was held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import get
from litestar.response import Redirect, Response

from admin import desk
from admin.policy_differences import against_before
from admin.policy_form import Draft, by_path, draft_of, said, sections_of
from admin.policy_words import ROWS, SECTIONS
from admin.setup import refusal_of
from scoring import policy as policies
from scoring.language.lines import Path
from scoring.policy import Policy, number_of
from scoring.sentences import sections, sentences
from scoring.verdict import No, Words, Yes
from server.access import Actor, any_office, any_organiser
from server.competitions.confirming import may_confirm
from server.competitions.own_policies import UNKNOWN, called, own_policies, own_policy, waiting
from server.competitions.policy_ledger import acts_of, confirmers, organisers_seen, writers_of
from server.competitions.policy_text import ROWS as FIRST_ROWS
from server.competitions.policy_text import SECTIONS as OPTIONAL
from server.database.tables import Competition, Event, Organiser
from server.errors import Refusal, missing
from server.promotion.comparing import DECODED
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

URL = desk.POLICIES
SAID = {
    "copied": Words(
        "草稿已建好。改好再用；用之前谁都不受影响。", "The draft is there. It touches nobody until an event uses it."
    ),
    "saved": Words("草稿已保存。", "The draft is saved."),
    "proposed": Words("已提请确认，等第二个人。", "It is proposed, and waits for a second person."),
    "confirmed": Words("已确认，赛项可以用了。", "It is confirmed; events can use it now."),
    "refused": Words("已退回，理由写在下面。", "It is given back; the reason stands below."),
    "taken-back": Words("已撤回为草稿。", "It is a draft again."),
    "removed": Words("草稿已删去。", "The draft is taken out."),
}
"""What the page after a redirect says was done."""
CONFIRM = Words("规则等你作为第二人确认", "Confirm a policy as the second person")
ACTS = {
    "begun": Words("起草", "began the draft"),
    "saved": Words("修改草稿", "changed the draft"),
    "proposed": Words("提请确认", "proposed it"),
    "taken-back": Words("撤回为草稿", "took it back to a draft"),
    "confirmed": Words("确认", "confirmed it"),
    "refused": Words("退回", "refused it"),
    "removed": Words("删去草稿", "took the draft out"),
}


@get("/office/policies", opt={"access": any_office}, include_in_schema=False)
async def policies_page(request: Web) -> Response[str]:
    """Every policy that may be chosen, with where it comes from and whether it may be used today."""
    return await list_page(request)


async def list_page(request: Web, refusal: Refusal | None = None) -> Response[str]:
    """The list, perhaps with what was refused."""
    lang = lang_of(request)
    return page(
        request,
        "office/policies.html",
        refusal.status if refusal else 200,
        desk=desk.rail(None, "policies", None, lang, sets_up=True),
        said=done_of(request),
        problem=refusal_of(refusal, lang),
        own=[_own_line(row, lang) for row in await own_policies(await organisers_seen(request.user))],
        may_write=bool(request.user.organisers),
        shipped=[_line(id, policies.load(id), lang) for id in policies.shipped()],
        organisers=await organisers_of(request),
    )


@get("/office/policies/{policy:str}", opt={"access": any_office}, include_in_schema=False)
async def policy_page(request: Web) -> Response[str]:
    """A policy as sentences, each with its citation."""
    return await read_page(request)


async def read_page(
    request: Web, refusal: Refusal | None = None, typed: Mapping[str, str] = MappingProxyType({})
) -> Response[str]:
    """One policy to be read, perhaps with what was refused and what was typed."""
    lang = lang_of(request)
    name, text, row = await found(request)
    draft = draft_of(text)
    return page(
        request,
        "office/policy.html",
        refusal.status if refusal else 200,
        desk=desk.rail(None, "policies", None, lang, sets_up=True),
        said=done_of(request),
        problem=refusal_of(refusal, lang),
        policy=about(name, draft, row, lang),
        sections=read(draft.policy, lang) if draft.policy else [],
        wrong=[said(one, lang) for one in draft.problems],
        editions=await editions_of(request, lang),
        organisers=await organisers_of(request),
        may_write=bool(request.user.organisers) if row is None else row["organiser"] in request.user.organisers,
        confirmation=await confirmation_of(row, request, lang) if row else None,
        differences=await against_before(row, draft.policy, lang) if row and draft.policy else None,
        typed={"reason": typed.get("reason", ""), "document": typed.get("document", "")},
    )


async def confirmation_of(row: Mapping[str, Any], request: Web, lang: str) -> dict[str, Any]:
    """Who could confirm this version, whether the asker may, and everything that was done to it."""
    acts = await acts_of(row["id"])
    verdict = await may_confirm(row, request.user)
    newest = Competition.select(Competition.slug).where(Competition.series.organiser == row["organiser"])
    competition = await newest.order_by(Competition.starts, ascending=False).first()
    mine = row["organiser"] in request.user.organisers
    return {
        "mine": isinstance(verdict, Yes),
        "why": spoken(verdict.reason, lang) if isinstance(verdict, No) else "",
        "people": await confirmers(row["organiser"], {*writers_of(acts), *([request.user.account] if mine else [])}),
        "invite": f"/office/{competition['slug']}/setup/people" if competition and mine else "",
        "acts": [
            {
                "kind": act["kind"],
                "what": spoken(ACTS[act["kind"]], lang),
                "by": act["actor_name"],
                "at": act["at"],
                "reason": act["reason"],
                "document": act["data"].get("document", ""),
            }
            for act in acts
        ],
    }


@get("/office/policies/{policy:str}/edit", opt={"access": any_organiser}, include_in_schema=False)
async def edit_page(request: Web) -> Response[Any]:
    """An own draft in its form. What is proposed, confirmed or in use leads to its page, which says what can be done."""
    name, _, row = await found(request)
    if row is None or row["organiser"] not in request.user.organisers:
        raise missing(UNKNOWN)
    if row["frozen"] is not None or row["proposed"] is not None:
        return Redirect(f"{URL}/{quote(name, safe='@')}", status_code=303)
    return await form_page(request)


async def form_page(
    request: Web,
    refusal: Refusal | None = None,
    text: str | None = None,
    revision: int | None = None,
    theirs: Mapping[Any, str] | None = None,
) -> Response[str]:
    """The form of a draft, with its stored text or with one that was typed and could not be stored."""
    lang = lang_of(request)
    name, stored, row = await found(request)
    assert row is not None  # only own policies come here: see `found_draft`
    draft = draft_of(stored if text is None else text)
    return page(
        request,
        "office/policy_edit.html",
        refusal.status if refusal else 200,
        desk=desk.rail(None, "policies", None, lang, sets_up=True),
        said=done_of(request),
        problem=refusal_of(refusal, lang),
        policy=about(name, draft, row, lang),
        revision=row["revision"] if revision is None else revision,
        form=sections_of(draft, lang, theirs),
        missing=[{"id": id, "name": spoken(SECTIONS[id], lang)} for id in OPTIONAL if id not in draft.raw],
        optional=[id for id in OPTIONAL if id in draft.raw],
        rows=[
            {"id": ".".join(map(str, path)), "name": spoken(ROWS[str(path[0])], lang)}
            for path in FIRST_ROWS
            if not _has(draft, path)
        ],
        checked=checked(draft, lang),
        editions=await editions_of(request, lang),
    )


@get("/office/policies/{policy:str}/policy.toml", opt={"access": any_office}, include_in_schema=False)
async def toml(request: Web) -> Response[bytes]:
    """The policy's text as a file."""
    name, text, _ = await found(request)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name.replace('@', '-v'))}.toml",
        "cache-control": "no-store",
    }
    return Response(text.encode(), media_type="application/toml", headers=headers)


async def needing(actor: Actor, lang: str) -> list[dict[str, Any]]:
    """The proposed versions that wait for this person as the second one."""
    rows = await waiting(await organisers_seen(actor))
    return [
        {
            "event": called(row),
            "what": spoken(CONFIRM, lang),
            "detail": row["proposed_by"],
            "due": "",
            "url": f"{URL}/{quote(called(row), safe='@')}",
        }
        for row in rows
        if isinstance(await may_confirm(row, actor), Yes)
    ]


async def found(request: Web) -> tuple[str, str, dict[str, Any] | None]:
    """The policy that the address names: name, text, and the row of an own one. Raises Refusal `not-found`."""
    name = request.path_params["policy"]
    if name in policies.shipped():
        return name, policies.text_of(name), None
    row = await own_policy(await organisers_seen(request.user), name)
    return name, row["text"], row


def checked(draft: Draft, lang: str) -> dict[str, Any]:
    """What stands beside the form: the sentences as they would be, or what is wrong at no field."""
    known = {".".join(map(str, line.path)) for line in draft.lines}
    elsewhere = [one for key, some in by_path(draft.problems).items() for one in some if key not in known]
    return {
        "sections": read(draft.policy, lang) if draft.policy else [],
        "problems": len(draft.problems),
        "wrong": [f"{one.place.key}: {said(one, lang)}" for one in elsewhere],
    }


def read(policy: Policy, lang: str) -> list[dict[str, Any]]:
    """The sentences as a page draws them; what no text says is marked as the organiser's or as not said."""
    return [
        {
            "name": spoken(SECTIONS[name], lang),
            "sentences": [
                {
                    "text": spoken(one.words, lang),
                    "cite": policy.cited(one.source),
                    "silent": one.silent,
                }
                for one in some
            ],
        }
        for name, some in sections(sentences(policy)).items()
    ]


def about(name: str, draft: Draft, row: Mapping[str, Any] | None, lang: str) -> dict[str, Any]:
    """The head of a policy's pages."""
    title = draft.raw.get("title")
    words = title if isinstance(title, Mapping) else {}
    policy = draft.policy
    usable = policy.usable(datetime.now(UTC).date()) if policy else None
    return {
        "id": name,
        "title": str(words.get(lang) or name),
        "authority": spoken(policy.authority, lang) if policy else "",
        "document": number_of(draft.raw.get("document")),
        "template": draft.raw.get("status") == "template",
        "why": spoken(usable.reason, lang) if isinstance(usable, No) else "",
        "url": f"{URL}/{quote(name, safe='@')}",
        "fingerprint": policy.fingerprint if policy else "",
        "problems": len(draft.problems),
        "own": row is not None,
        **_history(row),
    }


def _history(row: Mapping[str, Any] | None) -> dict[str, Any]:
    if row is None:
        return {
            "code": "",
            "version": 0,
            "frozen": None,
            "proposed": None,
            "proposed_by": "",
            "confirmed": None,
            "confirmed_by": "",
            "origin": "",
            "by": "",
            "at": None,
            "revision": 0,
        }
    names = (
        "code",
        "version",
        "frozen",
        "proposed",
        "proposed_by",
        "confirmed",
        "confirmed_by",
        "origin",
        "at",
        "revision",
    )
    return {**{name: row[name] for name in names}, "by": row["by_name"]}


def _line(id: str, policy: Policy, lang: str) -> dict[str, Any]:
    usable = policy.usable(datetime.now(UTC).date())
    said = sentences(policy)
    return {
        "id": id,
        "title": spoken(policy.title, lang),
        "authority": spoken(policy.authority, lang),
        "template": policy.status == "template",
        "why": spoken(usable.reason, lang) if isinstance(usable, No) else "",
        "url": f"{URL}/{id}",
        "own": False,
        "problems": 0,
        "cited": sum(bool(policy.cited(one.source)) for one in said),
        "silent": sum(one.silent for one in said),
        "sentences": len(said),
    }


def _own_line(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return about(called(row), draft_of(row["text"]), row, lang)


def _has(draft: Draft, path: Path) -> bool:
    found: Any = draft.raw
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return bool(found)


async def editions_of(request: Web, lang: str) -> list[dict[str, str]]:
    """The competitions of the asker's organisers that were held far enough to be compared, newest first."""
    query = Competition.select().where(
        Competition.series.organiser.is_in(list(request.user.organisers) or [UUID(int=0)])
    )
    rows = await query.order_by(Competition.starts, ascending=False).output(load_json=True)
    held = await _held([row["id"] for row in rows])
    return [{"slug": row["slug"], "name": name_of(row, lang)} for row in rows if row["id"] in held]


async def _held(competitions: list[Any]) -> set[Any]:
    if not competitions:
        return set()
    where = Event.competition.is_in(competitions) & Event.state.is_in(list(DECODED))
    return {row["competition"] for row in await Event.select(Event.competition).where(where)}


async def organisers_of(request: Web) -> list[dict[str, str]]:
    """For whom the asker can act."""
    rows = (
        await Organiser.select()
        .where(Organiser.id.is_in(list(request.user.organisers) or [UUID(int=0)]))
        .order_by(Organiser.name)
    )
    return [{"id": str(row["id"]), "name": row["name"]} for row in rows]


def done_of(request: Web) -> dict[str, str] | None:
    """What the redirect to this page says was done."""
    done = SAID.get(request.query_params.get("done", "")) if request.method == "GET" else None
    return {"what": spoken(done, lang_of(request))} if done else None


PAGES = [policies_page, policy_page, edit_page, toml]
