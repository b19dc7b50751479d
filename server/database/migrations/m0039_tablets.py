"""How tablets are doing, and who signed on paper: see 0039_tablets.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0039_tablets"
VERSION = "1.38.0"
DESCRIPTION = "How tablets are doing; signatures on paper."


async def forwards() -> MigrationManager:
    """Add the columns."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
