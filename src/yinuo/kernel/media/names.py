"""Names of files: what may be kept of a name that somebody else wrote."""

import re
import unicodedata
from pathlib import PurePosixPath

from yinuo.kernel.media.formats import Format

LONGEST = 120
NAMELESS = "未命名"
_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of characters that nobody sees, or that turn the direction of reading."""


def clean_name(given: str) -> str:
    r"""A name without folders and without characters that cannot be seen; at most 120 long.

    >>> clean_name("C:\\用户\\现场\u202e照片\n.jpg")
    '现场照片 .jpg'
    >>> clean_name("../..")
    '未命名'
    """
    name = _BLANKS.sub(" ", _FOLDERS.sub("", unicodedata.normalize("NFC", given)))
    name = "".join(c for c in name if unicodedata.category(c) not in _UNSEEN)
    name = name.strip(" .") or NAMELESS
    if len(name) <= LONGEST:
        return name
    ending = ending_of(name)
    return name[: LONGEST - len(ending) - 1] + "…" + ending


def ending_of(name: str) -> str:
    """The ending with its dot, in lower case; empty for none and for what is no ending.

    >>> ending_of("照片.JPG"), ending_of("第1.2节说明"), ending_of("说明")
    ('.jpg', '', '')
    """
    ending = PurePosixPath(name).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else ""


def download_name(name: str, found: Format) -> str:
    """The name under which a file leaves: it always ends as its content demands.

    >>> from yinuo.kernel.media.formats import BY_NAME
    >>> download_name("现场.exe", BY_NAME["jpeg"]), download_name("现场.JPG", BY_NAME["jpeg"])
    ('现场.exe.jpg', '现场.JPG')
    """
    return name if ending_of(name) in found.extensions else name + found.extensions[0]
