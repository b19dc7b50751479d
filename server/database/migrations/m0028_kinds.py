"""Certificates of every kind: see 0028_kinds.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0028_kinds"
VERSION = "1.38.0"
DESCRIPTION = "Certificates of every kind, their terms, and who helped."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
