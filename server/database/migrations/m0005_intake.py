"""Workbooks are previewed before they are stored: see 0005_intake.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0005_intake"
VERSION = "1.38.0"
DESCRIPTION = "Intakes are previewed, accepted and undone; headings are explained once."


async def forwards() -> MigrationManager:
    """Give intakes a state and what it takes to undo them."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
