"""Organisers' own targets by city and year: see 0055_targets.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0055_targets"
VERSION = "1.38.0"
DESCRIPTION = "Targets of the plan's indicators by city and year."


async def forwards() -> MigrationManager:
    """Add the table."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
