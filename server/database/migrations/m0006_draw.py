"""Draws in public, with sealed layers: see 0006_draw.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0006_draw"
VERSION = "1.38.0"
DESCRIPTION = "Supervisors commit and reveal; a draw may be held again; layers are sealed for their custodians."


async def forwards() -> MigrationManager:
    """Give draws versions, ceremonies, witnesses, custodians and sealed layers."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
