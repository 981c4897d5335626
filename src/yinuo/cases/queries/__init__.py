"""Every read of items, cases and what belongs to them."""
