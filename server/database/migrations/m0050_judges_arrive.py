"""Judges check in at the door: see 0050_judges_arrive.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0050_judges_arrive"
VERSION = "1.38.0"
DESCRIPTION = "A check-in is of a member or of a judge."


async def forwards() -> MigrationManager:
    """Add the column."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
