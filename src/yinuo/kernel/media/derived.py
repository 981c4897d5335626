"""Copies of pictures, made at the first request and kept; they can be deleted at any time."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from yinuo.kernel.durable import whole_or_not
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.media.pictures import public_copy, thumbnail


class Copy(StrEnum):
    """What is made of a picture; the number goes up when it is made differently."""

    THUMBNAIL = "thumbnail.1.webp"
    PUBLIC = "public.1.jpg"


MAKE: dict[Copy, Callable[[BinaryIO], bytes]] = {
    Copy.THUMBNAIL: thumbnail,
    Copy.PUBLIC: public_copy,
}
MEDIA_TYPES = {Copy.THUMBNAIL: "image/webp", Copy.PUBLIC: "image/jpeg"}


@dataclass(frozen=True)
class Derived:
    """The folder of copies, beside the store of the originals."""

    root: Path

    def path(self, digest: str, copy: Copy) -> Path:
        """Where the copy of an original lies, whether it was made or not."""
        return self.root / digest[:2] / f"{digest}.{copy}"

    def open(self, digest: str, copy: Copy, *, store: FileStore) -> BinaryIO:
        """The copy of an accepted picture, made now if need be. Raises `FileMissing`."""
        path = self.path(digest, copy)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with store.open(digest) as original:
                made = MAKE[copy](original)
            with whole_or_not(path) as file:
                file.write(made)
        return path.open("rb")

    def sweep(self, kept: AbstractSet[str], *, only_tell: bool = False) -> tuple[Path, ...]:
        """Remove the copies of all other originals and return them."""
        gone = tuple(
            path
            for path in sorted(self.root.glob("??/*"))
            if path.name.lstrip(".")[:64] not in kept
        )
        for path in () if only_tell else gone:
            path.unlink(missing_ok=True)
        return gone
