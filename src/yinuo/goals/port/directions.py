"""Import and export, which never stand in one series."""

from enum import StrEnum


class Direction(StrEnum):
    """As the log and the law have them."""

    IMPORT = "进口"
    EXPORT = "出口"


ENGLISH = {Direction.IMPORT: "Import", Direction.EXPORT: "Export"}
SLUGS = {Direction.IMPORT: "import", Direction.EXPORT: "export"}
"""How an address names them."""
