"""Live boards and photos at the ceremony: see 0027_boards.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0027_boards"
VERSION = "1.38.0"
DESCRIPTION = "Live boards, consent to photos at the ceremony."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
