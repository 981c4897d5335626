"""What can be wrong with a paper, and with the template it is to fill."""

from collections.abc import Iterable

from yinuo.kernel.errors import Plain, YinuoError


class PaperInvalid(YinuoError):
    """A paper that breaks the format, with every fault and the place it stands in."""

    code = "PAPER-E001"

    def __init__(self, title: str, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "；".join(f"{field}{what}" for field, what in self.faults),
            place=title or "公文",
            next_step="请改正后重新生成",
        )


class TemplateRefused(YinuoError):
    """A Word template that cannot be filled: what it is instead, or which places are wrong."""

    code = "PAPER-E002"

    def __init__(self, name: str, what: str, next_step: str) -> None:
        super().__init__(what, place=name, next_step=next_step)


class NoGlyph(YinuoError):
    """The faces for PDF lack characters that stand in a paper; they would print as boxes."""

    code = "PAPER-E003"

    def __init__(self, title: str, characters: Iterable[str]) -> None:
        self.characters = tuple(characters)
        named = "、".join(f"{each}（U+{ord(each):04X}）" for each in self.characters)
        super().__init__(
            f"PDF 字体里没有这些字：{named}",
            place=title,
            next_step="请改用 Word 版；或把含有这些字的 .ttf、.otf 字体放进 PDF 字体目录",
        )


class FontsMissing(Plain):
    """No face for PDF lies where the installation says."""

    code = "PAPER-E004"
    status = 500
    said = "没有可用来排 PDF 的字体"
    step = "请重新安装，或在这个目录里放一套宋体（.ttf 或 .otf）"


class SeriesInvalid(YinuoError):
    """A 机关代字 that is not made of Han characters alone."""

    code = "PAPER-E005"

    def __init__(self, series: str) -> None:
        super().__init__(
            f"机关代字“{series}”不合格式",
            place="发文字号",
            next_step="机关代字只用汉字，最多 20 个，如 大政督",
        )
