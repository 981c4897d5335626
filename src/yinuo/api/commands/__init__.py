"""Every change of what leaves by the API."""
