"""Badges open certificates: see 0052_badge_codes.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0052_badge_codes"
VERSION = "1.38.0"
DESCRIPTION = "Which badges were made, and how often each was replaced."


async def forwards() -> MigrationManager:
    """Add the table."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
