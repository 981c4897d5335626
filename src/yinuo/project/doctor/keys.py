"""Files that only their owner may read."""

from collections.abc import Iterable
from pathlib import Path

from yinuo.project.doctor.finding import Seen, bad, well

OTHERS = 0o077


def secrets(files: Iterable[tuple[str, Path]]) -> list[Seen]:
    """One for each file that is there, by the words for it."""
    return [_secret(what, path) for what, path in files if path.exists()]


def _secret(what: str, path: Path) -> Seen:
    mode = path.stat().st_mode & 0o777
    if mode & OTHERS:
        return bad(
            "secret",
            str(path),
            f"{what}的权限是 {mode:o}，别的用户也能读或写",
            f"请运行 chmod 600 {path}；若可能已被人看过，请更换",
        )
    return well("secret", str(path), f"{what}只有它的主人能读")
