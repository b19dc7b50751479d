"""The first migration: see 0001_corridor.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0001_corridor"
VERSION = "1.38.0"
DESCRIPTION = "The corridor: one competition from a workbook to a verified certificate."


async def forwards() -> MigrationManager:
    """Create every table of the corridor."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
