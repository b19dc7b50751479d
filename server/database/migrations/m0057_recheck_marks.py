"""Which mark a re-check found wrong: see 0057_recheck_marks.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0057_recheck_marks"
VERSION = "1.38.0"
DESCRIPTION = "The mark that a re-check found wrong."


async def forwards() -> MigrationManager:
    """Add the column."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
