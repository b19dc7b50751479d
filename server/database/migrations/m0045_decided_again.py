"""What is decided again: see 0045_decided_again.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0045_decided_again"
VERSION = "1.38.0"
DESCRIPTION = "What the floor wrote down, corrected; decisions on promotions, taken back."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
