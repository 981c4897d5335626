"""How lists of cases are cut so that a million of them are never sorted."""
