"""The column sets of 双公示: licences and penalties, the set in use since 2018 and the one before.

Sources: the 2018 data standard as four implementations agree on it, and the set of 2015/16; see
docs of the sources in content/sources/licence.toml and penalty.toml, which read both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Decision(StrEnum):
    """What is published; the value is the kind of record, and the name of the source."""

    LICENCE = "licence"
    PENALTY = "penalty"


class Shown(StrEnum):
    """Whether a column leaves the house."""

    PUBLIC = "public"
    MASKED = "masked"
    """The middle is hidden: numbers of natural persons."""
    NEVER = "never"
    """Papers of representatives."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the standard."""

    code: str
    """As tables and files of the platforms name it."""
    title: str
    """As templates name it; in the old set there is none."""
    field: str
    """Of our records; empty where we hold nothing of the kind."""
    shown: Shown = Shown.PUBLIC


def _party(of: str) -> tuple[Column, ...]:
    """The thirteen columns that say of whom a decision is, alike in both."""
    rows = (
        ("XDR_MC", "行政相对人名称", "name"),
        ("XDR_LB", "行政相对人类别", "subject_kind"),
        ("XDR_SHXYM", "行政相对人代码_1(统一社会信用代码)", "uscc"),
        ("XDR_GSZC", "行政相对人代码_2(工商注册号)", "reg"),
        ("XDR_ZZJG", "行政相对人代码_3(组织机构代码)", "org"),
        ("XDR_SWDJ", "行政相对人代码_4(税务登记号)", "tax"),
        ("XDR_SYDW", "行政相对人代码_5(事业单位证书号)", "institution_number"),
        ("XDR_SHZZ", "行政相对人代码_6(社会组织登记证号)", "association_number"),
        ("FRDB", "法定代表人", "legal_representative"),
        ("FR_ZJLX", "法定代表人证件类型", "representative_document"),
        ("FR_ZJHM", "法定代表人证件号码", "representative_number"),
        ("XDR_ZJLX", "证件类型", "document_kind"),
        ("XDR_ZJHM", "证件号码", "rid"),
    )
    shown = {
        "representative_document": Shown.NEVER,
        "representative_number": Shown.NEVER,
        "rid": Shown.MASKED,
    }
    return tuple(
        Column(code=f"{of}_{code}", title=title, field=field, shown=shown.get(field, Shown.PUBLIC))
        for code, title, field in rows
    )


def _columns(*rows: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(code=code, title=title, field=field) for code, title, field in rows)


NEW: Mapping[Decision, tuple[Column, ...]] = MappingProxyType(
    {
        Decision.LICENCE: (
            *_party("XK"),
            *_columns(
                ("XK_XKWS", "行政许可决定文书名称", "title"),
                ("XK_WSH", "行政许可决定文书号", "document"),
                ("XK_XKLB", "许可类别", "class"),
                ("XK_XKZS", "许可证书名称", "certificate"),
                ("XK_XKBH", "许可编号", "certificate_number"),
                ("XK_NR", "许可内容", "permitted"),
                ("XK_JDRQ", "许可决定日期", "decided_on"),
                ("XK_YXQZ", "有效期自", "valid_from"),
                ("XK_YXQZI", "有效期至", "valid_until"),
                ("XK_XKJG", "许可机关", "authority"),
                ("XK_XKJGDM", "许可机关统一社会信用代码", "authority_code"),
                ("XK_ZT", "当前状态", "state"),
                ("XK_LYDW", "数据来源单位", "source_unit"),
                ("XK_LYDWDM", "数据来源单位统一社会信用代码", "source_unit_code"),
                ("BZ", "备注", "remark"),
            ),
        ),
        Decision.PENALTY: (
            *_party("CF"),
            *_columns(
                ("CF_WSH", "行政处罚决定书文号", "document"),
                ("CF_WFXW", "违法行为类型", "breach"),
                ("CF_SY", "违法事实", "facts"),
                ("CF_YJ", "处罚依据", "basis"),
                ("CF_CFLB", "处罚类别", "class"),
                ("CF_NR", "处罚内容", "decision"),
                ("CF_NR_FK", "罚款金额（万元）", "fine"),
                (
                    "CF_NR_WFFF",
                    "没收违法所得、没收非法财物的金额（万元）",
                    "confiscated",
                ),
                ("CF_NR_ZKDX", "暂扣或吊销证照名称及编号", "suspended"),
                ("CF_JDRQ", "处罚决定日期", "decided_on"),
                ("CF_YXQ", "处罚有效期", "valid_until"),
                ("CF_GSJZQ", "公示截止期", "public_until"),
                ("CF_CFJG", "处罚机关", "authority"),
                ("CF_CFJGDM", "处罚机关统一社会信用代码", "authority_code"),
                ("CF_ZT", "当前状态", "state"),
                ("CF_SJLY", "数据来源单位", "source_unit"),
                ("CF_SJLYDM", "数据来源单位统一社会信用代码", "source_unit_code"),
                ("BZ", "备注", "remark"),
            ),
        ),
    }
)
"""The set of 2018 and later."""

OLD: Mapping[Decision, Mapping[str, str]] = MappingProxyType(
    {
        Decision.LICENCE: MappingProxyType(
            {
                "XK_WSH": "document",
                "XK_XMMC": "title",
                "XK_SPLB": "class",
                "XK_NR": "permitted",
                "XK_XDR": "name",
                "XK_XDR_SHXYM": "uscc",
                "XK_XDR_ZDM": "org",
                "XK_XDR_GSDJ": "reg",
                "XK_XDR_SWDJ": "tax",
                "XK_XDR_SFZ": "rid",
                "XK_FR": "legal_representative",
                "XK_JDRQ": "decided_on",
                "XK_JZQ": "valid_until",
                "XK_XZJG": "authority",
                "XK_ZT": "state",
                "DFBM": "",
                "SJC": "",
                "BZ": "remark",
            }
        ),
        Decision.PENALTY: MappingProxyType(
            {
                "CF_WSH": "document",
                "CF_CFMC": "case_name",
                "CF_BM": "unit_code",
                "CF_CFLB1": "class",
                "CF_CFLB2": "second_class",
                "CF_SY": "facts",
                "CF_YJ": "basis",
                "CF_XDR_MC": "name",
                "CF_XDR_SHXYM": "uscc",
                "CF_XDR_ZDM": "org",
                "CF_XDR_GSDJ": "reg",
                "CF_XDR_SWDJ": "tax",
                "CF_XDR_SFZ": "rid",
                "CF_FR": "legal_representative",
                "CF_JG": "decision",
                "CF_JDRQ": "decided_on",
                "CF_XZJG": "authority",
                "CF_ZT": "state",
                "DFBM": "",
                "SJC": "",
                "BZ": "remark",
            }
        ),
    }
)
"""The set of 2015/16: column → field; empty: known and left out. It names neither the kind of the
party nor the code of the authority, so a file of that time needs `upgraded` before it lands."""

PUBLISHED: Mapping[Decision, tuple[Column, ...]] = MappingProxyType(
    {
        decision: tuple(column for column in columns if column.shown is not Shown.NEVER)
        for decision, columns in NEW.items()
    }
)
"""What an export has."""
