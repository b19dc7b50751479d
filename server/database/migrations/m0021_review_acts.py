"""What was decided about entries: see 0021_review_acts.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0021_review_acts"
VERSION = "1.38.0"
DESCRIPTION = "What was decided about entries in their review."


async def forwards() -> MigrationManager:
    """Add the table."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
