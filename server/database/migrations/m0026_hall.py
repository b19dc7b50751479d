"""What goes on in a hall besides marks: see 0026_hall.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0026_hall"
VERSION = "1.38.0"
DESCRIPTION = "Signals, nudges, evidence, the end of a shift."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
