"""Designs of certificates by kind: see 0010_designs.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0010_designs"
VERSION = "1.38.0"
DESCRIPTION = "Which design each kind of certificate has."


async def forwards() -> MigrationManager:
    """Add the columns."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
