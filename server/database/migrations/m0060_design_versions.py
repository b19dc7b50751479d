"""Designs as they stood when they were used: see 0060_design_versions.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0060_design_versions"
VERSION = "1.38.0"
DESCRIPTION = "Versions of our designs, and what a certificate's file was before it was signed."


async def forwards() -> MigrationManager:
    """Add the table and the columns."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
