"""A custodian's key: what is sealed to its public half is opened by the private half alone, and that by a passphrase.

The pair is X25519. Sealing makes a key of its own for every message (HKDF over a one-time exchange) and encrypts with
AES-256-GCM; what the message is about is authenticated with it. The private half is wrapped by AES-256-GCM under a key
that argon2id makes of the passphrase. Both formats are fixed and only grow at their end:

    wrapped: 1 byte format (1) · 16 bytes salt · 12 bytes nonce · ciphertext and tag
    sealed:  1 byte format (1) · 32 bytes one-time public key · 12 bytes nonce · ciphertext and tag
"""

from __future__ import annotations

import asyncio
import os

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from scoring.verdict import Words
from server.errors import Refusal

FORMAT = b"\x01"
SALT, NONCE, KEY = 16, 12, 32
COST = (3, 65536, 4)
"""Passes, KiB and lanes of argon2id: they belong to format 1."""
SHORTEST = 12
_turn = asyncio.Semaphore(1)

WRONG = Refusal(
    "custody.passphrase",
    Words("口令不对，这一层没有打开。", "The passphrase is wrong; the layer stays closed."),
    Words("请保管人再输一次。", "The custodian types it again."),
    status=422,
)
ALTERED = Refusal(
    "custody.altered",
    Words("封存的内容已被改动或损坏。", "What was sealed has been altered or damaged."),
    Words("请从备份恢复。", "Restore it from a backup."),
    status=500,
)
TOO_SHORT = Refusal(
    "custody.short",
    Words(f"口令至少 {SHORTEST} 个字符。", f"A passphrase has at least {SHORTEST} characters."),
    status=422,
)


def new_pair() -> tuple[bytes, bytes]:
    """A private and a public half."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


async def wrap(private: bytes, passphrase: str, about: str) -> bytes:
    """The private half, to be had again with the passphrase only. Raises Refusal `custody.short`."""
    if len(passphrase) < SHORTEST:
        raise TOO_SHORT
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    key = await _stretched(passphrase, salt)
    return FORMAT + salt + nonce + AESGCM(key).encrypt(nonce, private, about.encode())


async def unwrap(wrapped: bytes, passphrase: str, about: str) -> bytes:
    """The private half. Raises Refusal `custody.passphrase`."""
    if not wrapped.startswith(FORMAT) or len(wrapped) < 1 + SALT + NONCE:
        raise ALTERED
    salt, nonce, locked = wrapped[1 : 1 + SALT], wrapped[1 + SALT : 1 + SALT + NONCE], wrapped[1 + SALT + NONCE :]
    try:
        return AESGCM(await _stretched(passphrase, salt)).decrypt(nonce, locked, about.encode())
    except InvalidTag:
        raise WRONG from None


async def _stretched(passphrase: str, salt: bytes) -> bytes:
    """Off the event loop and one at a time: it takes 64 MB and a moment, and marks go on meanwhile."""
    async with _turn:
        return await asyncio.to_thread(hash_secret_raw, passphrase.encode(), salt, *COST, KEY, Type.ID)


def seal_to(public: bytes, text: str, about: str) -> bytes:
    """The text, for the holder of the private half alone."""
    once = X25519PrivateKey.generate()
    front, nonce = once.public_key().public_bytes_raw(), os.urandom(NONCE)
    key = _agreed(once, X25519PublicKey.from_public_bytes(public), front + public)
    return FORMAT + front + nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())


def open_with(private: bytes, sealed: bytes, about: str) -> str:
    """The text that was sealed. Raises Refusal `custody.altered`."""
    if not sealed.startswith(FORMAT) or len(sealed) < 1 + KEY + NONCE:
        raise ALTERED
    front, nonce, locked = sealed[1 : 1 + KEY], sealed[1 + KEY : 1 + KEY + NONCE], sealed[1 + KEY + NONCE :]
    mine = X25519PrivateKey.from_private_bytes(private)
    key = _agreed(mine, X25519PublicKey.from_public_bytes(front), front + mine.public_key().public_bytes_raw())
    try:
        return AESGCM(key).decrypt(nonce, locked, about.encode()).decode()
    except InvalidTag:
        raise ALTERED from None


def _agreed(mine: X25519PrivateKey, other: X25519PublicKey, context: bytes) -> bytes:
    return HKDF(SHA256(), KEY, salt=None, info=b"podium-layer-1" + context).derive(mine.exchange(other))
