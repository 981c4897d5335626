"""Names in FEEL texts: they may hold spaces, signs and Chinese; the scope says where they end."""

import re
from collections.abc import Iterable
from functools import lru_cache

START = r"(?:[^\W\d]|[?\U00010000-\U000EFFFF])"
"""What a name may begin with."""
PART = re.compile(rf"{START}[\w?\U00010000-\U000EFFFF]*")
"""A plain name, without spaces or signs."""
_PIECE = re.compile(r"[\w?\U00010000-\U000EFFFF]+|[^\w\s]")
KEYWORDS = frozenset(
    (
        *("and", "between", "else", "every", "external", "false", "for", "function", "if", "in"),
        *("instance", "null", "of", "or", "return", "satisfies", "some", "then", "true"),
    )
)


def normal(name: str) -> str:
    """The name with single spaces.

    >>> normal("  本年   收入 ")
    '本年 收入'
    """
    return " ".join(name.split())


@lru_cache(maxsize=4096)
def _pattern(name: str) -> re.Pattern[str]:
    """Matches the name whatever its spaces, and not the beginning of a longer word."""
    pieces = _PIECE.findall(name)
    text = ""
    for before, piece in zip(["", *pieces], pieces, strict=False):
        both_words = _is_word(before[-1:]) and _is_word(piece[:1])
        spaced = r"\s+" if both_words else r"\s*" if before else ""
        text += spaced + re.escape(piece)
    return re.compile(text + (r"(?!\w)" if pieces and _is_word(pieces[-1][-1:]) else ""))


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


class Names:
    """Declared names, found in a text longest first. Made by `declared`."""

    def __init__(self, names: frozenset[str]) -> None:
        self.all = names
        self._by_start: dict[str, list[str]] = {}
        for name in sorted(self.all, key=lambda name: (-len(name), name)):
            self._by_start.setdefault(name[0], []).append(name)

    def plus(self, names: Iterable[str]) -> "Names":
        """These names and more."""
        return declared([*self.all, *names])

    def match(self, text: str, at: int) -> tuple[str, int] | None:
        """The longest name that stands at the place, and where it ends."""
        for name in self._by_start.get(text[at : at + 1], ()):
            if found := _pattern(name).match(text, at):
                return name, found.end()
        return None


def declared(names: Iterable[str]) -> Names:
    """The names as something to look for; keywords by themselves are none."""
    return _declared(frozenset(normal(name) for name in names) - KEYWORDS - {""})


_declared = lru_cache(maxsize=512)(Names)
