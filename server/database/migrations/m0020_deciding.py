"""Promotions that people decide: see 0020_deciding.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0020_deciding"
VERSION = "1.38.0"
DESCRIPTION = "Decisions on promotions that the policy leaves to people."


async def forwards() -> MigrationManager:
    """Add the table."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
