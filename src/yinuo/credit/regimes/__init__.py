"""Publicity, objection, repair and sharing of credit records: dated rules and four states."""
