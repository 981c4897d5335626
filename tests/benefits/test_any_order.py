"""Whatever officers do in whatever order: totals agree to the cent, and replay finds no fault."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.benefits.fund import (
    DEFINITION,
    FIRMS,
    MONDAY,
    POLICY,
    calendar,
    open_fund,
    publish,
    register,
    screen,
)
from tests.city import City
from yinuo.benefits.banking.writing import yuan
from yinuo.benefits.commands import approving, clawing, paying, reviewing, telling
from yinuo.benefits.life import COUNTED
from yinuo.benefits.models import Award, Clawback, PayoutBatch, PayoutLine
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By
from yinuo.ledger.replay import replay

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FIRM = By(actor="subject:ZT-1", capacity="firm")
BUDGET = 40_000_00
STEPS = 200
MOSTLY = 0.9


@dataclass
class Office:
    """Officers who take any step at any time; what is refused leaves no trace."""

    city: City
    folder: Path
    version: str
    draw: random.Random
    at: datetime = MONDAY
    firms: int = 2
    done: dict[str, int] = field(default_factory=dict)

    def who(self) -> str:
        """One of the two officers."""
        return self.draw.choice(["officer", "officer2"])

    def some(self, rows: list[str]) -> str:
        """Any of the codes; one that does not exist where there is none."""
        return self.draw.choice(rows) if rows else "DX-2024-99999999"

    def award(self, *states: str) -> str:
        """Any award, rather one in these states."""
        rows = Award.objects.filter(state__in=states) if states else Award.objects.all()
        return self.some(list(rows.values_list("code", flat=True)))

    def screen(self) -> None:
        self.firms += 1
        more = [
            (f"E{n:02}", f"企业{n}", "", 10 + n, False, FIRMS[0][5], str(n))
            for n in range(9, 9 + self.firms)
        ]
        given = register(self.folder, [*FIRMS, *more])
        screen(self.city, self.folder, self.version, register=given, at=self.at)

    def put_up(self) -> None:
        reviewing.put_up(policy=POLICY, by=self.city[self.who()], at=self.at, calendar=calendar())

    def clear(self) -> None:
        for code in list(Award.objects.exclude(odd=[]).values_list("code", flat=True)):
            with suppress(YinuoError):
                reviewing.clear(award=code, by=self.city[self.who()], at=self.at)

    def refuse(self) -> None:
        code = self.award("listed", "approved")
        reviewing.refuse(award=code, reason="查实不符", by=self.city[self.who()], at=self.at)

    def restore(self) -> None:
        code = self.award("refused")
        reviewing.restore(award=code, reason="是我们弄错", by=self.city[self.who()], at=self.at)

    def object_to(self) -> None:
        today = civil_date(self.at)
        reviewing.object_to(award=self.award("listed"), reason="听说", today=today, at=self.at)

    def ask(self) -> None:
        approving.ask_approval(policy=POLICY, by=self.city[self.who()], at=self.at)

    def approve(self) -> None:
        who = self.city[self.who()]
        approving.approve(policy=POLICY, by=who, at=self.at, calendar=calendar())

    def tell(self) -> None:
        account = f"6222{self.draw.randrange(10**8):08}"
        code = self.award("listed", "approved")
        telling.tell_account(award=code, bank="示范银行", account=account, by=FIRM, at=self.at)

    def make(self) -> None:
        paying.make_batch(policy=POLICY, by=self.city[self.who()], at=self.at)

    def batch(self, *states: str) -> str:
        """Any payment file, mostly one in these states."""
        rows = PayoutBatch.objects.all()
        if self.draw.random() < MOSTLY:
            rows = rows.filter(state__in=states)
        return self.some(list(rows.values_list("code", flat=True)))

    def send(self) -> None:
        paying.send_batch(batch=self.batch("made"), by=self.city[self.who()], at=self.at)

    def cancel(self) -> None:
        paying.cancel_batch(batch=self.batch("made"), by=self.city[self.who()], at=self.at)

    def answer(self) -> None:
        batch = self.batch("sent")
        lines = ["批次,序号,金额（元）,结果,日期,原因"]
        for line in PayoutLine.objects.filter(batch=batch):
            word = self.draw.choice(["成功", "成功", "成功", "退汇", ""])
            amount = line.amount + self.draw.choice([0, 0, 0, 0, 1])
            if word:
                day = civil_date(self.at)
                lines.append(f"{batch},{line.number},{yuan(amount)},{word},{day},原因")
        data = "\n".join(lines).encode()
        who = self.city[self.who()]
        paying.take_answer(batch=batch, data=data, file="回单.csv", by=who, at=self.at)

    def claw(self) -> None:
        amount = self.draw.choice([1, 100_00, 10**9])
        who = self.city[self.who()]
        code = self.award("paid")
        clawing.ask_clawback(award=code, amount=amount, reason="多拨", by=who, at=self.at)

    def clawback(self) -> str:
        return self.some(list(Clawback.objects.values_list("code", flat=True)))

    def order(self) -> None:
        who = self.city[self.who()]
        clawing.order_clawback(
            clawback=self.clawback(), days=5, by=who, at=self.at, calendar=calendar()
        )

    def repay(self) -> None:
        amount = self.draw.choice([1, 50_00, 100_00])
        who = self.city[self.who()]
        clawing.note_repaid(clawback=self.clawback(), amount=amount, by=who, at=self.at)

    def drop(self) -> None:
        who = self.city[self.who()]
        clawing.withdraw_clawback(clawback=self.clawback(), reason="弄错", by=who, at=self.at)

    def step(self) -> None:
        """Any one step, a day or two later."""
        ways: list[Callable[[], None]] = [
            *(self.screen, self.put_up, self.put_up, self.clear, self.clear, self.refuse),
            *(self.restore, self.object_to, self.ask, self.ask, self.ask),
            *(self.approve, self.approve, self.approve),
            *(self.tell, self.tell, self.tell, self.make, self.make, self.send, self.send),
            *(
                self.cancel,
                self.answer,
                self.answer,
                self.answer,
                self.claw,
                self.order,
                self.repay,
                self.drop,
            ),
        ]
        way = self.draw.choice(ways)
        self.at += timedelta(days=self.draw.choice([0, 1, 2]))
        with suppress(YinuoError):
            way()
            self.done[way.__name__] = self.done.get(way.__name__, 0) + 1


def _check_totals() -> None:
    counted = Award.objects.filter(state__in=sorted(COUNTED))
    assert sum(each or 0 for each in counted.values_list("amount", flat=True)) <= BUDGET
    for batch in PayoutBatch.objects.prefetch_related("lines"):
        sums = {"open": 0, "paid": 0, "bounced": 0}
        for line in batch.lines.all():
            sums[line.state] += line.amount
        assert batch.total == sum(sums.values())
        assert batch.paid == sums["paid"]
        if batch.state != "cancelled":
            assert batch.bounced == sums["bounced"]
    awards = Award.objects.select_related("commitment")
    for award in awards.prefetch_related("payments", "clawbacks"):
        payments = award.payments.all()
        paid = sum(each.amount for each in payments if each.state == "paid")
        assert paid == (award.amount if award.state == "paid" else 0)
        assert sum(each.state == "open" for each in payments) <= 1
        wanted = {"approved": "open", "sent": "open", "paid": "kept"}.get(award.state)
        if wanted:
            assert award.commitment is not None
            assert award.commitment.status == wanted
        elif award.commitment is not None:
            assert award.commitment.status == "waived"
        backs = [back for back in award.clawbacks.all() if back.state != "withdrawn"]
        assert sum(back.amount for back in backs) <= (award.amount or 0)
        assert all(back.repaid <= back.amount for back in backs)


@pytest.mark.parametrize("seed", range(4))
def test_totals_agree_whatever_is_done(db: None, tmp_path: Path, seed: int) -> None:
    del db
    city = open_fund()
    text = DEFINITION.replace('"50000.00"', f'"{yuan(BUDGET)}"').replace(
        'shortage = "stop"', 'shortage = "first"\nfirst_by = "成立日期"'
    )
    version = publish(city, text)
    office = Office(city, tmp_path, version, random.Random(seed))  # noqa: S311  # drawn, not secret
    office.screen()
    for _ in range(STEPS):
        office.step()
        _check_totals()
    assert replay().faults == []
    assert {"approve", "make", "send", "answer", "claw"} <= office.done.keys()
