"""A machine whose network comes, goes and changes while it serves a hall."""

from __future__ import annotations

import errno
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server.lan import venue
from server.lan.authority import authority

NOW = datetime.now(UTC)


async def test_a_network_that_comes_later_is_told_the_name_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started before the Wi-Fi was there, or moved into another: sockets of the old networks would announce to nobody, so each
    network is spoken to anew; what it refuses is said, and serving goes on."""
    asked: list[dict[str, Any]] = []

    def no_multicast(**how: Any) -> None:
        asked.append(how)
        raise OSError(errno.ENODEV, f"network {len(asked)}")

    monkeypatch.setattr(venue, "AsyncZeroconf", no_multicast)
    monkeypatch.setattr(venue, "addresses", list)
    made = venue.Venue(authority(tmp_path, b"secret", "laptop", NOW), 80, 443, NOW)
    await made.announce()
    assert made.sites() == []
    for number, address in enumerate(("192.168.1.20", "10.0.0.7"), 2):
        await made.move([address], NOW)
        assert made.sites() == [f"https://{address}:443"] and len(asked) == number
        assert made.problem and made.problem.strerror == f"network {number}"
