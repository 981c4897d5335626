"""A text goes for ever, by two persons, and the log still holds."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from tests.installation import installed
from tests.tables import tables_holding
from yinuo.ledger.commands import erasing
from yinuo.ledger.commands.recording import By, put_text, record
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.erased import erased, requests, rows_naming, threads_naming
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Entry, Erasure, Recovery, Text
from yinuo.ledger.publicity import public_threads
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import verify
from yinuo.parties.commands import open_account
from yinuo.parties.models import Account

pytestmark = pytest.mark.django_db

AT = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
LATER = datetime(2024, 3, 8, 1, 0, tzinfo=UTC)
ONE, TWO = By("account:1", "protector:C"), By("account:2", "protector:C")
WORDS = "联系人生成姓名甲一二三"


def write(code: str, reference: str) -> None:
    row = Recovery.objects.filter(code=code).first() or Recovery(
        code=code, kind="memory", found_size=0, signed_size=0, origin_before="x", origin_after="x"
    )
    row.reason_text = reference
    record(row, verb="recovery.memory", by=ONE, at=AT)


@pytest.fixture
def text(db: None) -> str:
    """The reference of a text that two entries of one row and one of another name."""
    reference = put_text(WORDS)
    for code in ("R.one", "R.one", "R.two"):
        write(code, reference)
    return reference


def ask(text: str, by: By = ONE) -> str:
    return erasing.ask_erasure(text=text, ground="withdrawn", by=by, at=AT)


def test_two_persons_erase_a_text_for_ever(text: str, signer: Signer, memory: Memory) -> None:
    seal(signer=signer, memory=memory)
    bodies = {e.pk: bytes(e.body) for e in Entry.objects.all()}
    code = ask(text)
    assert tables_holding(WORDS) == ["ledger_text"]
    erasing.approve_erasure(code=code, by=TWO, at=LATER)
    assert tables_holding(WORDS) == []
    assert not Text.objects.exists()
    assert {e.pk: bytes(e.body) for e in Entry.objects.filter(pk__in=bodies)} == bodies
    seal(signer=signer, memory=memory)
    assert verify(verifier=signer.verifier).faults == []
    assert replay().faults == []
    gone = erased([text])[text]
    assert (gone.code, gone.at, gone.ground) == ("E1", LATER, "第三项：个人撤回同意")


def test_verify_tells_a_text_erased_by_law_from_one_that_was_deleted(
    text: str, signer: Signer, memory: Memory
) -> None:
    other = put_text("另一段")
    write("R.three", other)
    erasing.approve_erasure(code=ask(text), by=TWO, at=LATER)
    Text.objects.all().delete()
    seal(signer=signer, memory=memory)
    (fault,) = verify(verifier=signer.verifier).faults
    assert other.removeprefix("text:")[:12] in fault.place


def test_verify_finds_an_erased_text_that_is_still_there(
    text: str, signer: Signer, memory: Memory
) -> None:
    kept = Text.objects.get()
    erasing.approve_erasure(code=ask(text), by=TWO, at=LATER)
    Text.objects.create(hash=kept.hash, salt=bytes(kept.salt), text=kept.text)
    seal(signer=signer, memory=memory)
    (fault,) = verify(verifier=signer.verifier).faults
    assert kept.hash[:12] in fault.place
    assert "依法删除" in fault.what


def test_a_request_alone_explains_no_missing_text(
    text: str, signer: Signer, memory: Memory
) -> None:
    ask(text)
    Text.objects.all().delete()
    seal(signer=signer, memory=memory)
    assert len(verify(verifier=signer.verifier).faults) == 1


def test_whoever_asked_does_not_decide(text: str) -> None:
    code = ask(text)
    with pytest.raises(erasing.SamePerson):
        erasing.approve_erasure(code=code, by=ONE, at=AT)
    with pytest.raises(erasing.SamePerson):
        erasing.refuse_erasure(code=code, reason="不", by=ONE, at=AT)
    assert Text.objects.count() == 1


def test_a_refused_text_stays_and_may_be_asked_for_again(text: str) -> None:
    code = ask(text)
    with pytest.raises(erasing.NoRefusalReason):
        erasing.refuse_erasure(code=code, reason=" ", by=TWO, at=LATER)
    erasing.refuse_erasure(code=code, reason="保存期限没有届满", by=TWO, at=LATER)
    assert Text.objects.filter(text=WORDS).exists()
    assert ask(text) == "E2"
    assert replay().faults == []


def test_the_reason_of_a_refusal_can_be_erased_too(text: str) -> None:
    erasing.refuse_erasure(code=ask(text), reason="他叫生成姓名", by=TWO, at=LATER)
    reason = Erasure.objects.get().refusal_text
    assert threads_naming(reason) == ("erasure:E1",)
    erasing.approve_erasure(code=ask(reason), by=TWO, at=LATER)
    assert tables_holding("他叫生成姓名") == []
    assert replay().faults == []


def test_every_row_that_names_a_text_is_found_and_no_request(text: str) -> None:
    ask(text)
    assert threads_naming(text) == ("recovery:R.one", "recovery:R.two")
    assert {row.subject for row in rows_naming(text)} == set(threads_naming(text))


@pytest.mark.parametrize(
    "reference", ["", "text:", "text:" + "0" * 64, "0" * 64, "text:%", 'text:"', WORDS]
)
def test_an_unknown_reference_is_refused(text: str, reference: str) -> None:
    with pytest.raises(erasing.UnknownText):
        ask(reference)


def test_a_text_that_no_entry_names_is_refused(db: None) -> None:
    with pytest.raises(erasing.UnknownText):
        ask(put_text("没有人提到"))


def test_asked_twice_and_erased_twice_is_refused(text: str) -> None:
    code = ask(text)
    with pytest.raises(erasing.ErasureWaiting, match="等待批准"):
        ask(text, TWO)
    erasing.approve_erasure(code=code, by=TWO, at=LATER)
    with pytest.raises(erasing.TextErased):
        ask(text)
    with pytest.raises(erasing.ErasureDecided):
        erasing.approve_erasure(code=code, by=TWO, at=LATER)
    with pytest.raises(erasing.ErasureDecided):
        erasing.refuse_erasure(code=code, reason="不", by=TWO, at=LATER)


def test_unknown_requests_and_grounds_are_refused(text: str) -> None:
    with pytest.raises(erasing.UnknownErasure):
        erasing.approve_erasure(code="E9", by=TWO, at=AT)
    with pytest.raises(erasing.UnknownGround):
        erasing.ask_erasure(text=text, ground="第九项", by=ONE, at=AT)


@pytest.fixture
def account(db: None) -> Account:
    number = open_account(
        username="shengcheng", name="生成姓名", password="a-long-one-1!", by=ONE, at=AT
    )
    return Account.objects.get(pk=number)


def test_a_name_does_not_go_without_its_person(account: Account) -> None:
    for reference in (account.name_text, account.username_text):
        with pytest.raises(erasing.TextNeeded):
            ask(reference)


def test_a_text_does_not_go_while_a_column_repeats_it(account: Account) -> None:
    code = erasing.ask_erasure(
        text=account.username_text, ground="ended", person=account.subject, by=ONE, at=AT
    )
    with pytest.raises(erasing.TextNeeded):
        erasing.approve_erasure(code=code, by=TWO, at=AT)
    assert Text.objects.filter(text="shengcheng").exists()


def test_replay_finds_a_user_name_altered_past_the_ledger(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(username="somebody")
    (fault,) = replay().faults
    assert fault.place == account.subject
    assert "username" in fault.what
    assert "'somebody'" in fault.what


def test_only_what_was_approved_is_public(text: str) -> None:
    code = ask(text)
    assert public_threads([f"erasure:{code}"]) == frozenset()
    erasing.approve_erasure(code=code, by=TWO, at=LATER)
    assert public_threads([f"erasure:{code}"]) == {f"erasure:{code}"}
    told = b"".join(bytes(e.body) for e in Entry.objects.filter(subject=f"erasure:{code}"))
    assert WORDS.encode() not in told
    assert text.encode() in told


def test_those_that_wait_come_first(text: str) -> None:
    erasing.approve_erasure(code=ask(text), by=TWO, at=LATER)
    other = put_text("另一段")
    write("R.three", other)
    ask(other)
    assert [(r.code, r.waiting) for r in requests()] == [("E2", True), ("E1", False)]


FIRST = {
    "code": "E1",
    "text": "text:1",
    "person": "",
    "ground": "ended",
    "status": "asked",
    "asked_by": "account:1",
    "asked_at": "2024-03-01T01:00:00.000000Z",
    "decided_by": "",
    "decided_at": None,
    "refusal_text": "",
}
APPROVED = {**FIRST, "status": "approved", "decided_by": "account:2", "decided_at": "…"}


@pytest.mark.parametrize(
    ("before", "after", "verb", "wrong"),
    [
        (None, FIRST, "erasure.asked", ""),
        (FIRST, APPROVED, "erasure.approved", ""),
        (FIRST, {**APPROVED, "status": "refused"}, "erasure.refused", ""),
        (None, APPROVED, "erasure.approved", "首条"),
        (FIRST, {**APPROVED, "decided_by": "account:1"}, "erasure.approved", "两个人"),
        (FIRST, {**APPROVED, "decided_by": ""}, "erasure.approved", "两个人"),
        (FIRST, {**APPROVED, "text": "text:2"}, "erasure.approved", "text"),
        (FIRST, APPROVED, "erasure.refused", "不能"),
        (APPROVED, {**APPROVED, "status": "refused"}, "erasure.refused", "不能"),
        (FIRST, FIRST, "erasure.asked", "不能"),
    ],
)
def test_replay_asks_for_two_persons_and_one_decision(
    before: dict[str, object] | None, after: dict[str, object], verb: str, wrong: str
) -> None:
    found = Erasure.wrong_step(before, after, verb)  # type: ignore[arg-type]
    assert (wrong in found) if found else not wrong


def test_the_database_refuses_one_person_for_both(text: str) -> None:
    ask(text)
    with pytest.raises(IntegrityError):
        Erasure.objects.update(status="approved", decided_by=ONE.actor, decided_at=AT)


FILE_SCRIPT = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "yinuo.project.settings"
django.setup()
from datetime import UTC, datetime
from django.db import transaction
from yinuo.ledger.commands import erasing
from yinuo.ledger.commands.recording import By, put_text, record
from yinuo.ledger.models import LogKey
at, words = datetime(2024, 3, 1, tzinfo=UTC), {words!r} * {times}
one, two = By("account:1"), By("account:2")
with transaction.atomic():
    text = put_text(words)
    record(LogKey(code="x", vkey="x", reason_text=text), verb="key.announced", by=one, at=at)
    code = erasing.ask_erasure(text=text, ground="ended", by=one, at=at)
if {erase}:
    erasing.approve_erasure(code=code, by=two, at=at)
"""


@pytest.mark.slow
@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("times", [1, 900], ids=["short", "over several pages"])
def test_the_file_itself_no_longer_holds_the_words(tmp_path: Path, times: int) -> None:
    """SQLite leaves deleted rows in free space unless told otherwise."""
    found = []
    for erase in (False, True):
        with installed(tmp_path / str(erase)) as city:
            script = FILE_SCRIPT.format(words=WORDS, times=times, erase=erase)
            process = city.python("-c", script)
            _out, err = process.communicate(timeout=120)
            assert process.returncode == 0, err
            files = [f for f in city.home.rglob("*") if f.is_file()]
            found.append(any(WORDS.encode() in f.read_bytes() for f in files))
    assert found == [True, False]


@pytest.mark.engine("sqlite")
def test_erasing_asks_sqlite_to_overwrite(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete=OFF")
        erasing.approve_erasure(code=ask(text), by=TWO, at=LATER)
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)
