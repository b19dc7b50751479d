"""What judges note beside marks: see 0070_remarks.sql."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.database.migrate import script

ID = "0070_remarks"
VERSION = "1.38.0"
DESCRIPTION = "What a judge notes beside a mark, and what they measured."


async def forwards() -> MigrationManager:
    """Add the table."""
    manager = MigrationManager(migration_id=ID, app_name="podium", description=DESCRIPTION)
    manager.add_raw(script(ID))
    return manager
