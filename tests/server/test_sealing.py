"""Identity numbers at rest: unreadable without the key, bound to their person, found without being read."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import Refusal
from server.sealing import Sealer
from server.settings import Settings

NUMBER = "11010519491231002X"
SEALER = Sealer(Settings(Path("/nowhere"), b"a" * 32))
OTHER = Sealer(Settings(Path("/nowhere"), b"b" * 32))


def refused(sealer: Sealer, sealed: bytes, about: str) -> str:
    with pytest.raises(Refusal) as caught:
        sealer.open(sealed, about)
    return caught.value.code


def test_what_is_sealed_opens_again() -> None:
    """The same text comes back, and no two sealings look alike."""
    first, second = SEALER.seal(NUMBER, "person:1"), SEALER.seal(NUMBER, "person:1")
    assert first != second and NUMBER.encode() not in first
    assert SEALER.open(first, "person:1") == SEALER.open(second, "person:1") == NUMBER


def test_it_opens_for_its_own_person_only() -> None:
    """A sealed number copied into another person's row does not open there."""
    assert refused(SEALER, SEALER.seal(NUMBER, "person:1"), "person:2") == "sealing.altered"


def test_every_single_altered_byte_is_noticed() -> None:
    """No bit of a sealed number can be changed, and none can be cut off."""
    sealed = SEALER.seal(NUMBER, "person:1")
    for place in range(len(sealed)):
        altered = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        assert refused(SEALER, altered, "person:1") in ("sealing.altered", "sealing.other-key")
        assert refused(SEALER, sealed[:place], "person:1") in ("sealing.altered", "sealing.other-key")


def test_another_key_is_told_apart_from_damage() -> None:
    """After a restore with the wrong key the words say so, instead of speaking of damage."""
    assert refused(OTHER, SEALER.seal(NUMBER, "person:1"), "person:1") == "sealing.other-key"


def test_an_old_sealing_opens_for_ever() -> None:
    """The format is issued: this was sealed by the first version."""
    sealed = bytes.fromhex(
        "013eb7c3d9358835727e96c77f702bfefda69089685155fa0d6478cd5ac3398e81c4aeff69caaa54475abdf086d3103510277e"
    )
    assert SEALER.open(sealed, "person:1") == NUMBER


def test_the_index_finds_a_number_however_it_was_typed() -> None:
    """Full width, spaces and case do not matter; person, purpose and key do."""
    index = SEALER.index("number", NUMBER)
    assert len(index) == 32
    assert SEALER.index("number", "１１０１０５ 19491231 002x") == index
    others = {SEALER.index("number", "11010519491231002"), SEALER.index("tail", NUMBER), OTHER.index("number", NUMBER)}
    assert len(others | {index}) == 4


def test_the_index_keeps_its_parts_apart() -> None:
    """A name and a tail cannot be shifted into each other."""
    assert SEALER.index("look-up", "王伟", "31002X") != SEALER.index("look-up", "王伟3", "1002X")
