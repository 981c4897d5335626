"""A draw in the small city: promises that were declared kept, the table of layers, the steps."""

from datetime import UTC, date, datetime, timedelta

from tests.city import CITY, JULY, LUSHUN, MARCH, OFFICE, PULANDIAN, City, promise
from yinuo.commitments.commands import deliver, judge
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.life import Visibility
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.supervision.commands import draws as commands
from yinuo.supervision.framing import NAME
from yinuo.web.files import store

JUNE = datetime(2024, 6, 20, 2, 0, tzinfo=UTC)
LATER = datetime(2099, 1, 1, 12, 0, tzinfo=UTC)
"""After whatever the database's clock says: when the lottery was held."""
BALLS = "03 09 15 21 27 33 + 08"
DONE = tuple(f"DN-{number:02d}" for number in range(1, 15))
CLOSED_ONES = frozenset(DONE[-2:])


def publish_strata(city: City, files: FileStore) -> int:
    """The shipped table of layers, in force from March on."""
    data = (content_dir() / NAME).read_bytes()
    kept = keep(name=NAME, data=data, valid_from=MARCH.date(), store=files)
    number = ask_publication(kept=kept, reason="发布", store=files, by=city["admin"], at=MARCH)
    approve_publication(number=number, store=files, by=city["admin2"], at=MARCH)
    return number


def declare_kept(city: City) -> None:
    """Fourteen promises declared delivered in June, two of them closed; four on their last day."""
    rows = [
        promise(
            code,
            title=f"办结 {code}",
            kind="measure",
            lead=LUSHUN if number % 3 else PULANDIAN,
            due=JUNE.date() if number < 4 else date(2024, 12, 31),
        )
        for number, code in enumerate(DONE)
    ]
    register(
        registration=Registration(commitments=rows),
        office=OFFICE,
        by=city["admin"],
        at=MARCH,
        visibility=Visibility.CLOSED,
    )
    supervisor = city["supervisor"]
    public = [code for code in DONE if code not in CLOSED_ONES]
    publish(commitments=public, visibility=Visibility.PUBLIC, by=supervisor, at=MARCH)
    for number, code in enumerate(DONE):
        who = city["lushun" if number % 3 else "pulandian"]
        deliver.deliver(commitment=code, delivered_date=JUNE.date(), note="已完成", by=who, at=JUNE)
        if number % 2:
            judge.verify(commitment=code, note="查过", by=supervisor, at=JUNE + timedelta(hours=1))


def fix_frame(
    city: City,
    files: FileStore,
    *,
    who: str = "auditor",
    unit: str = CITY,
    source: str = "lottery",
    at: datetime = JULY,
) -> str:
    """A frame of June, to be decided by a lottery."""
    return commands.frame(
        unit=unit,
        title="二季度报称完成事项抽查",
        from_date=date(2024, 6, 1),
        until_date=date(2024, 6, 30),
        source=source,
        source_name="中国福利彩票双色球",
        source_number="2024083",
        known_from=at + timedelta(days=3),
        store=files,
        by=city[who],
        at=at,
    )


def draw_one(
    city: City, files: FileStore, signer: Signer, memory: Memory, *, who: str = "auditor"
) -> str:
    """A draw up to those drawn; returns its code."""
    code = fix_frame(city, files, who=who, unit=CITY if who == "auditor" else OFFICE)
    seal(signer=signer, memory=memory)
    commands.enter_randomness(
        draw=code,
        value=BALLS,
        known_at=LATER,
        where="https://www.cwl.gov.cn",
        store=files,
        by=city[who],
        at=LATER + timedelta(hours=1),
    )
    commands.draw(draw=code, store=files, by=city[who], at=LATER + timedelta(hours=1))
    return code


def check_at_random(city: City) -> None:
    """The table in force and a frame of the office that waits for its lottery."""
    publish_strata(city, store())
    fix_frame(city, store(), who="supervisor", unit=OFFICE)
