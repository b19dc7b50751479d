"""Signing: a PAdES signature by the issuer over the whole file; with a time-stamp authority, one that lasts.

By an issuer's own key, P-256 with a self-signed certificate, no third party is needed: who trusts the installation's
certificate can check every file that it signed, without us and without a network. Such a B-B signature is put behind
one of our own files by a few lines (`appending`); everything else is pyHanko's work: keys in tokens, time stamps, files of
other forms (`lasting`, which is imported by its name when it is needed: it costs thirty megabytes, and hardly any press
needs it). The time is an argument.
"""

import datetime
import hashlib
import importlib
from typing import TYPE_CHECKING

from certificates import appending
from certificates.appending import FIELD
from certificates.keys import Key, Token

if TYPE_CHECKING:
    from certificates.stamping import Stamping


def sign(
    pdf: bytes,
    key: Key | Token,
    at: datetime.datetime,
    reason: str = "",
    location: str = "",
    attached: bytes = b"",
    stamping: "Stamping | None" = None,
    begun: "hashlib._Hash | None" = None,
) -> bytes:
    """The file with an invisible PAdES signature over all of it, and over the credential that is attached to it: B-B, or
    with a time-stamp authority B-LT or B-LTA.

    `begun` is the SHA-256 of the file, where whoever asks has it already; it goes on to be that of the whole.

    `at` carries its time zone. Raises UnusableKey where a token does not give its key, and Unstamped where the authority
    gives no time stamp that holds: then there is no file.
    """
    if at.tzinfo is None:
        raise ValueError("the time of a signature needs a time zone")
    at = at.replace(microsecond=0)
    if isinstance(key, Key) and not stamping:
        said = {"Reason": reason, "Location": location}
        room = appending.update(pdf, FIELD, at, said, key.containers.room, attached)
        if room is not None:
            digest = begun or hashlib.sha256(pdf)
            digest.update(room.before)
            digest.update(room.after)
            return room.filled(pdf, key.containers.container(digest.digest()))
    signed: bytes = importlib.import_module("certificates.lasting").signed_by_pyhanko(
        pdf, key, at, reason, location, attached, stamping
    )
    return signed
