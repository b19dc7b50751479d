"""Raw tables for a superuser: see 0041_raw_tables.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0041_raw_tables"
VERSION = "1.38.0"
DESCRIPTION = "Superusers, and the chain of what they see and change in raw tables."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
