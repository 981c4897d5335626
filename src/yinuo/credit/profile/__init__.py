"""Figures of each entity, counted from facts by rules that stand in a table; no opinion in them."""
