"""Characters that an organiser has given: see 0048_characters.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0048_characters"
VERSION = "1.38.0"
DESCRIPTION = "Outlines of characters that no face draws."


async def forwards() -> MigrationManager:
    """Add the table."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
