"""Why the private PostgreSQL cannot be used, in words that somebody can act on. Nothing is lost in any of these."""

from __future__ import annotations

import re
from pathlib import Path

from scoring.verdict import Words
from server.errors import Refusal


def failure(code: str, words: Words, mend: Words) -> Refusal:
    """The database is not there: 503 wherever it shows on the web."""
    return Refusal(f"database.{code}", words, mend, status=503)


def other_version(data: Path, found: str, ours: int) -> Refusal:
    return failure(
        "version",
        Words(
            f"数据文件夹 {data} 由 PostgreSQL {found} 创建，而本程序自带的是 {ours}。",
            f"The data folder {data} was made by PostgreSQL {found}, and this Podium brings {ours}.",
        ),
        Words(
            "请用原来的 Podium 启动并运行 podium backup，再恢复到空文件夹。",
            "Start it with the Podium that made it, run 'podium backup', and restore into an empty folder.",
        ),
    )


def not_installed(version: int) -> Refusal:
    return failure(
        "not-installed",
        Words(
            f"本机的 Podium 缺少 PostgreSQL {version}。",
            f"PostgreSQL {version} did not come with Podium on this machine.",
        ),
        Words(
            "请重新运行 ./podium，或用 DATABASE_URL 指定数据库服务器。",
            "Run ./podium once more, or set DATABASE_URL to a PostgreSQL server.",
        ),
    )


def no_account(why: str) -> Refusal:
    return failure(
        "no-account",
        Words(
            f"PostgreSQL 不能以 root 运行，也无法为它创建账户：{why}。",
            f"PostgreSQL does not run as root, and no account could be made for it: {why}.",
        ),
        Words(
            "请以普通用户启动 Podium，或创建系统账户 podium-db，或设置 DATABASE_URL。",
            "Start Podium as an ordinary user, make a system account 'podium-db', or set DATABASE_URL.",
        ),
    )


def folder_taken(folder: Path) -> Refusal:
    return failure(
        "folder-taken",
        Words(f"文件夹 {folder} 属于别人。", f"The folder {folder} belongs to somebody else."),
        Words("请删除它，或用 PODIUM_DATA 另选文件夹。", "Remove it, or set PODIUM_DATA to another folder."),
    )


def folder_unusable(data: Path, problem: OSError) -> Refusal:
    """The operating system did not let us use the data folder."""
    if isinstance(problem, PermissionError):
        code = "permission"
        mend = Words(
            "请把 PODIUM_DATA 设为属于您的文件夹，或用创建它的用户启动。",
            "Set PODIUM_DATA to a folder that belongs to you, or start Podium as the user that made it.",
        )
    else:
        code = "folder"
        mend = Words(
            "请清理磁盘，或用 PODIUM_DATA 另选文件夹。", "Free some space, or set PODIUM_DATA to another folder."
        )
    why = f"{problem.strerror} ({problem.filename})"
    return failure(
        code,
        Words(f"数据文件夹 {data} 无法使用：{why}。", f"The data folder {data} cannot be used: {why}."),
        mend,
    )


def said_by_postgres(data: Path, said: str) -> Refusal:
    """What PostgreSQL itself said when it failed."""
    why = _deciding_lines(said)
    if "No space left on device" in said:
        return failure(
            "disk-full",
            Words(f"{data} 所在磁盘已满。", f"The disk of {data} is full."),
            Words("请清理磁盘后重新启动，数据不会丢失。", "Free some space and start again: nothing is lost."),
        )
    if "ermission denied" in said:
        return failure(
            "permission",
            Words(f"PostgreSQL 无权读写 {data}：{why}", f"PostgreSQL may not read or write below {data}: {why}"),
            Words(
                "请让运行它的账户能够读写该文件夹和程序。",
                "Make that folder and the program's own folder open to the account that runs it.",
            ),
        )
    return failure(
        "start",
        Words(f"PostgreSQL 未能启动：{why}", f"PostgreSQL did not start: {why}"),
        Words(f"详情见 {data}/postgres/server.log。", f"More may stand in {data}/postgres/server.log."),
    )


def _deciding_lines(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if re.search(r"FATAL|PANIC|[Ee]rror|invalid", line)]
    return " ".join(lines[-3:]) or said.strip()[-300:]
