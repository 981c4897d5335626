"""XML of a model or of test cases as a plain tree: no DTD, no entity, bounded in all directions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from yinuo.kernel.findings import Log, Spot
from yinuo.rules.dmn.findings import Situation, spot_at

MOST_BYTES = 40 * 2**20
MOST_ELEMENTS = 1_000_000
MOST_DEPTH = 100
MOST_ATTRIBUTES = 200
_ENCODINGS = ("utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-1")
_BETWEEN = "\n"
"""What expat puts between namespace and name; never part of either."""


@dataclass(slots=True)
class Element:
    """One element, by local name; attributes of a namespace of their own by `{namespace}name`."""

    name: str
    namespace: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    """Its own text, before and between children."""
    children: list["Element"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Element"]:
        return iter(self.children)

    def all(self, name: str) -> list["Element"]:
        """The children of that local name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Element | None":
        """The first child of that local name."""
        return next((child for child in self.children if child.name == name), None)

    def get(self, name: str, default: str = "") -> str:
        """The attribute of that name."""
        return self.attributes.get(name, default)

    @property
    def spot(self) -> Spot:
        """Where it stands: its kind with what names it."""
        named = self.get("name") or self.get("id") or self.get("href")
        return spot_at(f"{self.name} “{named}”" if named else self.name, self.line)


@dataclass(slots=True)
class Document:
    """The root of a file, and the prefixes it declares."""

    root: Element
    prefixes: dict[str, str]


class _Refused(Exception):
    """Stops the parser: what is wrong, and what to do."""

    def __init__(self, situation: Situation, what: str, next_step: str, line: int) -> None:
        super().__init__(what)
        self.situation = situation
        self.what = what
        self.next_step = next_step
        self.line = line


def load(path: Path, log: Log) -> bytes | None:
    """The bytes of a file, or None with a finding."""
    try:
        if path.stat().st_size > MOST_BYTES:
            _too_many_bytes(path.stat().st_size, log)
            return None
        return path.read_bytes()
    except OSError as error:
        what = f"文件读不出来：{error.strerror}"
        log.add(Situation.UNREADABLE, what, "请核对文件名和读取权限")
        return None


def _too_many_bytes(size: int, log: Log) -> None:
    what = f"文件有 {size / 2**20:,.0f} MB，上限 {MOST_BYTES // 2**20} MB"
    log.add(Situation.TOO_BIG, what, "请拆成几个模型，用 import 相连")


def parse(data: bytes, log: Log) -> Document | None:
    """The tree of a document, or None with a finding that says why there is none."""
    if not data.strip():
        log.add(Situation.UNREADABLE, "文件是空的", "请重新导出或复制这个文件")
        return None
    if len(data) > MOST_BYTES:
        _too_many_bytes(len(data), log)
        return None
    builder = _Builder()
    try:
        return builder.parse(data)
    except _Refused as refused:
        spot = spot_at(line=refused.line)
        log.add(refused.situation, refused.what, refused.next_step, spot)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 0)
        log.add(Situation.NOT_XML, f"XML 读不懂：{error}", _EXPORT, spot_at(line=line))
    return None


_EXPORT = "请在建模工具里重新导出为 DMN（XML，UTF-8）"


class _Builder:
    """Builds the tree as expat reports it."""

    def __init__(self) -> None:
        self.stack: list[Element] = []
        self.root: Element | None = None
        self.prefixes: dict[str, str] = {}
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartNamespaceDeclHandler = self._prefix
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.XmlDeclHandler = self._declared

    def parse(self, data: bytes) -> Document:
        self.parser.Parse(data, True)  # noqa: FBT003  # expat names no argument
        if self.root is None:
            raise ValueError("no element")
        return Document(self.root, self.prefixes)

    def _refuse(self, situation: Situation, what: str, next_step: str) -> _Refused:
        return _Refused(situation, what, next_step, self.parser.CurrentLineNumber)

    def _doctype(self, *_: object) -> None:
        what = "文件含有 DOCTYPE（实体定义），模型里用不到，可能是攻击"
        raise self._refuse(Situation.HOSTILE, what, "请删去 <!DOCTYPE …>，或换用可信的文件")

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            what = f"文件的编码是 {encoding[:40]}"
            raise self._refuse(Situation.NOT_XML, what, "请另存为 UTF-8")

    def _prefix(self, prefix: str | None, uri: str | None) -> None:
        if len(self.prefixes) < MOST_ATTRIBUTES:
            self.prefixes.setdefault(prefix or "", uri or "")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.stack) >= MOST_DEPTH:
            what = f"元素套了 {MOST_DEPTH} 层以上"
            raise self._refuse(Situation.TOO_BIG, what, "请把内层拆成单独的决策")
        if self.count > MOST_ELEMENTS or len(attributes) > MOST_ATTRIBUTES:
            what = f"元素超过 {MOST_ELEMENTS:,} 个，或属性超过 {MOST_ATTRIBUTES} 个"
            raise self._refuse(Situation.TOO_BIG, what, "请拆成几个模型，用 import 相连")
        namespace, _, local = name.rpartition(_BETWEEN)
        given = {_attribute(each): value for each, value in attributes.items()}
        element = Element(local, namespace, given, self.parser.CurrentLineNumber)
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)

    def _end(self, _name: str) -> None:
        self.stack.pop()

    def _text(self, text: str) -> None:
        if self.stack:
            self.stack[-1].text += text


def _attribute(name: str) -> str:
    namespace, _, local = name.rpartition(_BETWEEN)
    return f"{{{namespace}}}{local}" if namespace else local
