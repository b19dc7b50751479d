"""`podium rules …`: asks the rules with files alone, without a database; for auditors."""

from __future__ import annotations

import click

from scoring.__main__ import main


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Ask the rules: JSON in, JSON out. Without arguments: what can be asked."""
    raise SystemExit(main(arguments))
