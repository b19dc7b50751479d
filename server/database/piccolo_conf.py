"""Where Piccolo finds the engine and the one migration app of Podium."""

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine

PLANNED = {"plan_cache_mode": "force_custom_plan"}
"""Each statement is planned with its values. A plan that PostgreSQL keeps is one of the moment in which it was made: on the first
day of an installation that is an empty ledger, for which walking an event's whole chain looks as cheap as its index."""


class Engine(PostgresEngine):
    """The engine of every table; it learns its database when the program starts, not when it is imported."""

    async def check_version(self) -> None:
        """Piccolo asks the server at import; at that moment there is none."""

    async def connect(self, dsn: str, connections: int = 20) -> None:
        """Open the pool on `dsn`."""
        self.config["dsn"] = dsn
        await self.start_connection_pool(min_size=1, max_size=connections, server_settings=PLANNED)

    async def disconnect(self) -> None:
        """Close the pool."""
        await self.close_connection_pool()


DB = Engine(config={}, extensions=())

APP_REGISTRY = AppRegistry(apps=["server.database.piccolo_app"])
