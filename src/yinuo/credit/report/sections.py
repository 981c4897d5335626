"""The sections of the official report and which kinds of record stand in which. Pure.

Source: 公共信用信息报告标准（2022年版）; sections as 信用中国 prints them.
"""

from dataclasses import dataclass

from yinuo.credit.record_kinds import BY_NAME


@dataclass(frozen=True, slots=True)
class Section:
    """One section."""

    title: str
    kinds: tuple[str, ...]
    """Of record, in their order."""

    @property
    def empty(self) -> str:
        """What is said where there is none."""
        labels = "、".join(BY_NAME[kind].label for kind in self.kinds)
        return f"没有查到{labels}记录"


SECTIONS = (
    Section("基本信息", ("registration", "history")),
    Section("行政管理", ("licence", "penalty", "inspection")),
    Section("诚实守信", ("honour",)),
    Section("严重失信", ("blacklist",)),
    Section("经营（活动）异常名录", ("listing",)),
    Section("信用承诺", ("commitment",)),
    Section("信用评价", ("grade",)),
    Section("司法判决及执行", ("judgment",)),
    Section("其他信息", ("arrears", "payment", "contract", "relation")),
)
ADVICE = "信用状况提升建议"
"""The last section: what may be done about records, said of facts alone."""
