"""A stand-in for the province's identity platform, for demos and tests on this machine alone."""
