"""`podium faults`: what survives when something is killed; ends with 1 when anything is lost, is there twice, or breaks a chain."""

from __future__ import annotations

import click

from server.commands.figures import measured, measurements


@click.command()
@click.argument("name", required=False)
@click.pass_context
def command(ctx: click.Context, name: str | None) -> None:
    """Inject the faults NAME, or all of them one after the other, and count what was lost."""
    rows = [row for one in ([name] if name else measurements("faults")) for row in measured("faults", one)]
    ctx.exit(1 if any(row.get(what) for row in rows for what in ("lost", "duplicated", "breaks")) else 0)
