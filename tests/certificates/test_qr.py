"""The code on a certificate: a sum of what its digits turn over is the code that segno draws."""

import random

import pytest

from certificates import qr


@pytest.mark.parametrize(
    "address", ["https://podium.example/v/{}", "http://10.0.0.7:8765/v/PD2026-{}?c={}", "V/{}", "http://a.b/v/{}#{}"]
)
def test_a_sum_of_digits_is_the_code_itself(address: str) -> None:
    """Whatever the digits, the code that is summed up equals the one that segno draws from the whole address."""
    chance = random.Random(address)
    for _ in range(12):
        text = address.format(*(f"{chance.randrange(10**16):016}" for _ in range(2)))
        assert qr.code(text) == qr.drawn(text)


def test_an_address_without_digits_has_a_code() -> None:
    """Nothing to sum up is nothing to go wrong."""
    assert qr.code("https://podium.example/") == qr.drawn("https://podium.example/")


def test_no_run_of_modules_goes_on_into_the_next_row() -> None:
    """Rectangles stay inside the square, and together they are as many modules as are dark."""
    one = qr.code("https://podium.example/v/8888888888888888")
    runs = list(one.runs())
    assert all(x + length <= one.side and y < one.side for x, y, length in runs)
    assert sum(length for _, _, length in runs) == one.modules.count(1)
