"""Certificates: who gets one, its number, its printing and signing."""
