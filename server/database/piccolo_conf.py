"""Where Piccolo finds the engine and the one migration app of Podium."""

from __future__ import annotations

import contextlib
from types import TracebackType

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

PLANNED = {"plan_cache_mode": "force_custom_plan"}
"""Each statement is planned with its values. A plan that PostgreSQL keeps is one of the moment in which it was made: on the first
day of an installation that is an empty ledger, for which walking an event's whole chain looks as cheap as its index."""


class Transaction(PostgresTransaction):
    """Piccolo's, which gives its connection back however it begins and ends: where BEGIN or COMMIT is refused or cut short, Piccolo
    keeps it for ever, and a pool with such a connection never closes."""

    async def __aenter__(self) -> PostgresTransaction:
        try:
            return await super().__aenter__()
        except BaseException:  # also an interrupt or a cancellation: the connection is already ours
            await self._give_back()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        try:
            return await super().__aexit__(kind, error, trace)
        except BaseException:  # also an interrupt or a cancellation: the connection is still ours
            await self._give_back()
            raise

    async def _give_back(self) -> None:
        held = getattr(self, "connection", None)
        if self._parent is not None or held is None:
            return
        # It was not said to go on yet, or no more, or was begun in another context.
        with contextlib.suppress(AttributeError, RuntimeError, ValueError):
            self.engine.current_transaction.reset(self.context)
        if self.engine.pool:
            await self.engine.pool.release(held)  # nothing, where it was given back already


class Engine(PostgresEngine):
    """The engine of every table; it learns its database when the program starts, not when it is imported."""

    async def check_version(self) -> None:
        """Piccolo asks the server at import; at that moment there is none."""

    def transaction(self, allow_nested: bool = True) -> PostgresTransaction:
        """A transaction, or the one that is going on."""
        return Transaction(engine=self, allow_nested=allow_nested)

    async def connect(self, dsn: str, connections: int = 20) -> None:
        """Open the pool on `dsn`."""
        self.config["dsn"] = dsn
        await self.start_connection_pool(min_size=1, max_size=connections, server_settings=PLANNED)

    async def disconnect(self) -> None:
        """Close the pool."""
        await self.close_connection_pool()


DB = Engine(config={}, extensions=())

APP_REGISTRY = AppRegistry(apps=["server.database.piccolo_app"])
