from pathlib import Path

import pytest

from yinuo.kernel import content
from yinuo.kernel.content import ContentMissing, content_dir


def test_a_checkout_uses_its_own_content() -> None:
    assert content_dir() == Path(__file__).resolve().parents[2] / "content"


def test_an_installed_package_uses_what_it_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "src" / "yinuo" / "shipped"
    shipped.mkdir(parents=True)
    (tmp_path / "content").mkdir()
    monkeypatch.setattr(content, "_PACKAGE", tmp_path / "src" / "yinuo")
    assert content_dir() == shipped


def test_without_content_it_says_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "_PACKAGE", tmp_path / "src" / "yinuo")
    with pytest.raises(ContentMissing, match="yinuo"):
        content_dir()
