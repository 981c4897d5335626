"""Every word of the pages is in every catalogue, whole, and compiled."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

import hatch_build
from tools.messages import ROOT, Message, messages, read, translated

CATALOGUES = hatch_build.catalogues(ROOT)
PROOF = ROOT / "src/yinuo/web/static/yinuo/proof"
NAMED = re.compile(r"%\((\w+)\)s|\{(\w+)\}|#|<(?!\w)|<(\w+)")
"""What a translation must keep: placeholders, the board's number sign, and elements."""
SAID = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"')
COMMENT = re.compile(r"^\s*(?://|/?\*).*$|/\*\*.*?\*/", re.MULTILINE)
HAN = re.compile(r"[\u4e00-\u9fff]")
FULL_WIDTH = re.compile(r"[\u3000-\u303f\uff01-\uff60\u2018-\u201d]")


def ids() -> list[str]:
    return [path.parts[-3] for path in CATALOGUES]


@pytest.fixture(params=CATALOGUES, ids=ids())
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def catalogue(path: Path) -> Catalog:
    return read(path)


@pytest.fixture(scope="module")
def said() -> dict[Message, list[str]]:
    return messages()


def strings(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [string] if isinstance(string, str) else list(string or ())


def kept(text: str) -> list[str]:
    """Placeholders and elements of a text; a translation may put them in another order."""
    return sorted(match[0] for match in NAMED.finditer(text.replace("<wbr>", "")))


def test_there_is_english() -> None:
    assert "en" in ids()


def test_no_word_of_the_pages_is_missing(
    catalogue: Catalog, said: dict[Message, list[str]]
) -> None:
    missing = {
        message.id: places
        for message, places in said.items()
        if (entry := catalogue.get(message.key, message.context)) is None
        or not translated(entry.string)
    }
    assert missing == {}, "run: .venv/bin/python -m tools.messages, then translate what it adds"


def test_no_word_is_left_over(catalogue: Catalog, said: dict[Message, list[str]]) -> None:
    wanted = {(message.context, message.id) for message in said}
    held = {(entry.context, strings(entry.id)[0]) for entry in catalogue if entry.id}
    assert held - wanted == set()


def test_nothing_is_fuzzy(catalogue: Catalog) -> None:
    assert [entry.id for entry in catalogue if entry.id and entry.fuzzy] == []
    assert list(catalogue.obsolete) == []


def test_placeholders_and_elements_agree(catalogue: Catalog) -> None:
    wrong = {
        strings(entry.id)[0]: string
        for entry in catalogue
        if entry.id
        for string in strings(entry.string)
        if kept(string) != kept(strings(entry.id)[0]) and entry.context != "date"
    }
    assert wrong == {}


def test_english_is_written_in_latin_letters() -> None:
    """Full-width and typographic marks would be drawn as wide as a Han character."""
    english = read(next(path for path in CATALOGUES if path.parts[-3] == "en"))
    wrong = [s for e in english if e.id for s in strings(e.string) if not latin(s)]
    assert wrong == []


def latin(text: str) -> bool:
    return not HAN.search(text) and not FULL_WIDTH.search(text)


def test_what_is_compiled_is_what_is_written(path: Path) -> None:
    compiled = path.with_suffix(".mo")
    assert compiled.is_file(), "run: make setup"
    assert compiled.read_bytes() == hatch_build.compiled(path), "run: make setup"


def test_the_extraction_finds_every_kind_of_word(said: dict[Message, list[str]]) -> None:
    """The tests above would also pass if it saw nothing."""
    found = {(message.context, message.id) for message in said}
    assert (None, "总览") in found  # a template
    assert (None, "截至%(day)s。") in found  # a block of one
    assert (None, "未写明") in found  # the argument of a filter
    assert (None, "今天到期") in found  # Python
    assert ("state", "按期兑现") in found  # a table of a pure module
    assert ("kind", "公开承诺") in found  # a kind
    assert ("figure", "%(number)s 项") in found  # a unit
    assert ("step", "核实：已兑现") in found
    assert any(message.plural for message in said)


# ── the check in the browser ────────────────────────────────────────────────────────────────────


def scripts() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(PROOF.glob("*.js"))}


def english_of_the_check() -> dict[str, str]:
    """Sentence → translation, one line where it has two forms."""
    text = scripts()["english.js"]
    entry = re.compile(
        r'^  "((?:[^"\\]|\\.)*)":\s*(\[.*?\]|"(?:[^"\\]|\\.)*"),$', re.MULTILINE | re.DOTALL
    )
    return {match[1]: match[2] for match in entry.finditer(text)}


def test_the_check_in_the_browser_is_translated_whole() -> None:
    said = {
        s for name, text in scripts().items() if name != "english.js" for s in SAID.findall(text)
    }
    assert len(said) > 100
    assert said == set(english_of_the_check())


def test_no_script_says_a_word_past_the_translation() -> None:
    past = {
        name: found
        for name, text in scripts().items()
        if name != "english.js" and (found := HAN.findall(SAID.sub("", COMMENT.sub("", text))))
    }
    assert past == {}


def test_placeholders_of_the_check_agree() -> None:
    wrong = {}
    for sentence, translation in english_of_the_check().items():
        forms = re.findall(r'"((?:[^"\\]|\\.)*)"', translation)
        named = set(re.findall(r"\{\w+\}", sentence))
        for form in forms:
            extra = set(re.findall(r"\{\w+\}", form)) - named - {"{name}"}
            lost = named - set(re.findall(r"\{\w+\}", form)) - {"{month}"}
            if extra or lost or not latin(form):
                wrong[sentence] = form
    assert wrong == {}
