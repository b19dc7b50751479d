"""The office is tested on the same site as the server's stages."""

from tests.server.conftest import presses, site

__all__ = ["presses", "site"]
