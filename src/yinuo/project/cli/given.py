"""What is given on the command line: the facts of one case as JSON, the day of the question."""

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from yinuo.kernel.errors import YinuoError
from yinuo.rules.reading import Misread


class InputUnreadable(YinuoError):
    """The `--input` of a decision is no JSON object."""

    code = "RULES-E108"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"--input 不是 JSON 对象：{why}",
            place="--input",
            next_step='写成 {"金额": 12.5, "类别": "甲"}；@文件名 从文件读，- 从标准输入读',
        )


class DayUnreadable(YinuoError):
    """An `--on` that is no day."""

    code = "RULES-E109"

    def __init__(self, misread: Misread) -> None:
        super().__init__(misread.what, place="--on", next_step=misread.next_step)


def read_object(text: str) -> dict[str, Any]:
    """The JSON object of `--input`; `@FILE` and `-` read it from elsewhere."""
    if text == "-":
        text = sys.stdin.read()
    elif text.startswith("@"):
        try:
            text = Path(text[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "不是 UTF-8 文本"
            raise InputUnreadable(f"{text[1:]} 读不出来（{reason}）") from error
    try:
        given = json.loads(text, parse_float=Decimal, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise InputUnreadable(str(error)) from error
    if not isinstance(given, dict):
        raise InputUnreadable("最外层须是 { }")
    return given
