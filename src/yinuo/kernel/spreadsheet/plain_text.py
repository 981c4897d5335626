"""Text for a file that a spreadsheet will open."""


def plain_text(text: str) -> str:
    """The text, which no spreadsheet takes for a formula: one that looks so begins with '.

    >>> plain_text("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
