"""What can go wrong with the feed of a window system."""

from collections.abc import Iterable

from yinuo.kernel.errors import Plain, YinuoError


class BadMapping(YinuoError):
    """A table of columns and states that cannot be used."""

    code = "CASE-E800"

    def __init__(self, name: str, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "对应表不能使用：" + "；".join(f"{where} {what}" for where, what in self.faults),
            place=f"content/feeds/{name}",
            next_step="按 content/feeds/README.md 改正这个表",
        )


class UnknownSource(Plain):
    """No such window system, or none that the viewer may see."""

    code = "CASE-E801"
    status = 404
    said = "没有编号为 {place} 的窗口系统"
    step = "请核对编号，或先登记这个系统"


class WrongToken(Plain):
    """A call without the key of the source, or with another."""

    code = "CASE-E802"
    status = 401
    said = "密钥不对或没有给"
    step = "请求头写 Authorization: Bearer 密钥；遗失的由管理员换发"


class SourcePaused(Plain):
    """The source is paused: nothing is taken in."""

    code = "CASE-E803"
    status = 409
    said = "这个窗口系统的接入已暂停"
    step = "请联系主管单位恢复，事件可以之后补发"


class TooManyEvents(YinuoError):
    """More events in one call than are taken at once."""

    code = "CASE-E804"
    status = 413

    def __init__(self, found: int, most: int) -> None:
        super().__init__(
            f"一次 {found:,} 行，超过 {most:,} 行",
            place="events",
            next_step="请分批发送；同一事件重发没有影响",
        )


class UnreadableEvents(YinuoError):
    """A body or file in which no rows can be found."""

    code = "CASE-E805"

    def __init__(self, place: str, why: str) -> None:
        super().__init__(
            f"读不出事件：{why}",
            place=place,
            next_step='请发送 JSON 数组或 {"events": […]}，或 CSV、JSON Lines、xlsx 文件',
        )


class UnknownAside(Plain):
    """No such row put aside, or it was dealt with before."""

    code = "CASE-E806"
    status = 404
    said = "没有待处理的问题数据 {place}"
    step = "请刷新页面，看清还有哪些"


class NotFed(Plain):
    """A case that no window system told of."""

    code = "CASE-E807"
    status = 409
    said = "这不是窗口系统传来的办件"
    step = "请在办件页面按窗口办件办理"


class StillAside(YinuoError):
    """Replayed rows that are wrong as before."""

    code = "CASE-E808"

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"重放后仍有问题：{why}", place=code, next_step="请改正后再重放")
