"""What this package does every day by itself, at the times that `jobs` says."""

from yinuo.notices.commands import sweeping
from yinuo.notices.registry import Due


def sweep(due: Due) -> None:
    """Delete messages that were kept long enough, and dead links."""
    sweeping.sweep(at=due.at)
