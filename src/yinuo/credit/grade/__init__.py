"""Grades by a published point table: every point has its record, reason, basis and end."""
