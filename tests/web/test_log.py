"""The log over HTTP: paths, types, caching, and that it is the same for everybody."""

import gzip
from collections.abc import Callable
from http import HTTPStatus
from importlib import resources

import pytest
from django.http import HttpResponseBase

from tests.city import JULY, SECRETS, City
from tests.ledger import outside
from tests.visits import SignIn, body
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.life import Visibility
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Entry, LostEntry
from yinuo.ledger.tlog.note import Signer

pytestmark = pytest.mark.django_db
FOR_EVER = "public, max-age=31536000, immutable"
Fetch = Callable[..., HttpResponseBase]


@pytest.fixture
def size(city: City, signer: Signer, memory: Memory) -> int:
    return seal(signer=signer, memory=memory).size


@pytest.fixture
def fetch(size: int, sign_in: SignIn) -> Fetch:
    """A GET under /log/ by nobody in particular."""

    def run(path: str, **headers: str) -> HttpResponseBase:
        return sign_in("").get(f"/log/{path}", headers=headers)

    return run


def test_a_stranger_rebuilds_the_root(fetch: Fetch, size: int) -> None:
    def get(path: str) -> bytes | None:
        answer = fetch(path)
        return body(answer) if answer.status_code == HTTPStatus.OK else None

    note = outside.note(body(fetch("checkpoint")).decode())
    assert note.size == size
    assert outside.whole_root(get, size) == note.root
    assert len(outside.opened(get, size)) > 10


def test_types_and_caching(fetch: Fetch, size: int) -> None:
    kinds = {
        "checkpoint": ("text/plain; charset=utf-8", "no-cache"),
        f"tile/0/000.p/{size}": ("application/octet-stream", FOR_EVER),
        f"tile/entries/000.p/{size}": ("application/octet-stream", FOR_EVER),
        "openings/000": ("application/json; charset=utf-8", "no-cache"),
        "handovers.json": ("application/json; charset=utf-8", "no-cache"),
    }
    for path, (content_type, cache) in kinds.items():
        answer = fetch(path)
        assert answer.status_code == HTTPStatus.OK, path
        assert answer.headers["Content-Type"] == content_type
        assert answer.headers["Cache-Control"] == cache
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "checkpoint.witnessed",
        "tile/0/000",
        "tile/0/0.p/3",
        "tile/0/000.p/03",
        "tile/0/000.p/250",
        "tile/7/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/1",
        "tile/",
        "tile/x",
        "openings/001",
        "openings/000.p/3",
        "openings/../checkpoint",
        "trust.policy",
        "",
    ],
)
def test_what_is_not_there_is_not_found_and_not_remembered(fetch: Fetch, path: str) -> None:
    answer = fetch(path)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "max-age" not in answer.headers.get("Cache-Control", "")


def test_a_missing_file_is_explained_in_plain_words(fetch: Fetch) -> None:
    answer = fetch("tile/0/007.p/7")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert body(answer).decode().startswith("WEB-E010［tile/0/007.p/7］ 账本里没有这个文件")


def test_before_the_first_checkpoint(city: City, sign_in: SignIn) -> None:
    for path in ("checkpoint", "tile/0/000.p/1", "openings/000", "handovers.json"):
        assert sign_in("").get(f"/log/{path}").status_code == HTTPStatus.NOT_FOUND


def test_what_did_not_change_is_not_sent_again(
    fetch: Fetch, city: City, signer: Signer, memory: Memory
) -> None:
    for path in ("checkpoint", "openings/000", "handovers.json"):
        first = fetch(path)
        again = fetch(path, if_none_match=first.headers["ETag"])
        assert (again.status_code, body(again)) == (HTTPStatus.NOT_MODIFIED, b"")
        assert again.headers["Access-Control-Allow-Origin"] == "*"
    before = fetch("openings/000").headers["ETag"]
    supervisor = city["supervisor"]
    publish(commitments=["LS-009"], visibility=Visibility.PUBLIC, by=supervisor, at=JULY)
    seal(signer=signer, memory=memory)
    changed = fetch("openings/000", if_none_match=before)
    assert changed.status_code == HTTPStatus.OK
    assert changed.headers["ETag"] != before


@pytest.mark.parametrize("username", ["", "lushun", "supervisor", "admin2", "auditor"])
def test_everybody_gets_the_same_bytes_and_no_cookie(
    fetch: Fetch, size: int, sign_in: SignIn, username: str
) -> None:
    client = sign_in(username)
    client.cookies["stale"] = "1"
    for path in ("checkpoint", f"tile/entries/000.p/{size}", "openings/000"):
        answer = client.get(f"/log/{path}")
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "private" not in answer.headers["Cache-Control"]
        assert body(answer) == body(fetch(path))
        for secret in SECRETS:
            assert secret.encode() not in body(answer)


def test_a_stale_session_is_left_alone(size: int, sign_in: SignIn) -> None:
    client = sign_in("")
    client.cookies["sessionid"] = "a-session-that-ended"
    assert not client.get("/log/checkpoint").cookies


def test_compressed_on_request(fetch: Fetch, size: int) -> None:
    for path in (f"tile/entries/000.p/{size}", "openings/000"):
        packed = fetch(path, accept_encoding="gzip")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(body(packed)) == body(fetch(path))
    etag = fetch("openings/000", accept_encoding="gzip").headers["ETag"]
    again = fetch("openings/000", accept_encoding="gzip", if_none_match=etag)
    assert again.status_code == HTTPStatus.NOT_MODIFIED


def test_head_tells_the_length(size: int, sign_in: SignIn, fetch: Fetch) -> None:
    path = f"tile/entries/000.p/{size}"
    answer = sign_in("").head(f"/log/{path}")
    assert (answer.status_code, answer.content) == (HTTPStatus.OK, b"")
    assert int(answer.headers["Content-Length"]) == len(body(fetch(path)))


def test_a_changed_row_is_shown_but_kept_by_no_cache(fetch: Fetch, size: int) -> None:
    path = f"tile/entries/000.p/{size}"
    sealed = body(fetch(path))
    row = Entry.objects.get(leaf_index=2)
    Entry.objects.filter(pk=row.pk).update(body=bytes(row.body) + b" ")
    answer = fetch(path)
    assert body(answer) != sealed
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_entry_that_is_gone_is_named(fetch: Fetch, size: int) -> None:
    Entry.objects.filter(leaf_index=2).delete()
    answer = fetch(f"tile/entries/000.p/{size}")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "LEDGER-E020［存证记录 2］" in body(answer).decode()
    assert answer.headers["Cache-Control"] == "no-cache"
    assert not LostEntry.objects.exists()


def test_the_verifier_can_be_had(fetch: Fetch) -> None:
    answer = fetch("yinuo-verify.py")
    program = resources.files("yinuo.verifier").joinpath("yinuo_verify.py").read_bytes()
    assert body(answer) == program
    assert answer.headers["Content-Type"] == "text/x-python; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="yinuo_verify.py"'
