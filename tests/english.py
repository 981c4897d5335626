"""What an English page says in Chinese without marking it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\u3000-\u303f\uff01-\uff60]")
EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta", "rect", "path", "wbr"})
UNSAID = frozenset({"href", "src", "action", "value", "data-value", "content", "hreflang"})
"""Attributes that no reader is told."""


@dataclass
class Said(HTMLParser):
    """What a page says outside of the elements that are marked as Chinese."""

    han: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    open: list[tuple[str, str]] = field(default_factory=list)
    alternates: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def language(self) -> str:
        return next((lang for _tag, lang in reversed(self.open) if lang), "")

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        language = given.get("lang", "") or self.language
        if tag == "html":
            self.languages.append(language)
        if tag == "link" and "hreflang" in given:
            self.alternates[given["hreflang"]] = given["href"]
        if tag == "a" and "hreflang" in given:
            self.links[given["hreflang"]] = given["href"]
        for name, value in given.items():
            if name not in UNSAID and language != "zh-Hans" and HAN.search(value):
                self.han.append(f"{tag} {name}={value}")
        if tag not in EMPTY:
            self.open.append((tag, given.get("lang", "")))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        if self.language != "zh-Hans" and HAN.search(data):
            self.han.append(data.strip())


def said(page: bytes) -> Said:
    found = Said()
    found.feed(page.decode())
    return found
