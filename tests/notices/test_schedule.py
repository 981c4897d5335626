"""What is armed is done once: after failures, after days without a worker, with two workers."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from tests.city import JULY, open_accounts
from tests.notices.test_sending import together
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import SHANGHAI
from yinuo.ledger.commands.recording import command
from yinuo.notices import registry
from yinuo.notices.commands import leasing
from yinuo.notices.commands.leasing import LEASE
from yinuo.notices.commands.schedule import arm, disarm, run_due, schedule_recurring
from yinuo.notices.commands.tell import Telling, tell
from yinuo.notices.errors import UnknownJob
from yinuo.notices.hours import Daily
from yinuo.notices.models import Job, Message
from yinuo.notices.queries.sent import public_waiting
from yinuo.notices.registry import Due, JobKind, register

pytestmark = pytest.mark.django_db
EIGHT = Daily(8 * 60)


class TooSoon(YinuoError):
    code = "TEST-E001"

    def __init__(self) -> None:
        super().__init__("还不到时候")


class Book:
    """What was done, and whether it fails."""

    def __init__(self) -> None:
        self.done: list[Due] = []
        self.fail: Exception | None = None

    def run(self, due: Due) -> None:
        self.done.append(due)
        if self.fail:
            raise self.fail


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setattr(registry, "_kinds", {})
    made = Book()
    register(JobKind(name="test.once", label="一次", run=made.run))
    register(JobKind(name="test.daily", label="每天", run=made.run, every=EIGHT))
    return made


def test_what_is_armed_is_done_at_its_time_and_once(book: Book) -> None:
    arm(kind="test.once", of="C-1", due_at=JULY, args={"case": "C-1"})
    assert run_due(at=JULY - timedelta(seconds=1)).done == 0
    assert run_due(at=JULY).done == 1
    assert run_due(at=JULY + timedelta(days=1)).done == 0
    (due,) = book.done
    assert (due.due_at, due.args) == (JULY, {"case": "C-1"})


def test_arming_again_moves_it_and_disarming_ends_it(book: Book) -> None:
    arm(kind="test.once", of="C-1", due_at=JULY)
    arm(kind="test.once", of="C-1", due_at=JULY + timedelta(days=2))
    assert run_due(at=JULY).done == 0
    disarm(kind="test.once", of="C-1")
    assert run_due(at=JULY + timedelta(days=3)).done == 0


def test_a_limit_that_nobody_would_watch_blocks_the_command_that_sets_it(book: Book) -> None:
    open_accounts()

    @command("test.set_limit")
    def set_limit() -> None:
        tell(tellings=[Telling(to=("account:1",), topic="order.x", title="已设定")], at=JULY)
        arm(kind="no.such", of="C-1", due_at=JULY)

    with pytest.raises(UnknownJob):
        set_limit()
    assert Message.objects.count() == 0


def test_what_fails_is_undone_and_tried_again_while_the_others_go_on(book: Book) -> None:
    open_accounts()

    @command("test.half")
    def half(due: Due) -> None:
        tell(tellings=[Telling(to=("account:1",), topic="order.x", title="半途")], at=due.at)
        raise TooSoon

    register(JobKind(name="test.half", label="半途而废", run=half))
    arm(kind="test.half", of="1", due_at=JULY - timedelta(hours=1))
    arm(kind="test.once", of="1", due_at=JULY)
    found = run_due(at=JULY)
    assert (found.done, found.failed) == (1, 1)
    assert Message.objects.count() == 0
    job = Job.objects.get(key="test.half:1")
    assert (job.tries, job.error) == (1, "TEST-E001 还不到时候")
    assert job.next_try_at == JULY + timedelta(minutes=1)
    assert public_waiting(at=JULY).oldest_due_job == JULY - timedelta(hours=1)


def test_what_a_crash_cut_short_is_done_again_after_a_while(book: Book) -> None:
    class Killed(BaseException):
        """The worker is gone: nothing of it catches this."""

    def dies(due: Due) -> None:
        book.run(due)
        if len(book.done) == 1:
            raise Killed

    register(JobKind(name="test.dies", label="半路断电", run=dies, every=EIGHT))
    arm(kind="test.dies", of="1", due_at=JULY)
    with pytest.raises(Killed):
        run_due(at=JULY)
    assert run_due(at=JULY + LEASE - timedelta(seconds=1)).done == 0
    assert run_due(at=JULY + LEASE).done == 1
    assert [due.due_at for due in book.done] == [JULY, JULY]


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_armed_anew_while_it_is_done_stays_armed(book: Book, *, fails: bool) -> None:
    later = JULY + timedelta(days=2)

    def rearms(due: Due) -> None:
        book.run(due)
        if len(book.done) == 1:
            arm(kind="test.rearms", of="1", due_at=later)
            if fails:
                raise TooSoon

    register(JobKind(name="test.rearms", label="再次", run=rearms))
    arm(kind="test.rearms", of="1", due_at=JULY)
    run_due(at=JULY)
    assert run_due(at=JULY + timedelta(days=1)).done == 0
    assert run_due(at=later).done == 1
    assert not Job.objects.get(key="test.rearms:1").open


@pytest.mark.django_db(transaction=True)
def test_others_write_while_a_job_takes_its_time(book: Book) -> None:
    tomorrow = JULY + timedelta(days=1)

    def slow(due: Due) -> None:
        book.run(due)
        together(lambda: arm(kind="test.slow", of="1", due_at=tomorrow))

    register(JobKind(name="test.slow", label="慢", run=slow))
    arm(kind="test.slow", of="1", due_at=JULY)
    assert run_due(at=JULY).done == 1
    assert Job.objects.get().due_at == tomorrow


def test_a_kind_that_no_package_does_any_more_is_shown_and_kept(book: Book) -> None:
    arm(kind="test.once", of="1", due_at=JULY)
    Job.objects.update(kind="gone.kind")
    assert run_due(at=JULY).failed == 1
    assert "gone.kind" in Job.objects.get().error


def test_down_for_three_days_then_everything_due_once(book: Book) -> None:
    schedule_recurring(at=JULY)
    for number in range(3):
        arm(kind="test.once", of=str(number), due_at=JULY + timedelta(days=number))
    back = JULY + timedelta(days=3)
    assert run_due(at=back).done == 4
    assert run_due(at=back).done == 0
    daily = [due for due in book.done if due.due_at == EIGHT.after(JULY)]
    assert len(daily) == 1
    assert Job.objects.get(key="test.daily").due_at == EIGHT.after(back)


def test_planning_again_changes_nothing(book: Book) -> None:
    schedule_recurring(at=JULY)
    run_due(at=EIGHT.after(JULY))
    before = list(Job.objects.values())
    schedule_recurring(at=JULY + timedelta(days=5))
    assert list(Job.objects.values()) == before


def test_a_daily_job_comes_each_day_at_its_hour() -> None:
    at = datetime(2024, 7, 15, 0, 0, tzinfo=UTC)  # eight in the morning in China
    assert EIGHT.after(at) == at + timedelta(days=1)
    assert EIGHT.after(at - timedelta(seconds=1)) == at
    assert EIGHT.after(at).astimezone(SHANGHAI).hour == 8


def test_the_installed_packages_register_their_jobs() -> None:
    assert {kind.name for kind in registry.recurring()} >= {
        "notices.sweep",
        "supervision.orders",
        "supervision.rounds",
    }


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_a_job_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", {})
    done: list[str] = []

    def slow(due: Due) -> None:
        done.append(str(due.args["of"]))
        time.sleep(0.02)

    register(JobKind(name="test.slow", label="慢", run=slow))
    for number in range(6):
        with transaction.atomic():
            arm(kind="test.slow", of=str(number), due_at=JULY, args={"of": number})
    together(*(lambda: run_due(at=JULY) for _ in range(3)))
    run_due(at=JULY)
    assert sorted(done) == [str(number) for number in range(6)]


def test_what_takes_long_has_turns_of_its_own(book: Book) -> None:
    register(JobKind(name="test.long", label="久", run=book.run, long=True))
    for number in range(2):
        arm(kind="test.long", of=str(number), due_at=JULY)
    arm(kind="test.once", of="1", due_at=JULY)
    assert run_due(at=JULY).done == 1
    assert Job.objects.filter(kind="test.long", open=True).count() == 2
    assert [run_due(at=JULY, long=True).done for _ in range(3)] == [1, 1, 0]
    assert len(book.done) == 3


@pytest.mark.django_db(transaction=True)
def test_a_long_job_stays_its_workers_and_another_leaves_it(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leasing, "RENEW_SECONDS", 0.02)
    after = JULY + LEASE + timedelta(milliseconds=1)
    others, waiting = [], []

    def long(due: Due) -> None:
        book.run(due)
        end = time.monotonic() + 20
        while Job.objects.get().next_try_at <= after and time.monotonic() < end:
            time.sleep(0.02)
        others.append(run_due(at=after, long=True).done)
        waiting.append(public_waiting(at=after).oldest_due_job)

    register(JobKind(name="test.long", label="久", run=long, long=True))
    arm(kind="test.long", of="1", due_at=JULY)
    assert run_due(at=JULY, long=True).done == 1
    assert (others, waiting) == ([0], [None])
    assert len(book.done) == 1
    assert not Job.objects.get().open


@pytest.mark.django_db(transaction=True)
def test_a_long_job_that_is_armed_anew_meanwhile_is_no_longer_held(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leasing, "RENEW_SECONDS", 0.01)
    later = JULY + timedelta(days=2)

    def rearms(due: Due) -> None:
        book.run(due)
        if len(book.done) == 1:
            arm(kind="test.long", of="1", due_at=later)
            time.sleep(0.1)

    register(JobKind(name="test.long", label="久", run=rearms, long=True))
    arm(kind="test.long", of="1", due_at=JULY)
    run_due(at=JULY, long=True)
    assert Job.objects.get().next_try_at == later
    assert run_due(at=later, long=True).done == 1
