"""Through what this installation sends, and the key from which links and codes are made."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yinuo.notices import outlets as file
from yinuo.notices.outlets import Outlets
from yinuo.notices.tokens import Secret


@lru_cache(maxsize=2)
def _outlets(path: Path, _age: int) -> Outlets:
    # Kept while the file stays as it is, because an outlet keeps its access token.
    return file.load(path)


def outlets() -> Outlets:
    """The outlets in `notices.toml`; none without the file. Raises `BadNotices`."""
    path = settings.YINUO_NOTICES
    return _outlets(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=2)
def _secret(key: str) -> Secret:
    return Secret.of(key)


def secret() -> Secret:
    """The key for links and codes of this installation."""
    return _secret(settings.SECRET_KEY)
