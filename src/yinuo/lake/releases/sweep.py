"""Releases that nobody needs any more."""

import shutil
from datetime import datetime
from pathlib import Path

from yinuo.lake.releases.lock import held
from yinuo.lake.releases.release import RELEASES, current, releases
from yinuo.lake.workplace import PART
from yinuo.lake.workplace import sweep as sweep_parts


def sweep(lake: Path, *, keep: int, at: datetime, only_tell: bool = False) -> tuple[str, ...]:
    """Remove all releases but the current one, the newest `keep`, and the layers under these.

    Returns the ids of those removed; with `only_tell` nothing is removed. Whoever still reads one
    keeps it until it is closed: its file is open. Raises `Busy`, `ReleaseDamaged`.
    """
    with held(lake, "清理旧数据版本", at):
        if not only_tell:
            sweep_parts(lake / RELEASES)
        found = releases(lake)
        kept = [*found[len(found) - keep :]] if keep else []
        if (now := current(lake)) is not None:
            kept.append(now)
        needed = {layer for release in kept for layer in release.layers}
        gone = [release for release in found if release.id not in needed]
        for release in () if only_tell else gone:
            # Out of sight first: killed here, a half removed one is nobody's release.
            hidden = release.folder.with_name(f".{release.id}.gone{PART}")
            release.folder.rename(hidden)
            shutil.rmtree(hidden)
    return tuple(release.id for release in gone)
