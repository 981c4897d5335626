"""What this package does every day by itself, at the times that `jobs` says."""

from yinuo.api.commands import delivering
from yinuo.notices.registry import Due


def sweep(due: Due) -> None:
    """Delete the rows of events that were taken long ago."""
    delivering.sweep(at=due.at)
