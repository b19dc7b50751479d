"""Judges: see 0007_judges.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0007_judges"
VERSION = "1.38.0"
DESCRIPTION = "Judges: a pool, recusals, rules for panels, proposals, invitations."


async def forwards() -> MigrationManager:
    """Create the tables of judges and their panels."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
