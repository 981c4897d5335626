"""SQLite as Django knows it, with writers that let each other in."""
