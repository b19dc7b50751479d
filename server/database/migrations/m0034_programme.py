"""Announcements and the programme: see 0034_programme.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0034_programme"
VERSION = "1.38.0"
DESCRIPTION = "Announcements and the programme of a competition."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
