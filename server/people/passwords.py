"""Passwords: argon2id, off the event loop, at most two at a time so that a morning's log-ins do not stop the marks."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()
SHORTEST = 10
_turn = asyncio.Semaphore(2)


@cache
def _nobody() -> str:
    """What is compared where there is no account; made at the first log-in, since most programs of Podium see none."""
    return HASHER.hash("a password that nobody has")


async def hashed(password: str) -> str:
    """The argon2id hash of a password."""
    async with _turn:
        return await asyncio.to_thread(HASHER.hash, password)


async def matches(stored: str, password: str) -> bool:
    """Whether the password is the stored one; takes as long when there is no such account, so names cannot be tried."""
    async with _turn:
        return await asyncio.to_thread(_verify, stored, password) and bool(stored)


def _verify(stored: str, password: str) -> bool:
    nobody = _nobody()  # also where there is an account: the first log-in takes as long for either
    try:
        return HASHER.verify(stored or nobody, password)
    except (VerificationError, InvalidHashError):
        return False
