"""What answers questions in this process: provided by the package that knows the content."""

from collections.abc import Callable

from yinuo.credit.queries.asking import Asking
from yinuo.kernel.errors import YinuoError

_makers: list[Callable[[], Asking]] = []


class NobodyAnswers(YinuoError):
    """No package provided what questions are answered with."""

    code = "CREDIT-E180"
    status = 503

    def __init__(self) -> None:
        super().__init__("没有装好信用应用", place="信用应用", next_step="请管理员查看安装")


def provide(make: Callable[[], Asking]) -> None:
    """Let `make` give what questions are answered with; the last one provided is asked."""
    _makers[:] = [make]


def asking() -> Asking:
    """What questions are answered with, as of now. Raises `NobodyAnswers`."""
    if not _makers:
        raise NobodyAnswers
    return _makers[0]()
