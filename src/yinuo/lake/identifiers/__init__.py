"""Identifiers of firms and persons checked by the million: each distinct value once."""
