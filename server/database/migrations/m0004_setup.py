"""What setting up a competition needs: see 0004_setup.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0004_setup"
VERSION = "1.38.0"
DESCRIPTION = "Registration's window and steps, places, shifts, and an organiser's own occupations."


async def forwards() -> MigrationManager:
    """Add the columns and the two tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
