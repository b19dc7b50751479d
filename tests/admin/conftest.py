"""The office is tested on the same site as the server's stages."""

from tests.server.conftest import site

__all__ = ["site"]
