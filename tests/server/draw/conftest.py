"""What the tests of draws share: passphrases that are stretched cheaply."""

from __future__ import annotations

import pytest

from server.draw import keys


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretching is slow on purpose; these tests are about what it is for."""
    monkeypatch.setattr(keys, "COST", (1, 64, 1))
