"""Codes on paper against the log of today."""

from collections.abc import Callable

import pytest
from django.db import connection

from tests.ledger.conftest import AT, BY
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Checkpoint, Tile
from yinuo.ledger.printed import Answer, public_asked, public_origins, public_printed
from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.code import CodeMistyped, WrongCodeLength, encode
from yinuo.ledger.tlog.note import Signer

pytestmark = pytest.mark.django_db

Write = Callable[..., None]


def test_before_the_first_checkpoint_there_is_nothing_to_print(db: None) -> None:
    assert public_printed() is None
    assert public_origins() == ()
    assert public_asked("anything").answer is Answer.EMPTY


def test_the_newest_checkpoint_is_printed_with_the_key_that_signed_it(
    signer: Signer, memory: Memory
) -> None:
    found_key(verifier=signer.verifier, by=BY, at=AT)
    sealed = seal(signer=signer, memory=memory)
    printed = public_printed()
    assert printed is not None
    assert (printed.origin, printed.size, printed.note) == ("yinuo.test", 1, sealed.note)
    assert printed.code.startswith("1-")
    assert printed.vkey == signer.verifier.vkey
    assert printed.key == signer.verifier.label


def test_a_key_that_is_not_on_the_log_is_not_made_up(sealed_log: Signer) -> None:
    printed = public_printed()
    assert printed is not None
    assert (printed.vkey, printed.key) == ("", "")


def test_every_code_that_was_ever_printed_is_still_in_the_log(
    sealed_log: Signer, memory: Memory, write_units: Write
) -> None:
    codes = {}
    for number in range(301, 306):
        write_units(1, start=number)
        seal(signer=sealed_log, memory=memory)
        printed = public_printed()
        assert printed is not None
        codes[printed.size] = printed.code
    for size, code in codes.items():
        asked = public_asked(f" {code.lower()} ")
        assert (asked.answer, asked.size, asked.size_today) == (
            Answer.CONTAINED,
            size,
            max(codes),
        )
        assert asked.signed_at == Checkpoint.objects.get(size=size).signed_at


def test_a_code_of_a_log_that_was_rewritten_is_found_out(sealed_log: Signer) -> None:
    printed = public_printed()
    assert printed is not None
    tile = Tile.objects.get(level=0, index=1)
    tile.hashes = bytes([bytes(tile.hashes)[0] ^ 1]) + bytes(tile.hashes)[1:]
    tile.save()
    assert public_asked(printed.code).answer is Answer.DIFFERENT


def test_a_code_of_a_longer_log_shows_that_entries_are_gone(sealed_log: Signer) -> None:
    longer = encode(checkpoint.Checkpoint("yinuo.test", 10_000, bytes(32)))
    asked = public_asked(longer)
    assert asked.answer is Answer.SHORTER
    assert (asked.size, asked.size_today) == (10_000, Checkpoint.objects.latest("size").size)


def test_a_slip_is_said_to_be_one(sealed_log: Signer) -> None:
    printed = public_printed()
    assert printed is not None
    other = "0" if printed.code[-1] != "0" else "1"
    with pytest.raises(CodeMistyped):
        public_asked(printed.code[:-1] + other)
    with pytest.raises(WrongCodeLength):
        public_asked(printed.code[:-1])


def test_codes_of_an_earlier_name_are_read(
    signer: Signer, memory: Memory, write_units: Write
) -> None:
    found_key(verifier=signer.verifier, by=BY, at=AT)
    seal(signer=signer, memory=memory)
    before = public_printed()
    assert before is not None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_checkpoint SET origin = 'yinuo.test.2'")
    assert public_origins() == ("yinuo.test.2", "yinuo.test")
    assert public_asked(before.code).answer is Answer.CONTAINED
