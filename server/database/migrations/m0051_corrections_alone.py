"""Corrections without an appeal: see 0051_corrections_alone.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0051_corrections_alone"
VERSION = "1.38.0"
DESCRIPTION = "Why a correction was turned down."


async def forwards() -> MigrationManager:
    """Add the columns."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
