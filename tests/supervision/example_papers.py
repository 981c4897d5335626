"""One paper of each kind, as an office would write it; all made up."""

from datetime import date
from typing import Any

from yinuo.supervision.papers.paper import (
    Align,
    Column,
    Heading,
    Kind,
    Note,
    Paper,
    Table,
    Text,
    paper_number,
)

CODE = "20852163-1CA6-39GR-8F2K-77QM-PX04-V9ND-3TWE-61HB-ZK"
ADDRESS = f"https://yinuo.example.cn/ledger/check/?code={CODE}"
ORGAN = "大连市人民政府督查室"


def paper(kind: Kind = Kind.ORDER, **kw: Any) -> Paper:
    """A plain paper of a kind; `kw` replaces any part."""
    plain = {
        "kind": kind,
        "organ": ORGAN,
        "number": paper_number("大政督", 2024, 3),
        "title": f"关于办证难问题的{kind.value}",
        "addressee": "旅顺口区人民政府",
        "blocks": (Text("你区承诺的事项已逾期 15 天，请于2024年7月22日前书面回复。"),),
        "signer": ORGAN,
        "signed_date": date(2024, 7, 8),
    }
    return Paper(**{**plain, **kw})


def bulletin(rows: int = 3, **kw: Any) -> Paper:
    """Every sort of block, every place of the form."""
    columns = (Column("单位", 3), Column("承诺", 1, Align.RIGHT), Column("灯", 1, Align.CENTER))
    table = Table(columns, [(f"第{n}区", f"{n * 1000:,}", "红") for n in range(1, rows + 1)])
    blocks = (
        Text("现将有关情况通报如下。"),
        Heading("总体情况"),
        Heading("进度", 2),
        Heading("红灯", 3),
        Heading("黄灯", 4),
        Text("共 3,800 项。"),
        table,
        Note("截至2024年7月15日。"),
        Heading("有关要求"),
        Text("请逐项说明。\n逾期不报的另行通报。"),
    )
    return paper(
        Kind.BULLETIN,
        **{
            "title": "关于2024年7月重点工作\n推进情况的通报",
            "blocks": blocks,
            "attachments": ("逾期清单", "调整时限清单"),
            "copies": ("市委办公室", "市人大常委会办公室"),
            "contact": "联系人：督查科，电话：0411-00000000",
            "simulated": True,
            "check_code": CODE,
            "check_address": ADDRESS,
            "source": "调度会数据 SN2024-07（截至2024年7月15日）",
            **kw,
        },
    )


PAPERS = {
    "bulletin": bulletin(),
    "reminder": paper(Kind.REMINDER, number="", red_head=False),
    "order": paper(Kind.ORDER, check_code=CODE, check_address=ADDRESS),
    "talk": paper(Kind.TALK, contact="联系人：督查科"),
    "special": paper(Kind.SPECIAL, addressee="市政府", attachments=("情况说明",)),
}
"""By the name of the golden file."""
