"""Marks that were written on paper: see 0033_paper.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0033_paper"
VERSION = "1.38.0"
DESCRIPTION = "Sheets of paper, typed twice."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
