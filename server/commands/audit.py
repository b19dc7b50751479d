"""`podium audit verify`: walks the ledgers of marks and decisions and names every row that does not hold."""

from __future__ import annotations

import asyncio
import os

import asyncpg
import click

from scoring.verdict import Words
from server import settings
from server.audit import Audit, Break, Recount, verify
from server.database.opening import opened
from server.terminal import spoken

LEDGERS = {
    "mark": "打分",
    "decision": "决定",
    "snapshot": "公示",
    "signature": "签字",
    "evidence": "照片",
    "raw": "原始数据表操作",
    "policy": "规则",
}


@click.group()
def command() -> None:
    """Check the ledgers."""


@command.command("verify")
def verify_command() -> None:
    """Check every row of both ledgers; exits with 1 and names the rows when one does not hold."""
    with opened(settings.load(os.environ)) as dsn:
        audit = asyncio.run(_verify(dsn))
    for found in audit.breaks:
        click.echo(spoken(told(found)))
    for device in audit.recounted:
        click.echo(spoken(recounted(device)))
    checked = Words(
        f"已核验打分 {audit.marks} 行、决定 {audit.decisions} 行、原始数据表操作 {audit.raw} 行、规则操作 {audit.policies} 行，",
        f"Checked {audit.marks} marks, {audit.decisions} decisions, {audit.raw} acts in raw tables and {audit.policies} acts on policies: ",
    )
    end = (
        Words(f"{len(audit.breaks)} 处不符。", f"{len(audit.breaks)} breaks.")
        if audit.breaks
        else Words("全部吻合。", "every row holds.")
    )
    click.echo(spoken(Words(checked.zh + end.zh, checked.en + end.en)))
    raise SystemExit(1 if audit.breaks else 0)


def told(found: Break) -> Words:
    """A break as a line: which ledger, which chain, which row, what is wrong."""
    ledger = LEDGERS[found.ledger]
    place = f"{found.chain} #{found.sequence} {found.row}".rstrip()
    return Words(f"{ledger}记录 {place}：{found.why}", f"{found.ledger} {place}: {found.why}")


def recounted(found: Recount) -> Words:
    """A device that counted twice as a line. It is for a person to look into, and no break."""
    place = f"{found.event} #{found.sequence}"
    return Words(
        f"请留意 {place}：设备 {found.device} 有 {found.counters} 个流水号用在了不止一个分数上。清空过、重装过或两台同名都会这样；也可能有人仿冒。",
        f"Look at {place}: device {found.device} used {found.counters} of its counters for more than one mark. "
        "One that was emptied or set up anew does so, and two of one name; or somebody forged it.",
    )


async def _verify(dsn: str) -> Audit:
    connection = await asyncpg.connect(dsn)
    try:
        return await verify(connection)
    finally:
        await connection.close()
