"""After a loss: what others hold brings the log back, and nothing brings a second history."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.city import LUSHUN, MARCH, PASSWORD, City, make_city, promise
from yinuo.commitments.commands.change import ask
from yinuo.commitments.commands.deliver import deliver, report
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.life import ChangeKind, Visibility
from yinuo.commitments.models import Change, Commitment, Report
from yinuo.ledger.commands.erasing import approve_erasure, ask_erasure
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.commands.recording import By
from yinuo.ledger.commands.recovering import (
    DatabaseBehind,
    MemorySound,
    NothingMissing,
    Recovered,
    log_keys,
    look,
    rebuild_memory,
    reimport,
)
from yinuo.ledger.commands.reimporting import WrittenSince, lost_ranges
from yinuo.ledger.commands.renaming import move_memory, take_new_origin
from yinuo.ledger.commands.sealing import LogBehindMemory, seal
from yinuo.ledger.export import export
from yinuo.ledger.key import create_key, load_signer
from yinuo.ledger.memory import Memory, MemoryMissing, MemoryOfAnother
from yinuo.ledger.models import Checkpoint, Entry, Erasure, LogKey, LostEntry, Recovery, Text
from yinuo.ledger.recover import LogForked, OtherLog, SourceBehind, Standing
from yinuo.ledger.replay import replay
from yinuo.ledger.retrieval import Published, SourceDamaged, read_published
from yinuo.ledger.source import Folder
from yinuo.ledger.tlog.note import Signer, UnknownSigner
from yinuo.ledger.verify import verify
from yinuo.parties.commands import OPERATOR, open_account
from yinuo.project.backup.check import check_backup
from yinuo.project.backup.restore import Target, restore
from yinuo.project.backup.write import write_backup
from yinuo.project.home import Home

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HOME = Home(city="大连市", origin="yinuo.test")
JUNE = MARCH + timedelta(days=100)
AT = MARCH + timedelta(days=200)
WHY = "磁盘损坏，恢复了前一日的备份"


@dataclass
class Scene:
    """A city that backed up, worked on, published, and then lost its database."""

    city: City
    signer: Signer
    memory: Memory
    folder: Path
    old: Path
    """The backup; its last entry was committed and not yet sealed."""
    size: int = 0
    """Entries signed for in the end."""
    restored: int = 0

    def seal(self) -> None:
        self.size = seal(signer=self.signer, memory=self.memory).size

    def put_back(self, file: Path) -> None:
        self.restored += 1
        at = AT + timedelta(minutes=self.restored)
        restore(check_backup(file), Target(self.folder, HOME), replace=True, at=at)

    def fetch(self, name: str = "public") -> Published:
        keys = log_keys(present=self.signer.verifier, origin="yinuo.test")
        here = look(origin="yinuo.test", memory=self.memory)
        return read_published(Folder(self.folder / name), keys=keys, here=here)

    def recover(self, name: str = "public") -> Recovered:
        return reimport(
            published=self.fetch(name), memory=self.memory, reason=WHY, by=OPERATOR, at=AT
        )

    def require_clean(self) -> None:
        self.seal()
        assert verify(verifier=self.signer.verifier).faults == []
        assert replay().faults == []


@pytest.fixture
def scene(db: None, signer: Signer, memory: Memory, tmp_path: Path) -> Scene:
    """Delivered in public, reported in secret, an account opened, a reason erased; then lost."""
    found_key(verifier=signer.verifier, by=OPERATOR, at=MARCH)
    made = Scene(make_city(), signer, memory, tmp_path, tmp_path / "old.zip")
    made.seal()
    lushun = made.city["lushun"]
    report(commitment="LS-002", as_of_date=JUNE.date(), note="待封存", by=lushun, at=JUNE)
    write_backup(made.old, home=HOME, at=JUNE)
    made.seal()
    deliver(commitment="LS-001", delivered_date=date(2024, 6, 1), note="办结", by=lushun, at=JUNE)
    report(commitment="LS-009", as_of_date=JUNE.date(), note="内部进展", by=lushun, at=JUNE)
    open_account(username="later", name="后来人", password=PASSWORD, by=OPERATOR, at=JUNE)
    report(commitment="LS-002", as_of_date=JUNE.date(), note="公开进展", by=lushun, at=JUNE)
    made.seal()
    export(tmp_path / "public")
    export(tmp_path / "full", full=True)
    write_backup(tmp_path / "lost.zip", home=HOME, at=JUNE)
    made.put_back(made.old)
    return made


def entries() -> dict[int, tuple[str, int, bytes]]:
    rows = Entry.objects.exclude(leaf_index=None)
    return {e.leaf_index or 0: (e.subject, e.version, bytes(e.body)) for e in rows}


def test_the_sealer_refuses_before_any_change(scene: Scene) -> None:
    before = list(Entry.objects.order_by("id").values_list("id", "leaf_index"))
    with pytest.raises(LogBehindMemory):
        seal(signer=scene.signer, memory=scene.memory)
    assert list(Entry.objects.order_by("id").values_list("id", "leaf_index")) == before
    answer = Client().get("/health")
    assert answer.status_code == 503
    assert "数据库是旧的" in json.loads(answer.content)["sealer_refuses"]


def test_the_situation_is_told_and_nothing_changed(scene: Scene) -> None:
    before = scene.memory.path.read_bytes(), entries()
    seen = look(origin="yinuo.test", memory=scene.memory)
    assert seen.standing is Standing.LOG_BEHIND
    assert (seen.tree_size + seen.behind, seen.unsealed) == (scene.size, 1)
    assert (scene.memory.path.read_bytes(), entries()) == before


def test_what_is_public_comes_back_and_what_is_closed_is_named(scene: Scene) -> None:
    done = scene.recover()
    # The report that waited was matched; delivered and reported come back; report, account lost.
    assert (done.waiting, done.opened) == (1, 2)
    assert sum(last - first + 1 for first, last in done.lost) == 2
    assert Commitment.objects.get(code="LS-001").status == "delivered"
    assert Report.objects.filter(commitment="LS-002").count() == 2
    assert not Report.objects.filter(commitment="LS-009").exists()
    assert LostEntry.objects.count() == 2
    scene.require_clean()
    assert scene.size == done.size + 1


def test_the_recovery_itself_is_on_the_log_for_all_to_read(scene: Scene) -> None:
    done = scene.recover()
    row = Recovery.objects.get(code=done.code)
    assert row.kind == "reimported"
    assert (row.found_size, row.signed_size) == (done.found_size, scene.size)
    assert row.lost == [list(pair) for pair in done.lost]
    assert Text.objects.get(hash=row.reason_text.removeprefix("text:")).text == WHY
    scene.seal()
    export(scene.folder / "public")
    opened = (scene.folder / "public" / "openings" / "000").read_text()
    assert WHY in opened


def test_an_entry_that_waited_in_the_backup_is_not_doubled(scene: Scene) -> None:
    waiting = Entry.objects.get(leaf_index=None)
    scene.recover()
    again = Entry.objects.filter(subject=waiting.subject)
    assert [entry.pk for entry in again] == [waiting.pk]
    assert again[0].leaf_index is not None


def test_a_full_export_brings_everything_back(scene: Scene) -> None:
    done = scene.recover("full")
    assert done.lost == []
    assert (done.waiting, done.opened) == (1, 4)
    assert Report.objects.filter(commitment="LS-009").count() == 1
    account = get_user_model().objects.get(username="later")
    assert not account.has_usable_password()
    assert dict(done.unrecorded) == {"account": ("last_login", "password")}
    found = entries()
    scene.require_clean()
    scene.put_back(scene.folder / "lost.zip")
    assert entries() == found


def test_a_request_that_comes_back_stands_under_the_unit_that_owes(scene: Scene) -> None:
    scene.put_back(scene.folder / "lost.zip")
    change = ask(
        commitment="LS-002",
        kind=ChangeKind.MOVED,
        new={"due": "2025-01-31"},
        reason="还在核对",
        by=scene.city["lushun"],
        at=AT,
    )
    scene.seal()
    export(scene.folder / "later", full=True)
    scene.put_back(scene.old)
    done = scene.recover("later")
    assert Change.objects.get(code=change).lead_id == LUSHUN
    assert "change" not in dict(done.unrecorded)
    scene.require_clean()


def test_a_lost_accounts_number_is_never_given_again(scene: Scene) -> None:
    highest = get_user_model().objects.order_by("-pk")[0].pk
    scene.recover()
    assert scene.memory.read("yinuo.test") is not None
    number = open_account(username="fresh", name="新人", password=PASSWORD, by=OPERATOR, at=AT)
    assert number > highest + 1
    write_backup(scene.folder / "after.zip", home=HOME, at=AT)
    scene.put_back(scene.folder / "after.zip")
    later = open_account(username="fresh2", name="新人", password=PASSWORD, by=OPERATOR, at=AT)
    assert later > number


def test_recovering_twice_is_refused(scene: Scene) -> None:
    scene.recover()
    with pytest.raises(NothingMissing):
        scene.recover()


def test_memory_that_was_restored_with_the_database_follows(scene: Scene) -> None:
    last = Checkpoint.objects.order_by("-size")[0]
    scene.memory.remember(last.note)
    assert look(origin="yinuo.test", memory=scene.memory).standing is Standing.SOUND
    scene.recover()
    remembered = scene.memory.read("yinuo.test")
    assert remembered is not None
    assert remembered.size == scene.size
    scene.require_clean()


def test_memory_that_is_gone_is_made_anew(scene: Scene) -> None:
    scene.memory.path.unlink()
    scene.recover()
    remembered = scene.memory.read("yinuo.test")
    assert remembered is not None
    assert remembered.size == scene.size


def test_memory_of_another_log_is_left_alone(scene: Scene, tmp_path: Path) -> None:
    other = Signer("yinuo.other", scene.signer.private_key)
    scene.memory.path.unlink()
    published = scene.fetch()
    text = Checkpoint.objects.order_by("-size")[0].note
    scene.memory.path.write_text(text.replace("yinuo.test", other.name))
    with pytest.raises(MemoryOfAnother):
        reimport(published=published, memory=scene.memory, reason=WHY, by=OPERATOR, at=AT)


def test_a_source_behind_memory_is_refused(scene: Scene, tmp_path: Path) -> None:
    early = tmp_path / "early"
    scene.put_back(scene.folder / "lost.zip")
    open_account(username="last", name="最后", password=PASSWORD, by=OPERATOR, at=AT)
    scene.seal()
    shutil.copytree(scene.folder / "public", early)
    scene.put_back(scene.old)
    with pytest.raises(SourceBehind, match=f"{scene.size:,}"):
        scene.fetch("early")


def forked(scene: Scene, accounts: int = 9) -> None:
    """Another history from the backup on, signed with our own key and published."""
    elsewhere = Memory(scene.folder / "elsewhere")
    elsewhere.begin()
    elsewhere.remember(Checkpoint.objects.order_by("-size")[0].note)
    for number in range(accounts):
        name = f"forked{number}"
        open_account(username=name, name="分叉", password=PASSWORD, by=OPERATOR, at=AT)
    seal(signer=scene.signer, memory=elsewhere)
    export(scene.folder / "forked")


def test_a_fork_against_memory_is_refused_with_both_roots(scene: Scene) -> None:
    forked(scene)
    scene.put_back(scene.old)
    remembered = scene.memory.read("yinuo.test")
    assert remembered is not None
    with pytest.raises(LogForked) as caught:
        scene.fetch("forked")
    assert caught.value.size == remembered.size
    assert caught.value.ours == remembered.root
    assert caught.value.theirs.hex() in str(caught.value)


def test_a_fork_against_the_database_is_refused(scene: Scene) -> None:
    forked(scene, accounts=1)
    assert look().tree_size < scene.size
    with pytest.raises(LogForked, match="数据库为"):
        scene.fetch("public")


def test_entries_written_after_the_restore_stop_recovery_before_any_change(scene: Scene) -> None:
    deliver(
        commitment="LS-001",
        delivered_date=date(2024, 6, 2),
        note="又报了一次",
        by=scene.city["lushun"],
        at=AT,
    )
    before = entries()
    with pytest.raises(WrittenSince, match="LS-001"):
        scene.recover()
    assert entries() == before


def alter(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text()
    assert change(text) != text, "the planted fault changed nothing"
    path.write_text(change(text))


def test_a_forged_opening_is_refused(scene: Scene) -> None:
    alter(scene.folder / "public/openings/000", lambda t: t.replace("delivered", "withdrawn"))
    with pytest.raises(SourceDamaged, match="正文与其哈希不符"):
        scene.fetch()


def test_a_forged_text_is_refused(scene: Scene) -> None:
    alter(scene.folder / "public/openings/000", lambda t: t.replace("公开进展", "公开退步"))
    with pytest.raises(SourceDamaged, match="文字"):
        scene.fetch()


def test_a_changed_leaf_is_refused(scene: Scene) -> None:
    bundle = scene.folder / f"public/tile/entries/000.p/{scene.size}"
    data = bytearray(bundle.read_bytes())
    data[-30] ^= 1
    bundle.write_bytes(data)
    with pytest.raises((SourceDamaged, LogForked)):
        scene.fetch()


def test_a_checkpoint_by_another_key_is_refused(scene: Scene, tmp_path: Path) -> None:
    create_key(tmp_path / "other.key")
    other = load_signer(tmp_path / "other.key", origin="yinuo.test")
    with pytest.raises(UnknownSigner):
        read_published(
            Folder(scene.folder / "public"),
            keys=[other.verifier],
            here=look(origin="yinuo.test", memory=scene.memory),
        )


def test_a_text_erased_since_the_backup_is_erased_again(scene: Scene) -> None:
    scene.put_back(scene.folder / "lost.zip")
    reported = Report.objects.filter(commitment="LS-002").order_by("code")[0]
    code = ask_erasure(
        text=reported.note_text, ground="withdrawn", by=By("account:1", "protector:X"), at=AT
    )
    approve_erasure(code=code, by=By("account:2", "protector:X"), at=AT)
    scene.seal()
    export(scene.folder / "public")
    scene.put_back(scene.old)
    digest = reported.note_text.removeprefix("text:")
    assert Text.objects.filter(hash=digest).exists()
    scene.recover()
    assert Erasure.objects.get().status == "approved"
    assert not Text.objects.filter(hash=digest).exists()
    scene.require_clean()


def test_a_public_row_that_rests_on_a_lost_one_is_named_and_kept_as_hash(scene: Scene) -> None:
    scene.put_back(scene.folder / "lost.zip")
    both = [promise("UP-1", due=date(2024, 12, 31)), promise("LOW-1", parent="UP-1")]
    register(
        registration=Registration(commitments=both),
        office="DL-DCS",
        by=scene.city["admin"],
        at=AT,
        visibility=Visibility.CLOSED,
    )
    publish(commitments=["LOW-1"], visibility=Visibility.PUBLIC, by=scene.city["supervisor"], at=AT)
    scene.seal()
    export(scene.folder / "public")
    scene.put_back(scene.old)
    done = scene.recover()
    assert list(done.left_out) == ["commitment:LOW-1"]
    assert "UP-1" in done.left_out["commitment:LOW-1"]
    scene.require_clean()


def test_ranges_of_numbers() -> None:
    assert lost_ranges([]) == []
    assert lost_ranges([0, 1, 2, 7, 9, 10]) == [[0, 2], [7, 7], [9, 10]]


# ── the memory alone ────────────────────────────────────────────────────────────────────────────


def rebuild(scene: Scene, *kept: str) -> str:
    return rebuild_memory(
        kept=[(f"第{n}份", note) for n, note in enumerate(kept)],
        keys=log_keys(present=scene.signer.verifier, origin="yinuo.test"),
        memory=scene.memory,
        reason="换了机器，记忆文件没有带来",
        by=OPERATOR,
        at=AT,
    )


def test_lost_memory_is_rebuilt_from_a_checkpoint_kept_elsewhere(scene: Scene) -> None:
    scene.put_back(scene.folder / "lost.zip")
    kept = (scene.folder / "public/checkpoint").read_text()
    scene.memory.path.unlink()
    with pytest.raises(MemoryMissing):
        seal(signer=scene.signer, memory=scene.memory)
    rebuild(scene, kept)
    assert Recovery.objects.get().kind == "memory"
    scene.require_clean()


def test_memory_is_not_rebuilt_while_it_is_sound(scene: Scene) -> None:
    scene.put_back(scene.folder / "lost.zip")
    with pytest.raises(MemorySound):
        rebuild(scene, (scene.folder / "public/checkpoint").read_text())


def test_memory_is_not_rebuilt_over_a_database_that_lacks_entries(scene: Scene) -> None:
    scene.memory.path.unlink()
    with pytest.raises(DatabaseBehind):
        rebuild(scene, (scene.folder / "public/checkpoint").read_text())
    assert not scene.memory.path.exists()


def test_memory_is_not_rebuilt_over_a_fork(scene: Scene) -> None:
    forked(scene)
    scene.memory.path.unlink()
    with pytest.raises(LogForked, match="已分叉"):
        rebuild(scene, (scene.folder / "public/checkpoint").read_text())
    assert not Recovery.objects.exists()


def test_another_logs_checkpoint_is_no_measure(scene: Scene) -> None:
    other = Signer("yinuo.other", scene.signer.private_key)
    scene.memory.path.unlink()
    note = (scene.folder / "public/checkpoint").read_text().replace("yinuo.test", other.name)
    with pytest.raises((OtherLog, UnknownSigner)):
        rebuild(scene, note)


# ── a new name ──────────────────────────────────────────────────────────────────────────────────


def test_a_new_origin_goes_on_where_nothing_comes_back(scene: Scene) -> None:
    found = look(origin="yinuo.test", memory=scene.memory)
    renamed = Signer("yinuo.test.2", scene.signer.private_key)
    for _twice in range(2):
        take_new_origin(
            before=scene.signer.verifier,
            after=renamed.verifier,
            signed_size=found.known_size,
            reason=WHY,
            by=OPERATOR,
            at=AT,
        )
    old_memory = scene.memory.path.read_bytes()
    with pytest.raises(MemoryOfAnother):
        seal(signer=renamed, memory=scene.memory)
    for _twice in range(2):
        aside = move_memory(memory=scene.memory, before="yinuo.test", after="yinuo.test.2")
    assert aside.read_bytes() == old_memory
    scene.signer = renamed
    scene.require_clean()
    row = Recovery.objects.get()
    assert (row.kind, row.found_size, row.signed_size) == (
        "new_origin",
        found.tree_size,
        found.known_size,
    )
    key = LogKey.objects.get(code=renamed.verifier.label)
    assert key.follows == Signer("yinuo.test", renamed.private_key).verifier.label
    assert Checkpoint.objects.order_by("-size")[0].origin == "yinuo.test.2"
