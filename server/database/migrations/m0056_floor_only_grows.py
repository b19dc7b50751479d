"""What the floor wrote down only grows: see 0056_floor_only_grows.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0056_floor_only_grows"
VERSION = "1.38.0"
DESCRIPTION = "Floor statuses are only ever added, and corrected by two."


async def forwards() -> MigrationManager:
    """Add the triggers, the check and the index."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
