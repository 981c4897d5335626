"""How far what is counted and found lags behind the log."""

from yinuo.commitments.projected import place


def public_behind(*, size: int) -> int:
    """Of a log with so many sealed entries, how many counts and search do not know yet.

    Pages are exact all the same, but slower the more there are.
    """
    return max(0, size - place())
