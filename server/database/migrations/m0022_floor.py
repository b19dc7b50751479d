"""Who did not come or gave up: see 0022_floor.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0022_floor"
VERSION = "1.38.0"
DESCRIPTION = "What the floor writes down about entries."


async def forwards() -> MigrationManager:
    """Add the table."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
