"""Outgoing events: what they say, how they are signed, where they may go. Pure."""
