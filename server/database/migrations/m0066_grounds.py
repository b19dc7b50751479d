"""Why a certificate is out of force, in public: see 0066_grounds.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0066_grounds"
VERSION = "1.38.0"
DESCRIPTION = "The published ground of a revocation."


async def forwards() -> MigrationManager:
    """Add the column."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
