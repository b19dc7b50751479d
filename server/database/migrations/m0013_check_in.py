"""Who has arrived: see 0013_check_in.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0013_check_in"
VERSION = "1.38.0"
DESCRIPTION = "Who has arrived at a competition."


async def forwards() -> MigrationManager:
    """Add the table."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
