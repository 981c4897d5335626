"""The documents that rows cite: those registered, or new ones with a code that stays the same."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from yinuo.commitments.commands.register import NewDocument

LONGEST_TITLE = 300
LONGEST_NUMBER = 80
HASH_SHOWN = 8
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,12}[〔\[（(【]\s*(?:19|20)\d{2}\s*[〕\])）】]\s*第?\s*\d+\s*号"
)
_NAMED = re.compile(r"《([^》]+)》")
_BRACKETS = str.maketrans({"[": "〔", "]": "〕", "(": "〔", ")": "〕", "【": "〔", "】": "〕"})
_KINDS = (
    ("政府工作报告", "政府工作报告"),
    ("民生实事", "民生实事"),
    ("批示", "批示件"),
    ("议定", "议定事项"),
    ("会议纪要", "议定事项"),
    ("常务会", "议定事项"),
    ("提案", "建议提案"),
    ("建议", "建议提案"),
    ("12345", "12345"),
    ("方案", "方案"),
    ("计划", "方案"),
)
"""Word in the title → kind of document, the first that fits."""


def _key(text: str) -> str:
    squeezed = "".join(unicodedata.normalize("NFKC", text).split())
    return squeezed.translate(_BRACKETS).strip("《》。")


@dataclass
class Documents:
    """Finds the document that a cell cites; unknown ones are made, once each."""

    known: Sequence[NewDocument]
    default: NewDocument
    prefix: str
    new: dict[str, NewDocument] = field(default_factory=dict)
    """Code → document to be registered."""

    def __post_init__(self) -> None:
        self.by_key: dict[str, str] = {}
        for document in (self.default, *self.known):
            for name in (document.code, document.number, document.title):
                if name:
                    self.by_key.setdefault(_key(name), document.code)
        self.registered = {document.code for document in self.known}

    def cited(self, text: str) -> tuple[str, bool]:
        """The code of the document, and whether it is a new one."""
        number, title = parts(text)
        for name in (text, number, title):
            code = self.by_key.get(_key(name)) if name else None
            if code is not None:
                return code, code in self.new
        code = f"{self.prefix}-W" if self.prefix else "W"
        code += hashlib.sha256(_key(text).encode()).hexdigest()[:HASH_SHOWN]
        made = NewDocument(
            code=code,
            title=title[:LONGEST_TITLE],
            kind=next((kind for word, kind in _KINDS if word in text), self.default.kind),
            number=number[:LONGEST_NUMBER],
        )
        self.new[code] = made
        for name in (text, number, title):
            if name:
                self.by_key.setdefault(_key(name), code)
        return code, True


def parts(text: str) -> tuple[str, str]:
    """The number and the title in the words for a document; either may be all there is.

    >>> parts("《2024年行动方案》（大委办发〔2024〕15号）")
    ('大委办发〔2024〕15号', '2024年行动方案')
    >>> parts("政府工作报告")
    ('', '政府工作报告')
    """
    flat = " ".join(text.split())
    found = _NUMBER.search(flat)
    number = "".join(found[0].split()).translate(_BRACKETS) if found else ""
    named = _NAMED.search(flat)
    title = named[1].strip() if named else _NUMBER.sub("", flat).strip(" ()（）,，、;；")
    return number.replace("（", "〔").replace("）", "〕"), title or number
