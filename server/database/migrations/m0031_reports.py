"""Saved views of lists, and statistics of judges and aspects: see 0031_reports.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0031_reports"
VERSION = "1.38.0"
DESCRIPTION = "Saved views, statistics of sealed events."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
