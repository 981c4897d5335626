"""What sending events takes in this installation: where they may go, keys, the name of the log."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yinuo.api.commands.delivering import Means
from yinuo.api.hooks import networks
from yinuo.api.hooks.networks import Networks
from yinuo.api.hooks.posting import Poster
from yinuo.api.hooks.signing import Keys


@lru_cache(maxsize=2)
def _networks(path: Path, _age: int) -> Networks:
    return networks.load(path)


def keys() -> Keys:
    """The key from which those of subscriptions are made."""
    return Keys.of(settings.SECRET_KEY)


def means() -> Means:
    """Everything the worker needs. Raises `BadHooks`."""
    path = settings.HOME / networks.FILE
    found = _networks(path, path.stat().st_mtime_ns if path.exists() else 0)
    return Means(poster=Poster(found), keys=keys(), origin=settings.YINUO_ORIGIN)
