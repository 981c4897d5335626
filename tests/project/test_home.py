from pathlib import Path

import pytest

from yinuo.project.home import (
    Home,
    HomeDamaged,
    HomeExists,
    MarksKeyLost,
    complete,
    directory,
    load,
    marks_key,
    prepare,
    secret_key,
)


def test_a_new_home_is_private_and_reads_back(tmp_path: Path) -> None:
    home = Home(city="大连市", origin="yinuo.210200")
    prepare(tmp_path / "家")
    assert load(tmp_path / "家") is None
    complete(tmp_path / "家", home)
    assert load(tmp_path / "家") == home
    assert (tmp_path / "家" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert secret_key(tmp_path / "家") == secret_key(tmp_path / "家")
    assert (tmp_path / "家" / "marks.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "家" / "marks.key").read_text() != secret_key(tmp_path / "家")


def test_a_home_of_an_older_version_goes_on_finding_its_people(tmp_path: Path) -> None:
    prepare(tmp_path)
    (tmp_path / "marks.key").unlink()
    complete(tmp_path, Home(city="大连市", origin="a"))
    before = secret_key(tmp_path)
    assert marks_key(tmp_path).read_text() == before
    (tmp_path / "secret.key").write_text("changed since")
    assert marks_key(tmp_path).read_text() == before


def test_a_home_that_lost_both_keys_says_so_and_makes_no_other(tmp_path: Path) -> None:
    prepare(tmp_path)
    complete(tmp_path, Home(city="大连市", origin="a"))
    for name in ("marks.key", "secret.key"):
        (tmp_path / name).unlink()
    with pytest.raises(MarksKeyLost, match=r"marks\.key"):
        marks_key(tmp_path)
    assert not (tmp_path / "marks.key").exists()


def test_before_a_home_nothing_is_made(tmp_path: Path) -> None:
    assert not marks_key(tmp_path).exists()


def test_a_home_is_never_overwritten(tmp_path: Path) -> None:
    prepare(tmp_path)
    prepare(tmp_path)
    complete(tmp_path, Home(city="大连市", origin="a"))
    with pytest.raises(HomeExists):
        prepare(tmp_path)
    with pytest.raises(HomeExists):
        complete(tmp_path, Home(city="别的市", origin="b"))


def test_no_home_is_none(tmp_path: Path) -> None:
    assert load(tmp_path) is None


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"city":"x"}', '{"city":"x","origin":"y","demo_date":"?"}']
)
def test_a_damaged_home_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "home.json").write_text(text)
    with pytest.raises(HomeDamaged, match=r"home\.json"):
        load(tmp_path)


def test_the_environment_names_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINUO_HOME", str(tmp_path / "x"))
    assert directory() == tmp_path / "x"
    monkeypatch.delenv("YINUO_HOME")
    assert directory().name == "var"


def test_a_demo_home_has_a_date() -> None:
    assert Home(city="x", origin="y.demo", demo_date="2025-01-20").demo
    assert not Home(city="x", origin="y").demo
