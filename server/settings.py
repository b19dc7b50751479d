"""What this installation was told: environment variables, and the one secret.

Everything that has to stay hidden is locked with keys derived from one secret: PODIUM_KEY, or else the file `key` in
the data folder, made at the first start and readable by its owner only. Whoever loses it cannot read the stored
identity numbers again, so a data folder that has a database and no key is refused instead of being given a new one.

A variable that starts with PODIUM_ and is not known here is refused: a misspelt setting must not be silently ignored.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509 import Certificate, load_pem_x509_certificates

from scoring.verdict import Words
from server.errors import Refusal

KNOWN = (
    "PODIUM_DATA", "PODIUM_HOST", "PODIUM_PORT", "PODIUM_BASE_URL", "PODIUM_KEY", "PODIUM_PYTHON", "PODIUM_TOKEN_PIN",
    "PODIUM_STAMP_URL", "PODIUM_STAMP_TRUST", "PODIUM_STAMP_LEVEL",
)  # fmt: skip
LEVELS = ("LT", "LTA")
SHORTEST_KEY = 32
EVERY_ADDRESS = ("0.0.0.0", "::")


@dataclass(frozen=True)
class Authority:
    """A time-stamp authority (RFC 3161): where it is asked, by which roots its stamps are believed (PEM, with what else proves its
    certificate: those in between, revocation lists), and whether files are made fit for archives (PAdES B-LTA instead of B-LT)."""

    url: str = field(repr=False)
    trust: bytes = field(repr=False)
    archival: bool = False


@dataclass(frozen=True)
class Settings:
    """One installation. `database_url` None means the private PostgreSQL in the data folder, `authority` None no time stamps."""

    data: Path
    secret: bytes = field(repr=False)
    database_url: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 8765
    base_url: str = "http://127.0.0.1:8765"
    token_pin: str = field(default="", repr=False)
    authority: Authority | None = None

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, such as `identity-numbers`; knowing one key tells nothing about another."""
        if len(self.secret) < SHORTEST_KEY:
            raise _refusal("key-missing", "PODIUM_KEY", "没有设置", "is not set", *_MEND_KEY)
        return HKDF(SHA256(), 32, salt=None, info=b"podium/" + purpose.encode()).derive(self.secret)


def load(environ: Mapping[str, str], make_key: bool = True) -> Settings:
    """The settings, or a Refusal `settings.…` that names the variable and the mend.

    Without `make_key` nothing is written, and the secret is empty where there is none yet.
    """
    _refuse_unknown(environ)
    data, port = _data(environ), _port(environ)
    host = environ.get("PODIUM_HOST") or "127.0.0.1"
    base_url, database_url = _base_url(environ, host, port), _database_url(environ)
    pin, authority = environ.get("PODIUM_TOKEN_PIN", ""), _authority(environ)
    return Settings(data, _secret(environ, data, make_key), database_url, host, port, base_url, pin, authority)


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    for name in sorted(environ):
        if name.startswith("PODIUM_") and name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, 1) or ["PODIUM_DATA"]
            raise _refusal(
                "unknown",
                name,
                "不是已知的设置",
                "is not a known setting",
                f"是否想写 {near[0]}？",
                f"Did you mean {near[0]}?",
            )


def _data(environ: Mapping[str, str]) -> Path:
    given = environ.get("PODIUM_DATA")
    if given:
        path = Path(given)
        with contextlib.suppress(RuntimeError):  # "~nobody-here/…" stays as it is and is refused below
            path = path.expanduser()
        if not path.is_absolute():
            raise _refusal(
                "malformed",
                "PODIUM_DATA",
                f"“{given}”不是绝对路径",
                f'"{given}" is not an absolute path',
                "例如 /srv/podium。",
                "For example /srv/podium.",
            )
        return path
    shared = environ.get("XDG_DATA_HOME") or ""
    home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    return (Path(shared) if Path(shared).is_absolute() else home / ".local" / "share") / "podium"


def _port(environ: Mapping[str, str]) -> int:
    given = environ.get("PODIUM_PORT") or "8765"
    if not (given.isascii() and given.isdigit() and 0 < int(given) < 65536):
        raise _refusal(
            "malformed",
            "PODIUM_PORT",
            f"“{given}”不是端口号",
            f'"{given}" is not a port',
            "请填 1 到 65535 的整数。",
            "Use a whole number from 1 to 65535.",
        )
    return int(given)


def _base_url(environ: Mapping[str, str], host: str, port: int) -> str:
    given = environ.get("PODIUM_BASE_URL")
    if not given:
        shown = "127.0.0.1" if host in EVERY_ADDRESS else f"[{host}]" if ":" in host else host
        return f"http://{shown}:{port}"
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise _refusal(
            "malformed",
            "PODIUM_BASE_URL",
            f"“{given}”不是网站地址",
            f'"{given}" is not the address of a site',
            "例如 https://jingsai.example.cn，它会印在证书的二维码里。",
            "For example https://podium.example.org: it is printed in the code on every certificate.",
        )
    return given.rstrip("/")


def _database_url(environ: Mapping[str, str]) -> str | None:
    given = environ.get("DATABASE_URL")
    if not given:
        return None
    parts = urlsplit(given)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise _refusal(
            "malformed",
            "DATABASE_URL",
            "不是 PostgreSQL 数据库的地址",
            "is not the address of a PostgreSQL database",
            "格式：postgresql://用户:密码@主机:5432/数据库。",
            "It looks like postgresql://user:password@host:5432/database.",
        )
    return given


def shown(url: str) -> str:
    """An address without the password that may stand in it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def roots_in(trust: bytes) -> list[Certificate]:
    """The certificates in PEM that vouch for themselves. Raises ValueError where there is none."""
    found = [one for one in load_pem_x509_certificates(trust) if one.issuer == one.subject]
    if not found:
        raise ValueError("there is no root among the certificates")
    return found


def _authority(environ: Mapping[str, str]) -> Authority | None:
    url, trust = environ.get("PODIUM_STAMP_URL", ""), environ.get("PODIUM_STAMP_TRUST", "")
    level = (environ.get("PODIUM_STAMP_LEVEL") or "LT").upper()
    if level not in LEVELS:
        raise _refusal(
            "malformed",
            "PODIUM_STAMP_LEVEL",
            f"不能是“{level}”",
            f'cannot be "{level}"',
            "请填 LT 或 LTA。",
            "Use LT or LTA.",
        )
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _refusal(
            "malformed", "PODIUM_STAMP_URL", "不是时间戳机构的地址", "is not the address of a time-stamp authority",
            "例如 https://tsa.example.cn/tsa。", "For example https://tsa.example.org/tsa.",
        )  # fmt: skip
    try:
        content = Path(trust).read_bytes() if trust else b""
        roots_in(content)
    except (OSError, ValueError) as failure:
        raise _refusal(
            "stamp-trust", "PODIUM_STAMP_TRUST", "没有指向时间戳机构的根证书", "does not lead to the root of the time-stamp authority",
            "请把机构的证书（含根证书，可含吊销列表）以 PEM 格式存成一个文件，并填写它的路径。",
            "Put the authority's certificates, its root and perhaps revocation lists into one PEM file, and name its path.",
        ) from failure  # fmt: skip
    return Authority(url, content, level == "LTA")


_MEND_KEY = (
    "请恢复备份中的 key 文件，或设置原来的 PODIUM_KEY。",
    "Put back the file 'key' from a backup, or set PODIUM_KEY to the secret that was used before.",
)


def _secret(environ: Mapping[str, str], data: Path, make: bool) -> bytes:
    if given := environ.get("PODIUM_KEY"):
        if len(given) < SHORTEST_KEY:
            raise _refusal(
                "malformed",
                "PODIUM_KEY",
                f"少于 {SHORTEST_KEY} 个字符",
                f"has fewer than {SHORTEST_KEY} characters",
                "可用命令生成：openssl rand -hex 32。",
                "Make one with: openssl rand -hex 32",
            )
        return given.encode()
    path = data / "key"
    try:
        if not path.exists() and make:
            if (data / "postgres").exists():
                raise _refusal(
                    "key-missing", str(path), "不见了，而数据库还在", "is gone while the database is there", *_MEND_KEY
                )
            _make_key(path)
        return read_key(path) if path.exists() else b""
    except OSError as failure:
        raise _refusal(
            "key-unreadable",
            str(path),
            f"无法读写（{failure.strerror}）",
            f"cannot be read or made ({failure.strerror})",
            "请把 PODIUM_DATA 设为属于您的文件夹。",
            "Set PODIUM_DATA to a folder that belongs to you.",
        ) from failure


def read_key(path: Path) -> bytes:
    """The secret in a key file that nobody else can read."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise _refusal(
            "key-open",
            str(path),
            "可被其他用户读取",
            "can be read by other users",
            f"运行：chmod 600 '{path}'",
            f"Run: chmod 600 '{path}'",
        )
    secret = path.read_bytes().strip()
    if len(secret) < SHORTEST_KEY:
        raise _refusal("key-damaged", str(path), "已损坏", "is damaged", *_MEND_KEY)
    return secret


def _make_key(path: Path) -> None:
    """Make the key file whole or not at all; when two programs start at once, the first one's key counts for both."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mine = path.with_name(f".key.{secrets.token_hex(8)}")
    descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(mine, path)
    finally:
        mine.unlink()


def _refusal(code: str, name: str, zh: str, en: str, mend_zh: str, mend_en: str) -> Refusal:
    return Refusal(f"settings.{code}", Words(f"{name} {zh}。", f"{name} {en}."), Words(mend_zh, mend_en), status=500)
