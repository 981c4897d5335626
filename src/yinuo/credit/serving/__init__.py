"""Serving: all facts of one entity from the release's read-only file. Pure."""
