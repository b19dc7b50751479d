"""Delegations, entries and their members."""
