"""The rows of cases and building projects read as what they mean."""
