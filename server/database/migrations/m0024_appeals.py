"""Appeals and what a ruling changes: see 0024_appeals.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0024_appeals"
VERSION = "1.38.0"
DESCRIPTION = "Appeals, corrections after the seal, superseded results."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
