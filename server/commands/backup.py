"""`podium backup FILE`: the whole installation in one file, also while marks arrive."""

from __future__ import annotations

import os
from pathlib import Path

import click

from scoring.verdict import Words
from server import settings
from server.backup import back_up
from server.terminal import spoken


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Back the database, the certificates and the key up into FILE, which must not exist yet. Keep it secret."""
    manifest = back_up(settings.load(os.environ, make_key=False), file)
    size, count = file.stat().st_size, len(manifest.members)
    click.echo(
        spoken(
            Words(
                f"已备份到 {file}（{count} 个文件，{size:,} 字节）。",
                f"Backed up into {file} ({count} files, {size:,} bytes).",
            )
        )
    )
