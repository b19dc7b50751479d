"""What `podium bench pages` asks for, derived from the program's routes: who asks, at which addresses, and what is left out and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from litestar import Litestar

from admin.lists.listings import LISTINGS
from admin.report_pages import REPORTS
from server.issuing.choosing import KINDS

ROLES: Mapping[str, tuple[str, ...]] = {
    "everyone": ("public",),
    "signed_in": ("organiser", "supervisor", "clerk"),
    "office": ("organiser", "supervisor"),
    "organiser": ("organiser",),
    "any_organiser": ("organiser",),
    "any_office": ("organiser", "supervisor"),
    "reads_keys": ("organiser",),
    "clerk": ("clerk", "organiser"),
    "own_clerk": ("clerk",),
    "judge": ("chief judge",),
    "any_judge": ("chief judge",),
    "chief_judge": ("chief judge",),
    "leads_hall": ("chief judge", "supervisor"),
    "anyone_in_event": ("organiser", "chief judge"),
    "approves": ("organiser", "supervisor"),
    "reads_corrections": ("chief judge", "organiser"),
}
"""An access decision → who has such pages as their work."""
NAMES = ("slug", "delegation", "number", "entry", "policy", "appeal")
"""What stands in the addresses of a competition; a route about anything else is left out, with its reason."""
PAPER, ONE, LINK, STREAM, FILE = (
    "a paper: made by a press, see the benches of certificates",
    "bytes or a form of one thing that the province has none of",
    "opens by a secret link that the province has none of",
    "a stream, which does not end: see the bench of boards",
    "a file that does not change",
)
LEFT_OUT: Mapping[str, str] = {
    r".*\.pdf|.*\.pptx|.*files\.zip|.*print-shop.*": PAPER,
    r".*/(attachment|photo|evidence/.*|badges)|.*/photos/{person}|.*/attachments/.*|.*/applications/{.*|.*/applications/links/.*": ONE,
    r".*/paper/{entry}/{label}|.*/issuing/{kind}/look/{subject}|.*/check-in/faces|.*/appeals/new/{entry}|.*/judges/{judge}|.*/panels/proposal": ONE,
    r"/office/policies/{policy}/(edit|policy.toml)|.*/setup/templates/.*|.*/setup/designs/{kind}": ONE,
    r"/(s|v|apply|application|invitation|sign-in)/{.*|/mine.*|/status/.*|/api/verify.*|.*/entry/{entry}|.*/forms/{intake}.*": LINK,
    r"/api/.*/issuing/{kind}/{subject}|.*/corrections/{correction}": ONE,
    r"/office/raw.*": "opened by a superuser with a password and a reason, for half an hour",
    r".*/stream": STREAM,
    r".*worker\.js|.*manifest\.webmanifest|/static/.*|/tablet/{version}/.*|/lan.*|/\.well-known/.*|/api/schema.*|.*template-example\.zip|.*empty\.xlsx": FILE,
    r"/account/password|/sign-in": "a form that shows nothing of a competition",
}
"""Routes that are not measured, with the reason."""
STANDS_AT = {
    "draw": "E004", "panels/{code}": "E011", "paper": "E012", "recheck": "E024", "decoding": "E034", "publication": "E039", "floor": "E012",
    "sheets": "E012", "hall": "E012", "board": "E012", "panel": "E012", "setup/events/{code}": "E001", "live/{code}": "E012",
}  # fmt: skip
"""The end of a route → an event that stands where the page is about something; all other pages are about E060."""
CHIEF = "E012"
"""The event of the chief judge who asks."""
MORE: Mapping[str, tuple[str, ...]] = {
    "/office/find": ("?q=赵", "?q=E0"),
    "/office/{slug}": ("?only=mine",),
    "/office/{slug}/review": ("?state=review", "?find=赵", "?page=5"),
    "/office/{slug}/appeals": ("?find=赵",),
    "/office/{slug}/promotions": ("?find=赵", "?page=3"),
    "/office/{slug}/certificates": ("?find=赵", "?page=3"),
    "/office/{slug}/lists/entries": ("?find=赵&sort=-names", "?page=20"),
    "/office/{slug}/reports/participation": ("?by=event", "?by=age"),
    "/office/{slug}/reports/quotas": ("?by=event",),
    "/office/{slug}/reports/aspects": ("?page=100",),
    "/office/{slug}/reports/promotions": ("?by=event",),
    "/office/{slug}/reports/certificates": ("?by=event",),
}
"""Other questions that a page answers."""
ELSEWHERE: Mapping[tuple[str, str], int] = {
    ("/office", "clerk"): 303,
    ("/register", "clerk"): 303,
    ("/tablet/{slug}/{code}/corrections", "organiser"): 303,
}
"""Pages that lead somebody to their own work."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One question."""

    role: str
    address: str
    status: int = 200

    @property
    def taken_home(self) -> bool:
        """Whether this is a file rather than a page: it may take longer."""
        return ".xlsx" in self.address or self.address.endswith(".csv")


def asked_for(app: Litestar, names: Mapping[str, str]) -> Iterator[Asking]:
    """Everything that is asked for; `names` are what stands in the addresses of this competition."""
    for route in sorted(app.routes, key=lambda route: route.path):
        path = re.sub(r"{(\w+):\w+}", r"{\1}", route.path)
        handlers = [one for one in getattr(route, "route_handlers", ()) if "GET" in getattr(one, "http_methods", ())]
        if not handlers or any(re.fullmatch(gone, path) for gone in LEFT_OUT):
            continue
        for role in ROLES[handlers[0].opt["access"].__name__]:
            for address in _addresses(path, {**names, **({"code": CHIEF} if role == "chief judge" else {})}):
                yield Asking(role, address, ELSEWHERE.get((path, role), 200))


def _addresses(path: str, names: Mapping[str, str]) -> Iterator[str]:
    several = {
        "list": list(LISTINGS),
        "report": list(REPORTS),
        "kind": list(KINDS),
        "file": ["results.csv", "entries.csv", "delegations.csv"],
    }
    gap = next((one for one in several if f"{{{one}}}" in path), "")
    for value in several.get(gap, [""]):
        of_it = path.replace(f"{{{gap}}}", value) if gap else path
        code = next((code for end, code in STANDS_AT.items() if path.endswith(end)), "E060")
        for question in ("", *MORE.get(of_it, ())):
            number = names["appeal" if "/appeals/" in path else "number"]
            yield of_it.format(**{"code": code, **names, "number": number}) + question
