"""The ledgers cannot be emptied: see 0002_ledgers.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0002_ledgers"
VERSION = "1.38.0"
DESCRIPTION = "Ledgers only grow, also by TRUNCATE."


async def forwards() -> MigrationManager:
    """Refuse TRUNCATE on the ledgers."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
