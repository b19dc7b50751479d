"""Competitors' photos: opened from a ZIP or as single files, checked, made alike, and matched to people.

Nothing that somebody sent is kept as it came: a photo is decoded and written anew, so that neither a place on the map
nor a program hidden behind a picture gets in. The functions run in a worker with limits (`admin.sheets.worker`).
"""
