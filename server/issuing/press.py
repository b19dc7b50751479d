"""Runs in the printing processes only: WeasyPrint costs a second and a hundred megabytes that no web process needs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from certificates.certificate import Certificate as Paper
from certificates.rendering import Press
from certificates.signing import Key, sign

_presses: dict[str, Press] = {}


def print_and_sign(design: str, contents: Sequence[tuple[str, str]], key_pem: bytes, at: datetime) -> list[bytes]:
    """The signed PDFs of some certificates, each with its credential; the process keeps a design's fonts and layouts for the next ones."""
    if design not in _presses:
        _presses[design] = Press(design)
    papers = [Paper.from_data(json.loads(content)) for content, _ in contents]
    key = Key.from_pem(key_pem)
    files = _presses[design].print(papers)
    return [
        sign(pdf, key, at, attached=credential.encode()) for pdf, (_, credential) in zip(files, contents, strict=True)
    ]
