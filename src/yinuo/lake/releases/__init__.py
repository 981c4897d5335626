"""Releases: states of the lake of which readers see one at a time."""
