"""A worker's turn against a sender that keeps what it is given."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.city import JULY, LUSHUN, City
from yinuo.kernel.calendar import Calendar
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.notices.adapters.letter import Letter, NotDeliveredError
from yinuo.notices.commands.addresses import confirm, enter
from yinuo.notices.commands.collect import Collected, collect
from yinuo.notices.commands.sending import Post, Sent, send_due
from yinuo.notices.commands.tell import Telling
from yinuo.notices.outlets import Outlet, Outlets
from yinuo.notices.tokens import Secret

SECRET = Secret.of("a key of this test")
CALENDAR = Calendar((), date(2024, 1, 1), date(2026, 12, 31))
MORNING = datetime.fromisoformat("2024-07-16T08:30:00+08:00")
"""The digest after `JULY`, a Monday at ten in the morning."""
PHONE = "13800000001"
MAIL = "lushun@dl.example"
ISSUED = Telling(
    to_unit=LUSHUN,
    role="officer",
    topic="order.issued",
    title="督办单 DB-1：请回复",
    page="commitment",
    args=("LS-001",),
    about="commitment:LS-001",
    due=date(2024, 7, 20),
)


@dataclass
class Kept:
    """A service that keeps letters; told to, it refuses them."""

    letters: list[Letter] = field(default_factory=list)
    refuse: NotDeliveredError | None = None
    asked: int = 0

    def send(self, letter: Letter) -> str:
        self.asked += 1
        if self.refuse:
            raise self.refuse
        self.letters.append(letter)
        return f"R{len(self.letters)}"


@dataclass
class Services:
    """Two services and a worker that uses them."""

    mail: Kept = field(default_factory=Kept)
    sms: Kept = field(default_factory=Kept)

    @property
    def outlets(self) -> Outlets:
        every = frozenset({"digest", "urgent", "code"})
        return Outlets(
            "https://yinuo.example",
            (
                Outlet("邮件", "mail", "mail", every, private=True, sender=self.mail),
                Outlet("短信", "sms", "sms", every - {"digest"}, private=True, sender=self.sms),
            ),
        )

    @property
    def post(self) -> Post:
        return Post(outlets=self.outlets, secret=SECRET, city="大连市")

    def collect(self, at: datetime) -> Collected:
        return collect(outlets=self.outlets, secret=SECRET, calendar=CALENDAR, at=at)

    def send(self, at: datetime) -> Sent:
        return send_due(post=self.post, at=at)

    def turn(self, at: datetime) -> Sent:
        self.collect(at)
        return self.send(at)


def seal_all(signer: Signer, memory: Memory) -> None:
    while seal(signer=signer, memory=memory).entries:
        pass


def reachable(city: City, services: Services, who: str = "lushun", *channels: str) -> None:
    """A person with confirmed addresses, by mail and phone or as named."""
    at = JULY - timedelta(days=1)
    for channel in channels or ("mail", "sms"):
        value = MAIL if channel == "mail" else PHONE
        enter(channel=channel, value=value, outlets=services.outlets, by=city[who], at=at)
        services.send(at)
        code = (services.mail if channel == "mail" else services.sms).letters[-1].parameters["code"]
        confirm(channel=channel, code=code, secret=SECRET, by=city[who], at=at)
        at += timedelta(minutes=2)
    services.mail.letters.clear()
    services.sms.letters.clear()
