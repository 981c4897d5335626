"""Who may see indicators, leads and projects, and who may act on them: one place for all."""
