"""What an issuer is called in English: see 0067_issuer_in_english.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0067_issuer_in_english"
VERSION = "1.38.0"
DESCRIPTION = "The issuer's name in English."


async def forwards() -> MigrationManager:
    """Add the column."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
