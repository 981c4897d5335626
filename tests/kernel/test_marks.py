from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.utils.crypto import salted_hmac

from yinuo.kernel.marks import keyed_mark, make_key

SALT, NUMBER = "yinuo.credit.subject", "person:210200199001010010"


def test_marks_made_before_the_key_had_a_file_of_its_own_stay_right(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("of-the-sessions")
    before = salted_hmac(SALT, NUMBER, secret="of-the-sessions", algorithm="sha256").hexdigest()
    assert keyed_mark(SALT, NUMBER, key_file=tmp_path / "marks.key") == before


def test_the_key_stays_when_the_one_of_the_sessions_changes(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("old")
    make_key(tmp_path / "marks.key")
    (tmp_path / "secret.key").write_text("new")
    make_key(tmp_path / "marks.key")
    assert (tmp_path / "marks.key").read_text() == "old"


def test_a_new_key_is_random_and_private(tmp_path: Path) -> None:
    texts = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        make_key(tmp_path / name / "marks.key")
        assert (tmp_path / name / "marks.key").stat().st_mode & 0o777 == 0o600
        texts.add((tmp_path / name / "marks.key").read_text())
    assert len(texts) == 2
    assert min(map(len, texts)) >= 64


def test_all_who_need_it_first_get_the_same(tmp_path: Path) -> None:
    path = tmp_path / "marks.key"

    def needed(_: int) -> str:
        make_key(path)
        return path.read_text()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(needed, range(40)))) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["marks.key"]


def test_marks_of_two_kinds_never_meet(tmp_path: Path) -> None:
    key = tmp_path / "marks.key"
    assert keyed_mark("a", NUMBER, key_file=key) != keyed_mark("b", NUMBER, key_file=key)
    assert keyed_mark("a", NUMBER, key_file=key) == keyed_mark("a", NUMBER, key_file=key)
