"""Who may see items, cases, problems and building projects, and who may act on them."""
