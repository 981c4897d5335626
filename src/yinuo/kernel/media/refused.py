"""Why a file is not taken in."""

from yinuo.kernel.errors import YinuoError


class FileRefused(YinuoError):
    """A file is not taken in: of what it holds, or of how large it is."""

    code = "FILE-E002"

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what, next_step=next_step)


def damaged(what: str) -> FileRefused:
    """A file that is cut off or broken."""
    return FileRefused(f"{what}不完整，或者已损坏", "请打开确认能看，重新保存或导出后再上传")
