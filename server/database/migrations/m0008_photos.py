"""Photos of competitors have a table: see 0008_photos.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0008_photos"
VERSION = "1.38.0"
DESCRIPTION = "Photos of competitors, sealed; the newest of a person counts."


async def forwards() -> MigrationManager:
    """Add the table."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
