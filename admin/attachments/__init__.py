"""Attachments of entries: a certificate, a proof of social security, as PDF or picture, checked before anything is kept.

The functions run in a worker with limits (`admin.sheets.worker`).
"""
