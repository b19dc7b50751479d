"""Keys that an organiser brings: see 0038_brought_keys.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0038_brought_keys"
VERSION = "1.38.0"
DESCRIPTION = "Keys that an organiser brings, and authorities whose time stamps are believed."


async def forwards() -> MigrationManager:
    """Add the columns and the table."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
