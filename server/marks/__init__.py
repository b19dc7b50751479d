"""Panels, sheets, and the mark ledger with its write path."""
