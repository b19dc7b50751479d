"""The office's pages."""

from litestar import Router

ROUTES = Router("/", route_handlers=[])
