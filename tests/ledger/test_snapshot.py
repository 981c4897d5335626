"""Both checks see one moment of a log that others go on writing."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yinuo.ledger import replay as replaying
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Entry
from yinuo.ledger.remembered import remembered
from yinuo.ledger.replay import replay
from yinuo.ledger.snapshot import snapshot
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import CHUNK, verify

pytestmark = pytest.mark.django_db(transaction=True)
Write = Callable[..., None]


def elsewhere(work: Callable[[], object]) -> None:
    """Do it in a connection of its own, and wait until it is committed."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # handed to the test below
            failures.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    assert failures == []


def test_verify_minds_no_entry_sealed_meanwhile(
    signer: Signer, memory: Memory, write_units: Write
) -> None:
    write_units(CHUNK + 100)
    seal(signer=signer, memory=memory)

    def meanwhile(checked: int) -> None:
        def work() -> None:
            write_units(300, start=10 * checked)
            seal(signer=signer, memory=memory)

        elsewhere(work)

    report = verify(verifier=signer.verifier, progress=meanwhile)
    assert (report.checked, report.unsealed, report.faults) == (CHUNK + 100, 0, [])
    assert verify(verifier=signer.verifier).checked == CHUNK + 700


def test_replay_minds_no_row_written_meanwhile(
    write_units: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_units(3)
    steps = replaying._steps
    written: list[int] = []

    def later(*arguments: object) -> object:
        if not written:
            written.append(1)
            elsewhere(lambda: write_units(2, start=10))
        return steps(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(replaying, "_steps", later)
    assert replay().faults == []
    assert written


def test_a_moment_within_a_moment_is_the_same_one(
    signer: Signer, memory: Memory, write_units: Write
) -> None:
    write_units(3)
    with snapshot():
        before = Entry.objects.count()
        with snapshot():
            elsewhere(lambda: write_units(2, start=4))
            assert Entry.objects.count() == before
        assert Entry.objects.count() == before
    assert Entry.objects.count() == before + 2


@remembered
def seen(start: str) -> int:
    return Entry.objects.filter(subject__startswith=start).count()


def test_in_a_snapshot_the_head_is_asked_for_once_and_stays(write_units: Write) -> None:
    write_units(1)
    with snapshot(), CaptureQueriesContext(connection) as asked:
        assert [seen("unit:"), seen("unit:"), seen("unit:")] == [1, 1, 1]
        elsewhere(lambda: write_units(1, start=2))
        assert seen("unit:") == 1
    assert len(asked) == 2
    assert seen("unit:") == 2
