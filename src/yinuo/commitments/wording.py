"""The words behind references, or what became of them."""

from collections.abc import Iterable

from yinuo.kernel.instants import civil_date
from yinuo.ledger.erased import LAW, Erased, erased
from yinuo.ledger.history import texts

ERASED = "（文字已依法删除）"
MISSING = "（文字缺失，账本上没有依法删除的记录）"


def wording(references: Iterable[str]) -> dict[str, str]:
    """Each reference → its text; of an erased one when and on what ground it went."""
    wanted = {reference for reference in references if reference}
    found = texts(wanted)
    absent = wanted - found.keys()
    gone = erased(absent) if absent else {}
    return {
        **found,
        **{ref: _erased(gone[ref]) if ref in gone else MISSING for ref in absent},
    }


def _erased(erased: Erased) -> str:
    day = civil_date(erased.at)
    when = f"{day.year}年{day.month}月{day.day}日"
    return f"{ERASED}{when}，依据{LAW}{erased.ground}（编号 {erased.code}）"
