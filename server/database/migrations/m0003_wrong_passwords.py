"""Wrong passwords have a table of their own: see 0003_wrong_passwords.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0003_wrong_passwords"
VERSION = "1.38.0"
DESCRIPTION = "Wrong passwords are counted by the name that was typed."


async def forwards() -> MigrationManager:
    """Move the count from accounts to names."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
