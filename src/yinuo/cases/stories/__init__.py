"""What happened to a case, a problem or a building project, told from its entries."""
