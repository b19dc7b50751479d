"""Which key signed what: see 0042_keys_used.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0042_keys_used"
VERSION = "1.38.0"
DESCRIPTION = "Which key signed the file and the credential of each certificate."


async def forwards() -> MigrationManager:
    """Add the columns."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
