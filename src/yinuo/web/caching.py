"""For how long browsers may keep an answer."""

FOR_EVER = "public, max-age=31536000, immutable"
"""What stands at this address never changes."""
ASK_AGAIN = "no-cache"
