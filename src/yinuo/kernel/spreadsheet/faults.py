"""Why a file is no workbook that can be read."""

from enum import Enum

from yinuo.kernel.errors import YinuoError


class Fault(Enum):
    """What is wrong with a whole file; each reader gives it a code of its own."""

    UNREADABLE = "文件为空或不存在"
    NOT_A_WORKBOOK = "文件不是 .xlsx 工作簿"
    OLD_WORKBOOK = "文件是旧版 .xls 工作簿"
    ENCRYPTED = "文件有打开密码"
    BOMB = "文件解压后异常大"
    HOSTILE_XML = "文件内部的 XML 含有实体定义或编码不明"
    DAMAGED = "文件损坏"
    MACROS = "文件带宏"


class SpreadsheetRefused(YinuoError):
    """A file that no reader of workbooks opens; `fault` says why."""

    code = "SHEET-E001"

    def __init__(self, file: str, fault: Fault, what: str, next_step: str) -> None:
        super().__init__(what, place=file, next_step=next_step)
        self.fault = fault
