"""`podium restore FILE`: a backup back into an empty data folder."""

from __future__ import annotations

import os
from pathlib import Path

import click

from scoring.verdict import Words
from server import settings
from server.restore import restore
from server.terminal import spoken


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Restore the backup FILE into an empty data folder (PODIUM_DATA) and an empty database."""
    told = settings.load(os.environ, make_key=False)
    manifest = restore(told, file)
    click.echo(
        spoken(
            Words(
                f"已从 {manifest.made_at} 的备份恢复到 {told.data}。",
                f"Restored the backup of {manifest.made_at} into {told.data}.",
            )
        )
    )
