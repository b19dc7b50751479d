"""Which system account runs the private PostgreSQL when Podium itself runs as root.

PostgreSQL refuses to run as root, so a root start hands it to another account: the owner of the data that is already
there, or else `podium-db`, made on first use. That account must be able to walk to the data and to the program, which
may lie below a private folder such as /root. It is given the right to *search* those folders (not to list or read
them) by an access-control list that names nobody else; where the file system has no such lists, by o+x.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

NAME = "podium-db"

_ACL = "system.posix_acl_access"
_VERSION = struct.pack("<I", 2)
_OWNER, _USER, _GROUP, _NAMED_GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NOBODY_IN_PARTICULAR = 0xFFFFFFFF
_SEARCH = 1


class NoAccount(Exception):
    """Root started Podium and no account for the database could be had."""


@dataclass(frozen=True)
class Account:
    """A system account that is not root."""

    uid: int
    gid: int


def account_for(data: Path, cluster: Path) -> Account | None:
    """The account to run PostgreSQL as, or None when that is simply who we are."""
    if os.geteuid() != 0:
        return None
    for folder in (cluster, data):
        if folder.exists() and (owner := folder.stat().st_uid) != 0:
            return Account(owner, folder.stat().st_gid)
    return _own_account()


def let_in(account: Account, folder: Path) -> None:
    """Make every folder above `folder` searchable for the account, and change nothing that already is."""
    for above in folder.resolve().parents:
        found = above.stat()
        if found.st_mode & stat.S_IXOTH or (found.st_uid == account.uid and found.st_mode & stat.S_IXUSR):
            continue
        try:
            _add_to_list(above, account.uid)
        except (OSError, AttributeError):  # no access-control lists on this file system or system
            above.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)


def _own_account() -> Account:
    made = ""
    for _ in range(10):
        try:
            entry = pwd.getpwnam(NAME)
            return Account(entry.pw_uid, entry.pw_gid)
        except KeyError:
            made = _make()
            if made:
                time.sleep(0.3)  # another root program may hold the lock on the account file
    raise NoAccount(made)


def _make() -> str:
    """Make the account; the empty string, or what stood in the way."""
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return "the command useradd is missing"
    nologin = shutil.which("nologin", path="/usr/sbin:/sbin:/usr/bin:/bin") or "/bin/false"
    done = subprocess.run(
        [
            useradd,
            "--system",
            "--user-group",
            "--no-create-home",
            "--home-dir",
            "/nonexistent",
            "--shell",
            nologin,
            NAME,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr.strip() if done.returncode else ""


def _add_to_list(folder: Path, uid: int) -> None:
    """Add `user:uid:--x` to the folder's access-control list (acl(5): a version, then tag, permissions, id)."""
    mode = folder.stat().st_mode
    try:
        raw = os.getxattr(folder, _ACL)
        entries = {(tag, who): bits for tag, bits, who in struct.iter_unpack("<HHI", raw[len(_VERSION) :])}
    except OSError:
        entries = {
            (_OWNER, _NOBODY_IN_PARTICULAR): mode >> 6 & 7,
            (_GROUP, _NOBODY_IN_PARTICULAR): mode >> 3 & 7,
            (_OTHER, _NOBODY_IN_PARTICULAR): mode & 7,
        }
    entries[_USER, uid] = entries.get((_USER, uid), 0) | _SEARCH
    mask = 0
    for (tag, _), bits in entries.items():
        if tag in (_USER, _GROUP, _NAMED_GROUP):
            mask |= bits
    entries[_MASK, _NOBODY_IN_PARTICULAR] = mask
    packed = b"".join(struct.pack("<HHI", tag, bits, who) for (tag, who), bits in sorted(entries.items()))
    os.setxattr(folder, _ACL, _VERSION + packed)
