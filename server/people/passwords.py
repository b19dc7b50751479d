"""Passwords: argon2id, off the event loop, at most two at a time so that a morning's log-ins do not stop the marks."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()
SHORTEST = 10
_turn = asyncio.Semaphore(2)
_nobody = HASHER.hash("a password that nobody has")


async def hashed(password: str) -> str:
    """The argon2id hash of a password."""
    async with _turn:
        return await asyncio.to_thread(HASHER.hash, password)


async def matches(stored: str, password: str) -> bool:
    """Whether the password is the stored one; takes as long when there is no such account, so names cannot be tried."""
    async with _turn:
        return await asyncio.to_thread(_verify, stored or _nobody, password) and bool(stored)


def _verify(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
