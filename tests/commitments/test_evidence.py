"""佐证材料: who may hand in, to what, who may pass it, and what the ledger holds of it."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.city import (
    CITY,
    JULY,
    LUSHUN,
    MARCH,
    OFFICE,
    PULANDIAN,
    City,
    make_city,
    promise,
)
from tests.handed_in import FIRST_DAY, NAME, PDF, PHOTO, kept, report
from tests.protectors import give
from yinuo.commitments.commands import deliver, evidence, judge, publish
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.errors import Invalid, UnknownCommitment, UnknownEvidence, WrongState
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Evidence, Report
from yinuo.commitments.queries.evidence import evidence as one_evidence
from yinuo.commitments.queries.evidence import evidence_of, serving
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.files import files
from yinuo.ledger.history import thread_events
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Entry
from yinuo.ledger.publicity import public_threads
from yinuo.ledger.replay import replay
from yinuo.ledger.thread import public_thread
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import verify
from yinuo.parties.viewer import ANYONE, NotAllowed, Viewer

pytestmark = pytest.mark.django_db
LATER = JULY + timedelta(days=1)


@pytest.fixture
def city(db: None) -> City:
    return make_city()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def passed(by: Viewer, code: str = "LS-001/E1", to: Visibility = Visibility.PUBLIC) -> None:
    evidence.publish(evidence=code, visibility=to, by=by, at=LATER)


def test_the_ledger_holds_hash_size_and_type_and_no_name(city: City, store: FileStore) -> None:
    made = report(city, store)
    (event,) = thread_events("evidence:LS-001/E1")
    assert event.verb == "evidence.handed_in"
    assert event.capacity == f"officer:{LUSHUN}"
    state = event.after
    assert state["belongs_to"] == f"report:{made}"
    assert (state["media_type"], state["size"]) == ("image/jpeg", len(PHOTO))
    assert state["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    assert state["visibility"] == "closed"
    bodies = b"".join(bytes(e.body) for e in Entry.objects.all())
    assert NAME.encode() not in bodies
    assert NAME not in json.dumps(state, ensure_ascii=False)  # only looked at


def test_numbers_count_on_over_reports_and_delivery(city: City, store: FileStore) -> None:
    report(city, store)
    report(city, store, ("b.pdf", PDF))
    evidence.deliver(
        commitment="LS-001",
        delivered_date=FIRST_DAY,
        note="办结",
        files=kept(store, ("c.txt", b"c")),
        store=store,
        by=city["lushun"],
        at=JULY,
    )
    rows = Evidence.objects.order_by("code").values_list("code", "belongs_to")
    assert list(rows) == [
        ("LS-001/E1", "report:LS-001/R1"),
        ("LS-001/E2", "report:LS-001/R2"),
        ("LS-001/E3", "commitment:LS-001"),
    ]


def test_a_report_whose_files_are_refused_is_not_made(city: City, store: FileStore) -> None:
    report(city, store)
    before = Entry.objects.count()
    with pytest.raises(Invalid) as caught:
        report(city, store, ("x.jpg", PHOTO), ("y.jpg", PHOTO))
    assert [field for field, _ in caught.value.faults] == ["evidence"] * 3
    assert (Report.objects.count(), Entry.objects.count()) == (1, before)


def test_a_row_never_names_a_file_that_is_not_on_the_disk(city: City, store: FileStore) -> None:
    files_kept = kept(store, (NAME, PHOTO))
    before = Entry.objects.count()

    def made(*given: evidence.Kept) -> None:
        evidence.report(
            commitment="LS-001",
            as_of_date=FIRST_DAY,
            value="3",
            note="x",
            files=given,
            store=store,
            by=city["lushun"],
            at=JULY,
        )

    with pytest.raises(FileMissing, match="大小与提交的不同"):
        made(replace(files_kept[0], size=1))
    store.remove(files_kept[0].sha256)
    with pytest.raises(FileMissing):
        made(*files_kept)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("who", ["pulandian", "supervisor", "admin", "auditor"])
def test_only_the_unit_that_owes_hands_in(city: City, store: FileStore, who: str) -> None:
    with pytest.raises(NotAllowed):
        report(city, store, who=who)
    report(city, store)
    more = kept(store, ("b.pdf", PDF))
    with pytest.raises(NotAllowed):
        evidence.add(
            commitment="LS-001",
            to="report:LS-001/R1",
            files=more,
            store=store,
            by=city[who],
            at=JULY,
        )


def add(city: City, store: FileStore, to: str, commitment: str = "LS-001") -> tuple[str, ...]:
    return evidence.add(
        commitment=commitment,
        to=to,
        files=kept(store, ("b.pdf", PDF)),
        store=store,
        by=city["lushun"],
        at=JULY,
    )


def test_more_files_while_work_goes_on_and_none_afterwards(city: City, store: FileStore) -> None:
    report(city, store)
    with pytest.raises(WrongState):
        add(city, store, "commitment:LS-001")
    with pytest.raises(WrongState):
        add(city, store, "report:LS-001/R9")
    assert add(city, store, "report:LS-001/R1") == ("LS-001/E2",)
    deliver.deliver(
        commitment="LS-001", delivered_date=FIRST_DAY, note="办结", by=city["lushun"], at=JULY
    )
    judge.verify(commitment="LS-001", note="查过", by=city["supervisor"], at=JULY)
    with pytest.raises(WrongState):
        add(city, store, "report:LS-001/R1")
    with pytest.raises(UnknownCommitment):
        add(city, store, "report:X/R1", commitment="X")


def test_a_promise_has_room_for_so_many_files(
    city: City, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST", 1)
    report(city, store)
    with pytest.raises(Invalid, match="最多 1 个文件，已有 1 个"):
        report(city, store, ("b.pdf", PDF))


def test_a_reviewer_is_of_the_creditor_and_not_who_handed_it_in(
    city: City, store: FileStore
) -> None:
    report(city, store)
    for who in ("lushun", "admin", "auditor"):
        with pytest.raises(NotAllowed):
            passed(city[who])
    with pytest.raises(UnknownEvidence):
        passed(city["pulandian"])
    with pytest.raises(UnknownEvidence):
        passed(ANYONE)
    passed(city["supervisor"])
    assert public_threads(["evidence:LS-001/E1"]) == {"evidence:LS-001/E1"}
    with pytest.raises(Invalid, match="已经是这个公开类型"):
        passed(city["supervisor"])
    with pytest.raises(StaleVersion):
        evidence.publish(
            evidence="LS-001/E1",
            visibility=Visibility.CLOSED,
            by=city["supervisor"],
            at=LATER,
            version=1,
        )


def test_whoever_handed_it_in_cannot_pass_it_in_another_duty(city: City, store: FileStore) -> None:
    """An officer who later moves to the supervising office and leaves the unit."""
    report(city, store)
    give(city, "supervisor", "auditor", OFFICE)
    row = Evidence.objects.get()
    supervisor = city["supervisor"]
    entry = Entry.objects.get(subject=row.subject)
    assert entry.actor == city["lushun"].actor
    moved = replace(supervisor, account_id=city["lushun"].account_id, officer_of=frozenset())
    with pytest.raises(NotAllowed, match="提交人不能审查自己提交的文件"):
        passed(moved)
    assert one_evidence(code=row.code, viewer=moved).offered == ()


def test_public_only_under_what_is_public(city: City, store: FileStore) -> None:
    report(city, store, commitment="LS-009")
    with pytest.raises(Invalid, match="这项承诺本身没有公开"):
        passed(city["supervisor"], "LS-009/E1")
    offered = one_evidence(code="LS-009/E1", viewer=city["supervisor"]).offered
    assert [value for value, _ in offered] == ["on_request"]
    report(city, store)
    passed(city["supervisor"])
    publish.publish(
        commitments=["LS-001"], visibility=Visibility.CLOSED, by=city["supervisor"], at=LATER
    )
    assert public_thread("evidence:LS-001/E1") is None
    with pytest.raises(UnknownEvidence):
        serving(code="LS-001/E1", viewer=ANYONE)


def test_each_viewer_sees_what_is_theirs(city: City, store: FileStore) -> None:
    report(city, store, (NAME, PHOTO), ("b.pdf", PDF))
    passed(city["supervisor"], "LS-001/E2")

    def seen(viewer: Viewer) -> list[str]:
        found = evidence_of(commitment="LS-001", viewer=viewer)
        return [view.code for views in found.files.values() for view in views]

    both, public = ["LS-001/E1", "LS-001/E2"], ["LS-001/E2"]
    for who in ("lushun", "supervisor", "supervisor2", "auditor", "admin"):
        assert seen(city[who]) == both, who
    for viewer in (ANYONE, city["pulandian"]):
        assert seen(viewer) == public
    assert evidence_of(commitment="X", viewer=city["admin"]).total == 0


def test_a_twin_that_the_supervisor_may_not_see_is_only_counted(
    city: City, store: FileStore
) -> None:
    report(city, store)
    report(city, store, commitment="PL-001", who="pulandian")
    (view,) = evidence_of(commitment="LS-001", viewer=city["supervisor"]).files["report:LS-001/R1"]
    assert [(t.code, t.unit) for t in view.twins] == [("PL-001/E1", "普兰店区")]
    assert view.unseen_twins == 0
    register(
        registration=Registration(
            commitments=[promise("OT-1", lead=PULANDIAN, creditor_unit=CITY)]
        ),
        office=CITY,
        by=city["admin"],
        at=MARCH,
        visibility=Visibility.CLOSED,
    )
    report(city, store, commitment="OT-1", who="pulandian")
    (view,) = evidence_of(commitment="LS-001", viewer=city["supervisor"]).files["report:LS-001/R1"]
    assert ([t.code for t in view.twins], view.unseen_twins) == (["PL-001/E1"], 1)
    (view,) = evidence_of(commitment="LS-001", viewer=city["admin"]).files["report:LS-001/R1"]
    assert (view.twins, view.unseen_twins) == ((), 0)


def test_the_record_verifies_and_replays(
    city: City, store: FileStore, signer: Signer, memory: Memory
) -> None:
    report(city, store, (NAME, PHOTO), ("b.pdf", PDF))
    passed(city["supervisor"])
    passed(city["supervisor"], to=Visibility.CLOSED)
    seal(signer=signer, memory=memory)
    assert verify(verifier=signer.verifier).faults == []
    assert replay().faults == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("sha256", "0" * 64), ("visibility", "public"), ("size", 1), ("media_type", "text/html")],
)
def test_a_row_changed_past_the_ledger_is_found(
    city: City, store: FileStore, column: str, value: object
) -> None:
    report(city, store)
    Evidence.objects.update(**{column: value})
    (fault,) = replay().faults
    assert fault.place == "evidence:LS-001/E1"
    assert column in fault.what


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("evidence.handed_in", None, {"visibility": "public"}),
        ("evidence.published", None, {"visibility": "closed"}),
        ("evidence.published", {"sha256": "a"}, {"sha256": "b"}),
        ("evidence.changed", {"visibility": "closed"}, {"visibility": "public"}),
    ],
)
def test_a_step_that_no_command_takes_is_named(
    verb: str, before: dict[str, str] | None, after: dict[str, str]
) -> None:
    wrong = Evidence.wrong_step(before, after, verb)  # type: ignore[arg-type]
    assert wrong


def test_the_files_that_rows_name(city: City, store: FileStore) -> None:
    report(city, store)
    report(city, store, commitment="PL-001", who="pulandian")
    report(city, store, ("b.pdf", PDF))
    found = files()
    assert found.named == {
        hashlib.sha256(PHOTO).hexdigest(): ["evidence:LS-001/E1", "evidence:PL-001/E1"],
        hashlib.sha256(PDF).hexdigest(): ["evidence:LS-001/E2"],
    }
    assert found.erased == {}
