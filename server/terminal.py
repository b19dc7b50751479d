"""What a command says at the terminal: Chinese where the terminal is Chinese, English elsewhere."""

from __future__ import annotations

import os

from scoring.verdict import Words


def spoken(words: Words) -> str:
    """The sentence in the terminal's language (LC_ALL, LC_MESSAGES, LANG, as POSIX orders them)."""
    language = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return words.zh if language.startswith("zh") else words.en
