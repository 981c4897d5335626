"""Where the shipped content lies: calendars, plans, tables."""

from pathlib import Path

from yinuo.kernel.errors import YinuoError

_PACKAGE = Path(__file__).resolve().parents[1]


class ContentMissing(YinuoError):
    """Neither the installed package nor the checkout holds a content folder."""

    code = "CONTENT-E001"
    status = 500

    def __init__(self, looked: tuple[Path, ...]) -> None:
        super().__init__(
            f"找不到内容目录，查找过：{'、'.join(str(path) for path in looked)}",
            next_step="重新安装 yinuo，或在完整的源码目录中运行",
        )


def content_dir() -> Path:
    """The folder of shipped content: `yinuo/shipped` of a wheel, else the checkout's `content/`.

    Raises `ContentMissing` where neither exists.
    """
    looked = (_PACKAGE / "shipped", _PACKAGE.parents[1] / "content")
    for path in looked:
        if path.is_dir():
            return path
    raise ContentMissing(looked)


def content_file(*parts: str, own: Path) -> Path:
    """A file of content: the city's own under `own` where it has one, else the shipped one.

    `parts` lead to it from the content folder, such as `"rosters", "sources.csv"`. The file need
    not exist. Raises `ContentMissing`.
    """
    chosen = own.joinpath(*parts)
    return chosen if chosen.is_file() else content_dir().joinpath(*parts)
