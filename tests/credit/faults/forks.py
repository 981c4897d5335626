"""Children of a warm process: what they answer, and how they end."""

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from yinuo.kernel.errors import YinuoError

REFUSED = 3
"""The exit code of a child that met an error of ours."""
ANSWER: Path = settings.HOME.parent / "answer"


def fork(work: Callable[[], Any], into: Path) -> int:
    """A child at work, which leaves its answer in a file."""
    child = os.fork()
    if child:
        return child
    code = 0
    try:
        into.write_text(json.dumps(work()), encoding="utf-8")
    except YinuoError as error:
        into.write_text(f"{error.code} {error}", encoding="utf-8")
        code = REFUSED
    except BaseException:  # noqa: BLE001  # a child ends here, whatever it met
        traceback.print_exc()
        code = 1
    os._exit(code)


def ended(child: int) -> int:
    """How a child ended: its exit code, or the signal with a minus."""
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def run(work: Callable[[], Any]) -> tuple[int, str]:
    """How a child ended, and what it said."""
    ANSWER.unlink(missing_ok=True)
    code = ended(fork(work, ANSWER))
    return code, ANSWER.read_text(encoding="utf-8") if ANSWER.exists() else ""


def ask(work: Callable[[], Any]) -> Any:
    """The answer of a child that ends by itself."""
    code, answer = run(work)
    require(code == 0, f"ended with {code}: {answer}")
    return json.loads(answer)


def require(right: bool, what: str) -> None:  # noqa: FBT001
    """End with a message where something is not right."""
    if not right:
        sys.exit(what)
