"""Retention: what is past its time is really gone, and it is known what went. Pure."""
