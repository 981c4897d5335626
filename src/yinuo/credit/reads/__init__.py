"""Who looked at whose credit records, when and for what: a chain of lines in files."""
