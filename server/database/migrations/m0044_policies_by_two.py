"""Policies that two people put in force: see 0044_policies_by_two.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0044_policies_by_two"
VERSION = "1.38.0"
DESCRIPTION = "Who wrote, proposed, confirmed and refused an organiser's own policy."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
