"""Templates of an organiser's own: see 0035_own_templates.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0035_own_templates"
VERSION = "1.38.0"
DESCRIPTION = "Certificates in an organiser's own templates."


async def forwards() -> MigrationManager:
    """Add the table."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
