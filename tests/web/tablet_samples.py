"""The office's page of tablets."""

from datetime import UTC, datetime
from typing import Any

import segno

Values = dict[str, Any]


def tablet_samples(office: Values) -> dict[str, tuple[str, Values]]:
    """Tablets of all kinds beside a fresh code, and none yet."""
    seen = datetime(2026, 10, 17, 2, 40, tzinfo=UTC)
    plain = {
        "id": "0", "number": 1, "event": "M01", "seen": seen, "away": False, "holder": "李梅", "unsent": 0, "battery": 86,
        "low": False, "old": False, "revoked": False, "worry": False, "waits": None, "charging": False, "worries": [],
    }  # fmt: skip
    tablets = [
        {
            **plain,
            "number": 7,
            "away": True,
            "unsent": 12,
            "battery": 9,
            "low": True,
            "worry": True,
            "worries": ["away", "battery"],
        },
        {
            **plain,
            "number": 4,
            "unsent": 3,
            "waits": 6,
            "worry": True,
            "worries": ["unsent"],
            "battery": 12,
            "charging": True,
        },
        plain,
        {**plain, "number": 2, "holder": "", "battery": None, "old": True},
        {**plain, "number": 3, "revoked": True, "away": True},
    ]
    address = "https://podium.local:8443/tablet#/pair/7KQ2MXPA"
    pairing = {
        "code": "7KQ2 MXPA", "address": address, "event": "焊接技术", "until": seen,
        "picture": segno.make_qr(address, error="m").svg_data_uri(scale=8, border=2, dark="#111"),
    }  # fmt: skip
    values = {**office, "events": [{"code": "M01", "name": "焊接技术"}], "may": True, "problem": None}
    return {
        "tablets": ("office/tablets.html", {**values, "tablets": tablets, "pairing": pairing}),
        "tablets-none": ("office/tablets.html", {**values, "tablets": [], "pairing": None}),
    }
