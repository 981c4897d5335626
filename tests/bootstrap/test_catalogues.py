"""Translations are compiled by the build, whenever they changed, the same way each time."""

import gettext
import io
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

import hatch_build
from bootstrap import environment
from bootstrap.places import CATALOGUES, ROOT

HEAD = """\
msgid ""
msgstr ""
"POT-Creation-Date: 2026-11-01 00:00+0800\\n"
"PO-Revision-Date: 2026-11-01 00:00+0800\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
KEPT = 'msgid "已兑现"\nmsgstr "Kept"\n'
FUZZY = '\n#, fuzzy\nmsgid "逾期"\nmsgstr "Late"\n'


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "src/yinuo/locale/en/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + KEPT + FUZZY, encoding="utf-8")
    return path


def read(path: Path) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(path.with_suffix(".mo").read_bytes()))


def test_a_catalogue_is_compiled_without_what_is_fuzzy(tmp_path: Path, catalogue: Path) -> None:
    hatch_build.compile_catalogues(tmp_path)
    words = read(catalogue)
    assert words.gettext("已兑现") == "Kept"
    assert words.gettext("逾期") == "逾期"


def test_it_is_compiled_again_once_it_changed_and_only_then(
    tmp_path: Path, catalogue: Path
) -> None:
    hatch_build.compile_catalogues(tmp_path)
    compiled = catalogue.with_suffix(".mo")
    before = compiled.stat().st_mtime_ns, compiled.read_bytes()
    hatch_build.compile_catalogues(tmp_path)
    assert (compiled.stat().st_mtime_ns, compiled.read_bytes()) == before
    catalogue.write_text(HEAD + KEPT.replace("Kept", "Kept in full"), encoding="utf-8")
    hatch_build.compile_catalogues(tmp_path)
    assert read(catalogue).gettext("已兑现") == "Kept in full"


def test_a_catalogue_that_cannot_be_read_stops_the_build(tmp_path: Path, catalogue: Path) -> None:
    catalogue.write_text(HEAD + 'msgid "已兑现\n', encoding="utf-8")
    with pytest.raises(PoFileError, match="missing msgstr"):
        hatch_build.compile_catalogues(tmp_path)


def test_setup_notices_a_changed_catalogue(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, catalogue: Path
) -> None:
    assert list(CATALOGUES) == hatch_build.catalogues(ROOT)
    assert set(CATALOGUES) <= set(environment.INPUTS)
    lock = tmp_path / "run.lock"
    lock.write_text("", encoding="utf-8")
    monkeypatch.setattr(environment, "INPUTS", (catalogue,))
    before = environment._digest(lock)
    catalogue.write_text(HEAD + KEPT, encoding="utf-8")
    assert environment._digest(lock) != before


def test_builds_carry_what_git_ignores() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert "src/yinuo/locale/**/*.mo" in build["artifacts"]
    assert "src/yinuo/locale/**/*.mo" in ignored
