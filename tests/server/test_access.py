"""Who may call what: every route, walked by everybody there is, against one table. What a judge never sees: test_blindness."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from litestar.enums import ScopeType

from server.access import SCOPES
from server.competitions.api_keys import NewKey, make_key
from server.database.tables import Delegation
from server.marks.flow import seat
from server.marks.tablet import build
from server.people.flow import add_organiser, employ
from server.registration.sending import add_clerk, add_delegations, delegations_of
from server.superuser import make_superuser
from tests.server.conftest import Site, Visitor
from tests.server.small import DELEGATIONS, Small, account, brought, founded, number, opened, owed_marks, posted, row_of

EVERYBODY = frozenset(
    {
        "nobody",
        "account",
        "organiser",
        "other organiser",
        "judge",
        "chief",
        "other judge",
        "supervisor",
        "other supervisor",
        "clerk",
        "other clerk",
        "superuser",
    }
)
SIGNED_IN = EVERYBODY - {"nobody"}
ORGANISERS = frozenset({"organiser", "other organiser"})
OFFICES = ORGANISERS | {"supervisor", "other supervisor"}
ORGANISER = frozenset({"organiser"})
SUPERUSER = frozenset({"superuser"})
OFFICE = frozenset({"organiser", "supervisor"})
JUDGES = frozenset({"judge", "chief", "other judge"})
LEADS = frozenset({"chief", "supervisor"})
PANEL = frozenset({"judge", "chief"})
CLERKS = frozenset({"clerk", "organiser"})

API, EVENT = "/api/competitions/{slug:str}", "/api/competitions/{slug:str}/events/{code:str}"
DESK = "/office/{slug:str}"
SENDER, SENT = "/register/{slug:str}/{delegation:str}", f"{API}/delegations/{{delegation:str}}/forms"
PAPER = "/{entry:str}/{label:str}"
DRAW = f"{DESK}/events/{{code:str}}/draw"
ALLOWED: dict[tuple[str, str], frozenset[str]] = {
    # the raw tables, and what is mounted there (admin/raw/door.py)
    **{("GET", f"/office/raw{what}"): SUPERUSER for what in ("", "/tables", "/openings/{opening:str}")},
    **{("POST", f"/office/raw{what}"): SUPERUSER for what in ("", "/close")},
    # the keys that sign are the installation's: whoever issues looks at them, a superuser changes them
    ("GET", "/office/signing-keys"): ORGANISERS | SUPERUSER,
    **{("POST", f"/office/signing-keys/{what}"): SUPERUSER for what in ("rotate", "bring")},
    # public: what stands on a notice board
    **{
        ("GET", path): EVERYBODY
        for path in ("/", "/c/{slug:str}", "/c/{slug:str}/results", "/c/{slug:str}/results/{code:str}")
    },
    ("GET", "/c/{slug:str}/results/{code:str}/table.xlsx"): EVERYBODY,
    **{("GET", f"/c/{{slug:str}}/{what}"): EVERYBODY for what in ("news", "news.atom", "programme", "programme.ics")},
    **{("GET", f"/c/{{slug:str}}/draw/{{code:str}}{what}"): EVERYBODY for what in ("", "/record.json")},
    **{("GET", path): EVERYBODY for path in ("/robots.txt", "/sitemap.xml")},
    **{("GET", path): EVERYBODY for path in ("/lan", "/lan/podium.crt", "/lan/app")},
    ("GET", API): EVERYBODY,
    ("GET", "/api/competitions"): EVERYBODY,
    ("GET", f"{EVENT}/results"): EVERYBODY,
    **{("GET", f"{API}/open/{what}"): EVERYBODY for what in ("results", "entries", "delegations")},
    **{("GET", f"/c/{{slug:str}}/data{what}"): EVERYBODY for what in ("", "/{file:str}")},
    **{
        ("GET", path): EVERYBODY
        for path in (
            "/lookup",
            "/mine",
            "/mine/{number:str}",
            "/verify",
            "/verify/worker.js",
            "/v/{token:str}",
            "/s/{secret:str}",
            "/s/{secret:str}/{number:str}",
            "/b/{code:str}",
        )
    },
    **{("GET", path): EVERYBODY for path in ("/api/verify/{number:str}", "/api/verify/code/{token:str}")},
    **{
        ("POST", path): EVERYBODY
        for path in (
            "/lookup",
            "/lookup/away",
            "/verify",
            "/api/verify",
            "/mine/links",
            "/mine/links/{link:str}/withdraw",
        )
    },
    **{("GET", path): EVERYBODY for path in ("/v/{token:str}/credential.json", "/status/{number:int}")},
    **{("GET", f"/.well-known/{file}"): EVERYBODY for file in ("did.json", "podium-keys.json")},
    **{
        ("GET", path): EVERYBODY
        for path in (
            "/static/{file_path:path}",
            "/api",
            "/api/schema",
            "/api/schema/openapi.json",
            "/api/schema/{path:str}",
        )
    },
    # live boards: what the organiser opened of an event
    **{
        ("GET", f"/c/{{slug:str}}/{what}"): EVERYBODY
        for what in ("board", "board/{code:str}", "live", "live/{code:str}", "hall")
    },
    **{("GET", f"{base}/board"): EVERYBODY for base in (API, EVENT)},
    **{
        ("GET", f"{DESK}/{what}"): OFFICE
        for what in ("live", "ceremony", "ceremony/{code:str}", "slides.pdf", "slides.pptx")
    },
    **{("POST", f"{DESK}/{what}"): ORGANISER for what in ("live", "live/{code:str}", "ceremony/{code:str}")},
    # signing in and out, and one's own password
    **{
        (method, path): EVERYBODY
        for method in ("GET", "POST")
        for path in ("/api/session", "/sign-in", "/sign-in/{token:str}")
    },
    ("DELETE", "/api/session"): SIGNED_IN,
    ("POST", "/sign-out"): SIGNED_IN,
    ("GET", "/account/password"): SIGNED_IN,
    ("POST", "/account/password"): SIGNED_IN,
    # the office
    ("GET", "/office"): SIGNED_IN,
    ("GET", DESK): OFFICE,
    **{("GET", f"{DESK}/events/{{code:str}}/standings{what}"): OFFICE for what in ("", "/{entry:str}")},
    ("POST", f"{DESK}/forms"): ORGANISER,
    **{("GET", f"{DESK}/issuing{what}"): ORGANISER for what in ("", "/{kind:str}", "/{kind:str}/look/{subject:str}")},
    **{("POST", f"{DESK}/issuing/{{kind:str}}{what}"): ORGANISER for what in ("", "/terms")},
    **{("POST", f"{DESK}/crew{what}"): ORGANISER for what in ("", "/{person:str}/remove")},
    ("POST", f"{DESK}/events/{{code:str}}/scheme"): ORGANISER,
    # judges: the pool is the organiser's, panels are looked at by whoever supervises, a link is whose it is
    **{("GET", f"{DESK}/{what}"): OFFICE for what in ("judges", "panels", "panels/proposal", "panels/{code:str}")},
    **{("GET", f"{DESK}/judges/{what}"): ORGANISER for what in ("new", "empty.xlsx", "{judge:str}")},
    **{("POST", f"{DESK}/judges/{what}"): ORGANISER for what in ("new", "workbook", "{judge:str}")},
    **{
        ("POST", f"{DESK}/panels/{what}"): ORGANISER
        for what in ("rules", "proposal", "proposal/take", "links", "{code:str}")
    },
    **{(method, "/invitation/{token:str}"): EVERYBODY for method in ("GET", "POST")},
    ("POST", "/invitation/{token:str}/pin"): EVERYBODY,
    # the review: each step is somebody's, and the flow knows whose
    ("GET", f"{API}/review"): OFFICE,
    **{("POST", f"{API}/review{what}"): OFFICE | {"clerk", "other clerk"} for what in ("", "/{batch:str}/undo")},
    ("GET", f"{DESK}/review"): OFFICE,
    **{("POST", f"{DESK}/review{what}"): OFFICE for what in ("", "/undo")},
    ("GET", f"{SENDER}/review"): CLERKS,
    **{("POST", f"{SENDER}/review{what}"): CLERKS for what in ("", "/undo")},
    ("GET", f"{EVENT}/floor"): PANEL,
    ("POST", f"{EVENT}/floor"): frozenset({"chief"}),
    # the hall: whoever leads it sees the board, answers and nudges; judges signal, and hear what is theirs
    **{("GET", f"{EVENT}/{what}"): LEADS for what in ("hall", "evidence/{photo:str}")},
    **{("POST", f"{EVENT}/{what}"): LEADS for what in ("signals/{signal:str}/answers", "nudges", "shift-end")},
    **{("GET", f"/tablet/{{slug:str}}/{{code:str}}/board{what}"): LEADS for what in ("", "/stream")},
    **{(method, "/tablet/{slug:str}/{code:str}/panel"): frozenset({"chief"}) for method in ("GET", "POST")},
    **{("POST", f"/api/{what}"): JUDGES for what in ("signals", "remarks", "hall/seen", "evidence/{photo:str}")},
    **{("GET", f"/api/{what}"): JUDGES for what in ("hall", "hall/stream", "evidence", "evidence/{photo:str}")},
    # sheets of paper: whoever of the office does not judge the event
    **{("GET", f"{DESK}/events/{{code:str}}/paper{what}"): OFFICE for what in ("", "/sheets.pdf", PAPER)},
    **{("POST", f"{DESK}/events/{{code:str}}/paper{PAPER}{what}"): OFFICE for what in ("", "/store", "/drop")},
    # certificates: staff take them home, a supervisor takes one out of force
    **{("GET", f"{DESK}/certificates{what}"): OFFICE for what in ("", "/{number:str}")},
    **{
        ("GET", f"{DESK}/certificates/{what}"): ORGANISER
        for what in ("list.xlsx", "files.zip", "print-shop", "print-shop.pdf")
    },
    ("POST", f"{DESK}/certificates/print-shop"): ORGANISER,
    ("POST", f"{DESK}/certificates/redraw"): frozenset({"supervisor"}),
    **{
        ("POST", f"{DESK}/certificates/{{number:str}}/{what}"): frozenset({"supervisor"})
        for what in ("revoke", "reissue")
    },
    # lists, reports and the search: whoever sees the office; a view is its maker's own
    **{("GET", f"{DESK}/lists/{{list:str}}{what}"): OFFICE for what in ("", "/workbook.xlsx")},
    **{("POST", f"{DESK}/lists/{{list:str}}/views{what}"): OFFICE for what in ("", "/{view:str}/drop")},
    **{("GET", f"{DESK}/reports{what}"): OFFICE for what in ("", "/{report:str}", "/{report:str}/workbook.xlsx")},
    ("POST", f"{DESK}/reports/book.pdf"): OFFICE,
    **{("GET", f"{DESK}/reports/targets{what}"): ORGANISER for what in ("", "/workbook.xlsx", "/form.xlsx", "/edit")},
    **{("POST", f"{DESK}/reports/targets/{what}"): ORGANISER for what in ("edit", "file")},
    ("GET", "/office/find"): SIGNED_IN,
    # appeals: written by the delegation's clerk alone, admitted by a supervisor
    **{
        ("GET", f"{DESK}/appeals{what}"): OFFICE
        for what in ("", "/{number:str}", "/{number:str}/attachment", "/{number:str}/evidence/{photo:str}")
    },
    ("POST", f"{DESK}/appeals/{{number:str}}/status"): OFFICE,
    ("POST", f"{DESK}/appeals/{{number:str}}/admission"): frozenset({"supervisor"}),
    ("GET", f"{API}/appeals"): OFFICE,
    ("POST", f"{API}/delegations/{{delegation:str}}/appeals"): frozenset({"clerk"}),
    **{
        ("POST", f"{DESK}/appeals/{{number:str}}/{what}"): OFFICE
        for what in ("assignment", "answer", "corrections", "corrections/{correction:str}/drop", "ruling")
    },
    **{("GET", f"{SENDER}/appeals{what}"): CLERKS for what in ("", "/{number:str}/attachment")},
    **{(method, f"{SENDER}/appeals/new/{{entry:str}}"): frozenset({"clerk"}) for method in ("GET", "POST")},
    # promotions: a supervisor rules where the text is silent, staff pass an authority's answers on; the flow knows which
    **{(method, f"{API}/promotions"): OFFICE for method in ("GET", "POST")},
    ("GET", f"{DESK}/promotions"): OFFICE,
    ("POST", f"{DESK}/promotions/{{promotion:str}}"): OFFICE,
    ("POST", f"{DESK}/promotions/{{promotion:str}}/undo"): OFFICE,
    **{
        ("POST", f"{DESK}/promotions/{what}"): ORGANISER
        for what in ("list.xlsx", "list.pdf", "answers", "answers/accept")
    },
    ("POST", "/api/competitions"): ORGANISERS,
    **{("POST", f"{API}/{what}"): ORGANISER for what in ("events", "forms", "supervisors", "printing")},
    **{("POST", f"{EVENT}/{what}"): ORGANISER for what in ("judges", "scheme", "shipped-scheme")},
    **{(method, f"{API}/issuing/{{kind:str}}"): ORGANISER for method in ("GET", "POST")},
    ("GET", f"{API}/issuing/{{kind:str}}/{{subject:str}}"): ORGANISER,
    **{
        ("POST", f"{API}/certificates/{{number:str}}/{what}"): frozenset({"supervisor"})
        for what in ("revoke", "reissue")
    },
    **{("GET", f"{API}/{what}"): OFFICE for what in ("certificates", "certificates/{number:str}", "printing")},
    # setting up
    **{(method, f"{DESK}/setup/{what}"): ORGANISER for method in ("GET", "POST") for what in ("news", "programme")},
    **{("POST", f"{DESK}/setup/{what}"): ORGANISER for what in ("news/withdraw", "programme/remove")},
    **{(method, f"{API}/setup"): ORGANISER for method in ("GET", "PUT")},
    **{(method, f"{EVENT}/setup"): ORGANISER for method in ("GET", "PUT", "DELETE")},
    ("POST", f"{API}/editions"): ORGANISER,
    **{(method, f"{API}/delegations"): ORGANISER for method in ("GET", "POST")},
    ("DELETE", f"{API}/delegations/{{delegation:str}}"): ORGANISER,
    ("POST", f"{API}/delegations/{{delegation:str}}/clerks"): ORGANISER,
    **{(method, f"{API}/quotas"): ORGANISER for method in ("GET", "PUT")},
    **{("GET", f"/api/{what}"): ORGANISERS for what in ("occupations", "occupations/own", "policies")},
    ("POST", "/api/occupations"): ORGANISERS,
    ("DELETE", "/api/occupations/{occupation:str}"): ORGANISERS,
    **{(method, f"/office/{what}"): ORGANISERS for method in ("GET", "POST") for what in ("new", "occupations")},
    ("POST", "/office/occupations/remove"): ORGANISERS,
    ("GET", f"{DESK}/events/{{code:str}}/recheck"): OFFICE,
    **{
        ("POST", f"{DESK}/events/{{code:str}}/recheck/{what}"): frozenset({"supervisor"})
        for what in ("sample", "sheet")
    },
    **{
        ("GET", f"{DESK}/events/{{code:str}}/{what}"): OFFICE
        for what in ("publication", "publication/notice.pdf", "decoding")
    },
    **{
        ("POST", f"{DESK}/events/{{code:str}}/publication/{what}"): ORGANISER
        for what in ("moment", "notice", "days-off")
    },
    # corrections after the seal: the chief judge proposes, the office decides
    **{
        ("GET", path): OFFICE | {"chief"}
        for path in (f"{EVENT}/corrections", "/tablet/{slug:str}/{code:str}/corrections")
    },
    **{
        ("POST", path): frozenset({"chief"})
        for path in (
            f"{EVENT}/corrections",
            f"{EVENT}/corrections/status",
            "/tablet/{slug:str}/{code:str}/corrections",
            "/tablet/{slug:str}/{code:str}/corrections/{correction:str}/drop",
        )
    },
    ("DELETE", f"{EVENT}/corrections/{{correction:str}}"): frozenset({"chief"}),
    ("GET", f"{EVENT}/corrections/{{correction:str}}"): OFFICE,
    ("POST", f"{EVENT}/corrections/{{correction:str}}/decision"): OFFICE,
    ("GET", f"{DESK}/events/{{code:str}}/corrections"): OFFICE,
    ("POST", f"{DESK}/events/{{code:str}}/corrections/{{correction:str}}"): OFFICE,
    ("GET", "/office/policies"): OFFICES,
    ("POST", "/office/policies"): ORGANISERS,
    **{("GET", f"/office/policies/{{policy:str}}{what}"): OFFICES for what in ("", "/policy.toml")},
    ("GET", "/office/policies/{policy:str}/edit"): ORGANISERS,
    **{("POST", f"/office/policies/{{policy:str}}/{what}"): OFFICES for what in ("confirm", "refuse")},
    **{
        ("POST", f"/office/policies/{{policy:str}}/{what}"): ORGANISERS
        for what in ("copy", "edit", "check", "compare", "propose", "take-back", "remove")
    },
    **{
        (method, f"{DESK}/setup{what}"): ORGANISER
        for method in ("GET", "POST")
        for what in ("", "/events/new", "/events/{code:str}", "/places")
    },
    **{("GET", f"{DESK}/setup/{what}"): ORGANISER for what in ("events", "people", "designs")},
    **{(method, f"{DESK}/setup/keys"): ORGANISER for method in ("GET", "POST")},
    ("POST", f"{DESK}/setup/keys/{{key:str}}/withdraw"): ORGANISER,
    **{(method, f"{DESK}/setup/designs/{{kind:str}}"): ORGANISER for method in ("GET", "POST")},
    **{("POST", f"{DESK}/setup/designs/{{kind:str}}/{what}"): ORGANISER for what in ("own", "preview")},
    **{("GET", f"{DESK}/setup/{what}"): ORGANISER for what in ("templates/{template:str}", "template-example.zip")},
    **{(method, f"{DESK}/characters"): ORGANISER for method in ("GET", "POST")},
    **{("POST", f"{DESK}/setup/events/{{code:str}}/{what}"): ORGANISER for what in ("remove", "scheme")},
    **{
        ("POST", f"{DESK}/setup/{what}"): ORGANISER
        for what in ("delegations", "supervisors", "clerks", "links", "people/remove")
    },
    ("POST", f"{DESK}/setup/delegations/{{delegation:str}}/remove"): ORGANISER,
    **{(method, f"{DESK}/photos"): ORGANISER for method in ("GET", "POST")},
    ("GET", f"{DESK}/photos/{{person:str}}"): ORGANISER,
    **{(method, f"{DESK}/flags"): ORGANISER for method in ("GET", "POST")},
    ("POST", f"{DESK}/flags/{{delegation:str}}/remove"): ORGANISER,
    ("GET", "/c/{slug:str}/flags/{file:str}"): EVERYBODY,
    **{("GET", f"{DESK}/{what}"): ORGANISER for what in ("papers", "events/{code:str}/sign-in.pdf")},
    ("POST", f"{SENDER}/confirmation.pdf"): CLERKS,
    **{("GET", f"{DESK}/events/{{code:str}}/{what}.pdf"): ORGANISER for what in ("badges", "judge-badges", "stations")},
    ("GET", f"{DESK}/delegations/{{delegation:str}}/badges.pdf"): ORGANISER,
    **{("GET", f"{DESK}/badges{file}"): ORGANISER for file in ("", ".pdf")},
    **{("POST", f"{DESK}/badges{act}"): ORGANISER for act in ("", "/lost")},
    ("POST", f"{DRAW}/plan"): OFFICE,
    **{("GET", f"{DESK}/check-in{what}"): ORGANISER for what in ("", "/worker.js")},
    **{("GET", f"{API}/check-in{what}"): ORGANISER for what in ("", "/faces")},
    **{("POST", f"{API}/check-in{what}"): ORGANISER for what in ("", "/back")},
    # the draw; what a form may do for whom is decided again behind it (tests/server/draw)
    ("GET", DRAW): OFFICE,
    **{("POST", f"{DRAW}/{what}"): ORGANISER for what in ("announce", "withdraw")},
    **{("POST", f"{DRAW}/{what}"): frozenset({"supervisor"}) for what in ("commit", "reveal", "again", "open")},
    **{("POST", f"{DRAW}/{what}"): OFFICE for what in ("answer", "key", "envelopes")},
    # a step is decided by its door (tests/server/test_pipeline.py); the route only wants to know who asks
    ("POST", f"{EVENT}/steps"): SIGNED_IN,
    ("POST", f"{DESK}/events/{{code:str}}/steps"): SIGNED_IN,
    # delegations and their clerks
    ("GET", "/register"): SIGNED_IN,
    ("GET", f"{DESK}/registration"): OFFICE,
    ("POST", f"{DESK}/registration/late"): frozenset({"supervisor"}),
    **{("GET", f"{SENDER}{what}"): CLERKS for what in ("", "/template.xlsx", "/forms/{intake:str}")},
    ("GET", f"{SENDER}/forms/{{intake:str}}/returned.xlsx"): CLERKS,
    ("POST", f"{SENDER}/forms"): CLERKS,
    **{("POST", f"{SENDER}/forms/{{intake:str}}/{what}"): CLERKS for what in ("headings", "accept", "undo", "discard")},
    ("POST", SENT): CLERKS,
    ("GET", f"{SENT}/{{intake:str}}"): CLERKS,
    **{("POST", f"{SENT}/{{intake:str}}/{what}"): CLERKS for what in ("headings", "accept", "undo")},
    **{(method, f"{SENDER}/photos{what}"): CLERKS for method in ("GET", "POST") for what in ("", "/{person:str}")},
    **{(method, f"{SENDER}/entry/{what}"): CLERKS for method in ("GET", "POST") for what in ("new", "{entry:str}")},
    **{("POST", f"{SENDER}/entry/{what}"): CLERKS for what in ("check", "{entry:str}/withdraw")},
    **{("POST", f"{API}/delegations/{{delegation:str}}/entries{what}"): CLERKS for what in ("", "/check")},
    # applications: the clerk's list; what an applicant reaches by a link of their own
    **{("GET", f"{SENDER}/applications{what}"): CLERKS for what in ("", "/links/{link:str}", "/{application:str}")},
    **{
        ("POST", f"{SENDER}/applications/{what}"): CLERKS
        for what in ("links", "links/{link:str}/close", "{application:str}", "{application:str}/decline")
    },
    **{(method, "/apply/{token:str}"): EVERYBODY for method in ("GET", "POST")},
    ("POST", "/apply/{token:str}/check"): EVERYBODY,
    ("GET", "/application/{token:str}"): EVERYBODY,
    ("POST", "/application/{token:str}/withdraw"): EVERYBODY,
    **{(method, f"{DESK}/setup/attachments"): ORGANISER for method in ("GET", "POST")},
    ("POST", f"{DESK}/setup/attachments/{{kind:str}}/remove"): ORGANISER,
    ("GET", f"{SENDER}/attachments"): CLERKS,
    **{(method, f"{SENDER}/attachments/{{person:str}}/{{kind:str}}"): CLERKS for method in ("GET", "POST")},
    ("GET", f"{SENDER}/applications/{{application:str}}/{{kind:str}}"): CLERKS,
    ("POST", "/application/{token:str}/attachments/{kind:str}"): EVERYBODY,
    ("POST", "/application/{token:str}/photo"): EVERYBODY,
    ("GET", f"{SENDER}/applications/{{application:str}}/photo"): CLERKS,
    # judges
    ("GET", EVENT): OFFICE | PANEL,
    ("GET", f"{EVENT}/sheets"): PANEL,
    **{("POST", f"/api/marks{what}"): JUDGES for what in ("", "/carried")},
    ("GET", "/api/shift"): JUDGES,
    # tablets: the office pairs them; a tablet shows its own secret, and that opens the door at which a PIN is asked for
    ("GET", f"{DESK}/tablets"): OFFICE,
    ("POST", f"{DESK}/tablets"): ORGANISER,
    **{("POST", f"/api/tablet/{what}"): EVERYBODY for what in ("pair", "seen", "session")},
    ("POST", "/api/tablet/pin"): JUDGES,
    **{("POST", f"/api/signatures{what}"): JUDGES for what in ("", "/carried")},
    # the tablet's app is the same bytes for everybody and says nothing about anybody
    **{
        ("GET", f"/tablet{what}"): EVERYBODY
        for what in ("", "/worker.js", "/manifest.webmanifest", "/{version:str}/{file:str}")
    },
    ("POST", "/tablet/{slug:str}/{code:str}/seal"): frozenset({"chief"}),
}
BY_KEY: dict[str, frozenset[tuple[str, str]]] = {
    "marks": frozenset({("POST", "/api/marks"), ("GET", f"{EVENT}/sheets")}),
    "setup:read": frozenset(
        {("GET", f"{API}/{what}") for what in ("setup", "delegations", "quotas")} | {("GET", f"{EVENT}/setup")}
    ),
    "progress:read": frozenset({("GET", EVENT), ("GET", f"{API}/printing")}),
    "entries:read": frozenset({("GET", f"{API}/review")}),
    "promotions:read": frozenset({("GET", f"{API}/promotions")}),
    "appeals:read": frozenset({("GET", f"{API}/appeals")}),
    "certificates:read": frozenset({("GET", f"{API}/certificates{what}") for what in ("", "/{number:str}")}),
    "certificates:issue": frozenset(
        {(method, f"{API}/issuing/{{kind:str}}") for method in ("GET", "POST")}
        | {("GET", f"{API}/issuing/{{kind:str}}/{{subject:str}}")}
    ),
}
"""What a key of each scope opens besides what everybody may see."""
FILLED = {
    "key": "0",
    "code": "M01",
    "entry": "W-0",
    "number": "PD2026-000001",
    "token": "0",
    "judge": "0",
    "file_path": "base.css",
    "path": "openapi.json",
    "policy": "worldskills",
    "version": build().version,
    "file": "main.js",
    "delegation": "0",
    "intake": "0",
    "occupation": "0",
    "person": "0",
    "account": "0",
    "link": "0",
    "opening": "0",
    "kind": "0",
    "subject": "0",
    "secret": "0",
    "application": "0",
    "list": "entries",
    "report": "participation",
    "view": "0",
    "signal": "0",
    "photo": "0",
    "label": "J2",
    "template": "0",
    "correction": "0",
}
DELEGATION: dict[str, str] = {}
"""The delegation whose desk the addresses name; known when the competition is there."""


@pytest.fixture(scope="module")
async def small(site: Site) -> Small:
    """A competition that is being marked; nothing is decoded."""
    made = await brought(await founded(), "marking")
    row = await Delegation.select(Delegation.id).where(Delegation.name == DELEGATIONS[0]).first()
    DELEGATION["delegation"] = str(row["id"])
    return made


@pytest.fixture(scope="module")
async def accounts(site: Site, small: Small) -> dict[str, object]:
    """An account for each kind of people; the others belong to a competition of their own."""
    other = await founded("other")
    stranger = await account("别家评委")
    await opened(other, "registration")
    await seat(await other.event(), stranger, True, other.staff, other.at)
    await add_delegations(await other.competition(), ["别家队"], other.staff, other.at)
    superuser = await account("沈超")
    await make_superuser(superuser, other.at)
    (theirs,) = await delegations_of(await other.competition())
    return {
        "nobody": None,
        "account": await account("无职"),
        "organiser": small.staff.account,
        "other organiser": other.staff.account,
        "judge": small.judges[1],
        "chief": small.judges[0],
        "other judge": stranger,
        "supervisor": small.supervisor.account,
        "other supervisor": other.supervisor.account,
        "clerk": await clerk_of(small, DELEGATION["delegation"]),
        "other clerk": await clerk_of(other, theirs["id"]),
        "superuser": superuser,
    }


async def clerk_of(small: Small, delegation: object) -> UUID:
    """The account of a new clerk of a delegation."""
    name = f"填报人{uuid4().hex[:6]}"
    account, _ = await add_clerk(await small.competition(), str(delegation), name, small.staff, small.at)
    return account


def routes(site: Site) -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for route in site.app.routes
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
    } | {("GET", route.path) for route in site.app.routes if route.scope_type == ScopeType.ASGI}  # what is mounted


def address(path: str, small: Small) -> str:
    """A route's path with something in every gap."""
    for name, value in {**FILLED, **DELEGATION, "slug": small.slug}.items():
        for kind in ("str", "path"):
            path = path.replace(f"{{{name}:{kind}}}", value)
    return path


async def test_the_table_knows_every_route_and_no_other(site: Site) -> None:
    """Who adds a route decides here who may call it."""
    assert routes(site) == set(ALLOWED)


@pytest.mark.parametrize("who", sorted(EVERYBODY))
async def test_everybody_gets_as_far_as_the_table_says(
    site: Site, small: Small, accounts: dict[str, object], who: str
) -> None:
    """Every route, asked by this kind of person: let in or turned away, and nobody who is not signed in hears "forbidden"."""
    found, expected = {}, {}
    visitor = await site.visitor(accounts[who])  # type: ignore[arg-type]
    for method, path in sorted(routes(site)):
        response = await visitor.request(method, address(path, small))
        if path in ("/sign-out", "/api/session"):
            visitor = await site.visitor(accounts[who])  # type: ignore[arg-type]
        body = response.json() if response.headers.get("content-type") == "application/json" else {}
        code = body.get("code", "") if isinstance(body, dict) else ""
        found[method, path] = not code.startswith("access.")
        expected[method, path] = who in ALLOWED[method, path]
        if code.startswith("access."):
            assert (response.status_code, code) == (
                (401, "access.sign-in") if who == "nobody" else (403, "access.role")
            )
    assert {key for key in found if found[key] != expected[key]} == set()


async def test_a_key_opens_its_scopes_in_its_competition_alone(site: Site, small: Small) -> None:
    """A key of every scope walks every route: it gets where the table says, and nowhere by being somebody. A key of one
    scope opens that one; a key of another competition opens none of them here.
    """
    keyed, public = frozenset().union(*BY_KEY.values()), {way for way, who in ALLOWED.items() if who == EVERYBODY}
    assert BY_KEY.keys() == SCOPES.keys()
    everywhere = await opened_by(site, small, small, SCOPES, routes(site) - {("POST", "/sign-out")})
    assert everywhere - public == keyed
    for scope in SCOPES:
        assert await opened_by(site, small, small, [scope], keyed) == BY_KEY[scope]
    elsewhere = await founded("keyed")
    assert await opened_by(site, small, elsewhere, SCOPES, keyed) == {("POST", "/api/marks")}


async def opened_by(
    site: Site, small: Small, of: Small, scopes: Iterable[str], ways: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Which of these routes of `small` a key of the competition `of` opens."""
    scopes = frozenset(scopes)
    bound = {"M01": frozenset({"A1.01"})} if "marks" in scopes else {}
    new = NewKey(f"{len(scopes)} {min(scopes)}", scopes, datetime.now(UTC) + timedelta(days=1), bound)
    visitor, found = await site.visitor(), set()
    visitor.headers["authorization"] = (
        f"Bearer {await make_key(await of.competition(), new, of.staff, datetime.now(UTC))}"
    )
    for method, path in ways:
        response = await visitor.request(method, address(path, small))
        body = response.json() if response.headers.get("content-type") == "application/json" else {}
        if not isinstance(body, dict) or body.get("code") != "access.key":
            found.add((method, path))
    return found


async def test_what_no_route_names_is_closed(site: Site, small: Small, accounts: dict[str, object]) -> None:
    """OPTIONS, which the framework answers by itself, is answered to nobody."""
    visitor = await site.visitor(small.staff.account)
    assert (await visitor.options("/office")).status_code == 403


async def test_two_organisers_see_nothing_of_each_other(site: Site, small: Small, accounts: dict[str, object]) -> None:
    """The office of one organiser does not list the other's competitions."""
    visitor = await site.visitor(accounts["other organiser"])  # type: ignore[arg-type]
    page = await visitor.get("/office")
    assert page.status_code == 200 and "/office/other" in page.text and f"/office/{small.slug}" not in page.text


async def test_whoever_works_for_two_organisers_is_asked_which(site: Site, small: Small) -> None:
    """A competition is not given to one of them by chance."""
    who = await account("两家")
    for name in ("甲方", "乙方"):
        await employ(await add_organiser(name, name), who)
    body = {
        **dict.fromkeys(("series", "series_en", "name", "name_en", "tier", "rank", "document", "province", "venue", "venue_en"), "x"),
        "slug": "two", "starts": "2026-01-01", "ends": "2026-01-02", "organisations": [{"name": "x"}],
    }  # fmt: skip
    response = await (await site.visitor(who)).post("/api/competitions", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "organiser.which")


def secrets() -> list[str]:
    """Everything that would tell a judge whose work it is."""
    rows = [row_of(place) for place in range(6)]
    return [
        *DELEGATIONS,
        *(row.name for row in rows),
        *(row.unit for row in rows),
        *(number(2 * n + 1) for n in range(6)),
    ]


async def seen_by(visitor: Visitor, small: Small, accept: str) -> str:
    """Every page and every answer that there is for this visitor."""
    paths = [
        address(path, small)
        for method, path in ALLOWED
        if method == "GET" and "static" not in path and "schema" not in path
    ]
    texts = [(await visitor.get(path, headers={"accept": accept})).text for path in paths]
    return "\n".join(texts)


async def test_the_public_sees_no_name_before_publication(site: Site, small: Small) -> None:
    """Before its day nothing of a result is to be had, and nobody's name."""
    seen = await seen_by(await site.visitor(), small, "text/html")
    assert [secret for secret in secrets() if secret in seen] == []


async def test_a_refused_step_shows_the_office_to_nobody_who_may_not_see_it(
    site: Site, small: Small, accounts: dict[str, object]
) -> None:
    """Asking for the wrong door is answered with the refusal, not with the organiser's desk."""
    shows = {}
    for who in ("organiser", "supervisor", "judge", "chief", "account", "other organiser", "other supervisor"):
        visitor = await site.visitor(accounts[who])  # type: ignore[arg-type]
        path = f"/office/{small.slug}/events/M01/steps"
        response = await visitor.post(path, data={"into": "final"}, headers={"accept": "text/html"})
        shows[who] = response.status_code == 409 and '<aside class="rail' in response.text
    assert {who for who, desk in shows.items() if desk} == OFFICE


async def test_names_are_there_once_they_are_public(site: Site, accounts: dict[str, object]) -> None:
    """The tests above look in the right places: after publication the same pages are full of names."""
    small = await brought(await founded("public"), "published")
    seen = await seen_by(await site.visitor(), small, "text/html")
    assert all(row_of(place).name in seen for place in range(6)) and not any(
        number(2 * n + 1) in seen for n in range(6)
    )


async def test_a_judge_is_told_of_their_marks_and_of_nobody_elses(site: Site, small: Small) -> None:
    """Another judge's score is in nothing that this judge is told, so that nobody marks by their neighbour."""
    event = (await small.event())["id"]
    mine = [post for post in owed_marks(small, event) if post.judge == small.judges[2] and post.mark.aspect == "B1.02"]
    await posted(small, mine)
    visitor = await site.visitor(small.judges[1])
    for path in ("/api/shift", f"/api/competitions/{small.slug}/events/M01/sheets"):
        told = await visitor.get(path)
        assert small.codes[0] in told.text and not any(post.mark.id in told.text for post in mine)
