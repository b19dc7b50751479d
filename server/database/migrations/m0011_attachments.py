"""What has to be attached to an entry, and what was: see 0011_attachments.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0011_attachments"
VERSION = "1.38.0"
DESCRIPTION = "Attachments."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
