"""Accounts, sessions and persons."""
