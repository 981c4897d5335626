"""A disk that fills up: a piece of memory, mounted where a folder lies."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(folder: Path, room: int) -> Iterator[None]:
    """Meanwhile a folder lies on a disk that has only so much room left.

    Raises `CalledProcessError` where nobody may mount anything.
    """
    aside = folder.with_name(f"{folder.name}-aside")
    folder.rename(aside)
    folder.mkdir()
    try:
        mount("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder))
        try:
            shutil.copytree(aside, folder, dirs_exist_ok=True)
            size = shutil.disk_usage(folder).used + room
            mount("mount", "-o", f"remount,size={size}", str(folder))
            yield
            shutil.rmtree(aside)
            shutil.copytree(folder, aside)
        finally:
            mount("umount", str(folder))
    finally:
        folder.rmdir()
        aside.rename(folder)


def mount(*command: str) -> None:
    """Run a command as it stands."""
    subprocess.run(command, check=True, capture_output=True, text=True)
