"""Policies of an organiser: see 0030_policies.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0030_policies"
VERSION = "1.38.0"
DESCRIPTION = "Policies of an organiser's own; publications set beforehand."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
