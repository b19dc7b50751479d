"""`podium bench NAME`: how fast something is, on this machine."""

from __future__ import annotations

import click

from server.commands.figures import measured, measurements


@click.command()
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Measure NAME and show a table, then the same figures as one JSON object. Without NAME: tell what there is."""
    if name is None:
        click.echo("\n".join(measurements("bench")))
    else:
        measured("bench", name)
