"""Identity numbers at rest: sealed so that a stolen disk tells nothing, indexed so that one person can be found.

*Sealing* is AES-256-GCM. What a sealed text is about (its row) is authenticated with it, so that sealed numbers cannot
be swapped between people. The format is fixed and only grows at its end:

    1 byte format (1) · 4 bytes key id · 12 bytes nonce · ciphertext and tag

The *blind index* is a keyed hash: equal texts have equal indexes, and without the key nobody can try all numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from scoring.identity import normalise
from scoring.verdict import Words
from server.errors import Refusal
from server.settings import Settings

FORMAT = b"\x01"
KEY_ID = 4
NONCE = 12


class Sealer:
    """Seals, opens and indexes with the keys of one installation."""

    def __init__(self, settings: Settings) -> None:
        key = settings.key("identity-numbers")
        self.key_id = hashlib.sha256(b"podium/key-id" + key).digest()[:KEY_ID]
        self._cipher = AESGCM(key)
        self._index_key = settings.key("identity-index")

    def seal(self, text: str, about: str) -> bytes:
        """The text, readable again only with the key and the same `about`, such as `person:17`."""
        return self.seal_bytes(text.encode(), about)

    def open(self, sealed: bytes, about: str) -> str:
        """The text that was sealed, or a Refusal: `sealing.other-key` or `sealing.altered`."""
        return self.open_bytes(sealed, about).decode()

    def seal_bytes(self, content: bytes, about: str) -> bytes:
        """A file, sealed like a text."""
        nonce = os.urandom(NONCE)
        return FORMAT + self.key_id + nonce + self._cipher.encrypt(nonce, content, about.encode())

    def open_bytes(self, sealed: bytes, about: str) -> bytes:
        """The file that was sealed; refused like a text."""
        body = sealed.removeprefix(FORMAT)
        if not sealed.startswith(FORMAT) or len(body) < KEY_ID + NONCE:
            raise _altered()
        key_id, nonce, locked = body[:KEY_ID], body[KEY_ID : KEY_ID + NONCE], body[KEY_ID + NONCE :]
        if key_id != self.key_id:
            raise _other_key()
        try:
            return self._cipher.decrypt(nonce, locked, about.encode())
        except InvalidTag:
            raise _altered() from None

    def index(self, purpose: str, *parts: str) -> bytes:
        """32 bytes that are equal for equal texts of one purpose, however typed (full width, spaces, case)."""
        message = b"".join(
            len(piece).to_bytes(4, "big") + piece
            for piece in (purpose.encode(), *(normalise(p).encode() for p in parts))
        )
        return hmac.digest(self._index_key, message, "sha256")


def _other_key() -> Refusal:
    return Refusal(
        "sealing.other-key",
        Words("这些证件号码是用另一个密钥加密的。", "These identity numbers were sealed with another key."),
        Words(
            "请恢复备份中的 key 文件，或设置原来的 PODIUM_KEY。",
            "Put back the file 'key' from a backup, or set the former PODIUM_KEY.",
        ),
        status=500,
    )


def _altered() -> Refusal:
    return Refusal(
        "sealing.altered",
        Words("加密的证件号码已被改动或损坏。", "A sealed identity number was altered or damaged."),
        Words("请从备份恢复。", "Restore it from a backup."),
        status=500,
    )
