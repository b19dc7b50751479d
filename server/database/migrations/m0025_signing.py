"""Tablets, PINs, signatures: see 0025_signing.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0025_signing"
VERSION = "1.38.0"
DESCRIPTION = "Tablets that the server knows, PINs of judges, signatures under sheets."


async def forwards() -> MigrationManager:
    """Add the tables."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
