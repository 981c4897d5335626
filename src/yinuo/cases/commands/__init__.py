"""Every change of items, cases and what belongs to them."""
