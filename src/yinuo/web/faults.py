"""What went wrong, in the language of the page.

Errors of pure packages and of commands speak Chinese only: an English page says their kind.
"""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from yinuo.kernel.errors import YinuoError
from yinuo.web.language import CHINESE, current, has_han

KINDS = {
    "TLOG-E031": gettext_noop("校验码要从条数起输入，例如 20852-1CA6-…"),
    "TLOG-E032": gettext_noop("条数之后应有 8 组、每组 4 个字符，再加 2 个字符；请对照原件补全"),
    "TLOG-E033": gettext_noop("校验码只用数字和字母，没有 I、L、O、U；请对照原件改正"),
    "TLOG-E034": gettext_noop(
        "末尾两个检验字符与前面对不上：多半抄错了一处，也可能是另一座城市的校验码"
    ),
}
"""Code of an error that public pages can meet → its kind in a sentence."""


@dataclass(frozen=True)
class Told:
    """An error as a page tells it."""

    what: str
    next_step: str
    original: str = ""
    """The Chinese sentence, where `what` only says the kind."""

    @property
    def sentences(self) -> str:
        """What and what now, in one paragraph."""
        if not self.next_step:
            return gettext("%(what)s。") % {"what": self.what}
        return gettext("%(what)s。%(next)s。") % {"what": self.what, "next": self.next_step}


def told(error: YinuoError) -> Told:
    """The error in the language of the page."""
    if current() == CHINESE or not has_han(error.what + error.next_step):
        return Told(error.what, error.next_step)
    if error.code in KINDS:
        return Told(gettext(KINDS[error.code]), "")
    said = f"{error.what}。{error.next_step}。" if error.next_step else f"{error.what}。"
    return Told(gettext("这一步没有完成"), "", said)
