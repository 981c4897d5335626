"""What exactly was declared, and who is drawn for a check. Pure."""

import hashlib

from yinuo.cases.items.definition import Declaration
from yinuo.kernel.canonical import canonical_bytes

PERCENT = 100


def text_digest(text: Declaration) -> str:
    """SHA-256 of what was told, promised and threatened, word for word."""
    said = {
        "format": "yinuo.declaration/1",
        "version": text.version,
        "conditions": text.conditions,
        "text": text.text,
        "liability": text.liability,
    }
    return hashlib.sha256(canonical_bytes(said)).hexdigest()


def whole_text(text: Declaration) -> str:
    """The text as the applicant sees and signs it."""
    return f"告知内容：{text.conditions}\n承诺内容：{text.text}"


def lot(*, seed: str, code: str) -> str:
    """The ticket of one declaration: SHA-256 of the seed, a line end and its 承诺编码, in hex.

    The seed is `log <size> <root>`: the root of the log as it was right after the decision was
    entered. Nobody knew it before, and anybody can work it out again from the published tiles.
    """
    return hashlib.sha256(f"{seed}\n{code}".encode()).hexdigest()


def drawn(ticket: str, share: int) -> bool:
    """Whether a ticket is among the smallest `share` percent of all tickets.

    >>> drawn("00" * 32, 1), drawn("ff" * 32, 99), drawn("ff" * 32, 100)
    (True, False, True)
    """
    return int(ticket, 16) * PERCENT < share << 256
