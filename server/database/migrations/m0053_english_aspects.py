"""Aspects with an English name: see 0053_english_aspects.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0053_english_aspects"
VERSION = "1.38.0"
DESCRIPTION = "An aspect may have an English name."


async def forwards() -> MigrationManager:
    """Add the column."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
