"""`podium demo`: a whole competition, from the delegations' workbooks to verified certificates, over the real HTTP API."""

from server.demo.command import command

__all__ = ["command"]
