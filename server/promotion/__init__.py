"""Promotions and skill records."""
