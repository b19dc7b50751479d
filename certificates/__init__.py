"""The paper: turns frozen values (strings and dates) into signed PDF files, and tells genuine files from others.

Knows no web, no database and no scoring. `python -m certificates` prints from JSON.
"""
