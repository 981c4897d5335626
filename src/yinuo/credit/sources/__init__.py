"""Sources that need code: what this city's own work says about whom. Pure."""
