"""Credentials and their keys: see 0023_credentials.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0023_credentials"
VERSION = "1.38.0"
DESCRIPTION = "Credentials, their keys and status."


async def forwards() -> MigrationManager:
    """Add the table and the columns."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
