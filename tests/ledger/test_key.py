from pathlib import Path

import pytest

from yinuo.ledger.key import KeyUnusable, create_key, load_signer


def test_a_new_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    create_key(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert load_signer(tmp_path / "key", origin="o.test").name == "o.test"


def test_a_key_is_never_replaced(tmp_path: Path) -> None:
    create_key(tmp_path / "key")
    with pytest.raises(FileExistsError):
        create_key(tmp_path / "key")


def test_a_key_open_to_others_is_refused(tmp_path: Path) -> None:
    create_key(tmp_path / "key")
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        load_signer(tmp_path / "key", origin="o.test")


def test_a_missing_key_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match="yinuo init"):
        load_signer(tmp_path / "key", origin="o.test")
