"""What a browser calls itself, in two words."""

NAMES = (
    ("MicroMessenger/", "微信"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first that is found: most browsers claim to be others too."""
SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_words(agent: str) -> str:
    """Browser and system; what is unknown stands as it is, cut after 40 characters.

    >>> browser_words("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537 Edg/120")
    'Edge · Windows'
    >>> browser_words("curl/8.5.0")
    'curl/8.5.0'
    """
    found = [
        next((word for mark, word in words if mark in agent), "") for words in (NAMES, SYSTEMS)
    ]
    return " · ".join(filter(None, found)) if found[0] else agent[:40]
