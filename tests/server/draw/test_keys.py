"""A custodian's key: only the passphrase opens it, and only it opens what was sealed to it; issued formats stay readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.draw import keys
from server.errors import Refusal

DEAR = (3, 65536, 4)
PRIVATE = bytes(range(32))
WRAPPED = bytes.fromhex(
    "010dfa7e6b1491786aaf2741e0bdeff93ddaebf3746430b53108011751ada5bd42008d58acd2e4365e2ea7ca6cde43ea51cfe1605009813163fb9d32d20971a1d42b685a557cd20862838e93e6"
)
SEALED = bytes.fromhex(
    "0160559dd4fb943dc3290fd3474570f1ac5de301a2d33cbf60d1530d7e5da1e21101de8a2ad2d9d678066efd2fba6318ee7053c78da46f339e261919fe5b9851082e043be0ac4c2f001b06a67c15683546d9f225a470c9e3315592fc56942b20bf2b21d6cb2df8de76"
)


@given(st.text(max_size=200), st.integers(0, 200))
def test_what_was_sealed_is_read_by_its_key_alone(text: str, place: int) -> None:
    """Every other key, every other subject and every changed byte is refused; the same text is never sealed alike."""
    private, public = keys.new_pair()
    sealed = keys.seal_to(public, text, "layer:1")
    assert keys.open_with(private, sealed, "layer:1") == text
    assert sealed != keys.seal_to(public, text, "layer:1")
    spoilt = bytearray(sealed)
    spoilt[place % len(sealed)] ^= 1
    for other, what, about in (
        (keys.new_pair()[0], sealed, "layer:1"),
        (private, sealed, "layer:2"),
        (private, bytes(spoilt), "layer:1"),
        (private, sealed[:20], "layer:1"),
    ):
        with pytest.raises(Refusal, match=r"custody\.altered"):
            keys.open_with(other, what, about)


async def test_a_wrapped_key_is_opened_by_its_passphrase() -> None:
    """Another passphrase and another custodian are refused alike; a damaged one is told to be damaged."""
    wrapped = await keys.wrap(PRIVATE, "twelve signs and more", "custodian:1")
    assert await keys.unwrap(wrapped, "twelve signs and more", "custodian:1") == PRIVATE
    for passphrase, about in (("twelve signs and mor", "custodian:1"), ("twelve signs and more", "custodian:2")):
        with pytest.raises(Refusal, match=r"custody\.passphrase"):
            await keys.unwrap(wrapped, passphrase, about)
    with pytest.raises(Refusal, match=r"custody\.altered"):
        await keys.unwrap(b"\x02" + wrapped[1:], "twelve signs and more", "custodian:1")


async def test_what_was_issued_is_readable_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key and a layer of the first day, at the full cost: whoever changes the format has to read this one still."""
    monkeypatch.setattr(keys, "COST", DEAR)
    assert await keys.unwrap(WRAPPED, "海内存知己，天涯若比邻。二〇二六", "custodian:golden") == PRIVATE
    assert keys.open_with(PRIVATE, SEALED, "layer:golden") == '{"secret": "s", "pairs": [["1-01", "W-01"]]}'
