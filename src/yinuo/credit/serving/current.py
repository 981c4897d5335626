"""The release that readers see now, kept open until the pointer names another."""

from pathlib import Path
from threading import Lock

from yinuo.credit.serving.reading import Serving
from yinuo.kernel.errors import YinuoError
from yinuo.lake.releases.release import RELEASES, pointed


class NothingPublished(YinuoError):
    """There is no release yet."""

    code = "CREDIT-E044"
    status = 404

    def __init__(self, lake: Path) -> None:
        step = "先发布一版：yinuo credit run 或 yinuo credit publish"
        super().__init__("还没有发布过数据版本", place=str(lake), next_step=step)


class Current:
    """One for a process; any number of threads may ask it."""

    def __init__(self, lake: Path) -> None:
        self._lake = lake
        self._lock = Lock()
        self._serving: Serving | None = None

    def serving(self) -> Serving:
        """The current release. Whoever has one keeps it as it is, to the end of the request.

        An old one closes by itself when nobody reads it any more.
        Raises `NothingPublished`, `ReleaseMissing`, `ReleaseDamaged`.
        """
        name = pointed(self._lake)
        if name is None:
            raise NothingPublished(self._lake)
        with self._lock:
            if self._serving is None or self._serving.release.id != name:
                self._serving = Serving(self._lake / RELEASES / name)
            return self._serving
