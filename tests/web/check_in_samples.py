"""Plain values for the page of the door: it is filled by what it loads (tests/web/test_check_in.py)."""

from typing import Any

from tests.web.setup_samples import COMPETITION, PERSON, RAIL, SITE

DOOR = {
    "account": "5b1c7a52-7f5c-4c57-9a53-0e4a4ed2b001",
    "by": "周敏",
    "slug": "hebei",
    "mark": "A7KQ2M",
    "page": "/office/hebei/check-in",
    "api": "/api/competitions/hebei/check-in",
}
CHECK_IN: dict[str, tuple[str, dict[str, Any]]] = {
    "check-in": (
        "office/check_in.html",
        {
            "here": "check-in",
            "csrf": "sample-token",
            "person": PERSON,
            "site": SITE,
            "desk": {**RAIL, "here": "check-in"},
            "competition": COMPETITION,
            "door": DOOR,
        },
    )
}
