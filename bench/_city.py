"""A made-up city with as many commitments as asked for, for the benchmark of pages.

    YINUO_BENCH_CITY=var/bench-city .venv/bin/python bench/_city.py --size 100000

Makes a whole installation in that folder, on SQLite or on the database of `DATABASE_URL`: rows,
entries, seal and projection, as commands would leave them, but in bulk. One that is there already
is left as it is, so that it can be used again.

What is spread how, the same at every run:

    7 offices supervise, the first 60 % of all. 200 units owe, the n-th in proportion to
    1 / (n + 5); 2 % name nobody. 60 headings, the n-th in proportion to 1 / (n + 10). 7 kinds,
    measures 40 %. 30 % are public, 10 % wait for review. 10 % are undated, the others due in
    2023–2028, half of them on 30 June or 31 December; today is 30 June 2026. Past their deadline
    68 % are kept, 6 % broken, 4 % waived, 5 % wait for verification, 17 % are overdue; before it
    12 % are kept. 12 % of the dated were moved once, by 15 to 400 days; for 3 % a move was refused,
    for 1 % it waits for a decision. 10 % name a cooperating unit. That makes 2.65 entries a
    commitment. Titles have 12 to 25 characters; one in 100,000 names what no other does.
"""

import argparse
import os
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

FOLDER = os.environ.get("YINUO_BENCH_CITY", "")
if not FOLDER:
    raise SystemExit("YINUO_BENCH_CITY 要指明一个目录，城市就建在那里")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = FOLDER

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from yinuo.commitments.commands.project import project_all, refresh_statistics  # noqa: E402
from yinuo.commitments.models import Change, Commitment, Cooperation, Document  # noqa: E402
from yinuo.goals.models import Goal, Plan  # noqa: E402
from yinuo.kernel.filestore import FileStore  # noqa: E402
from yinuo.ledger.commands.recording import By, _append, put_text, record  # noqa: E402
from yinuo.ledger.commands.sealing import seal  # noqa: E402
from yinuo.ledger.key import load_signer  # noqa: E402
from yinuo.ledger.memory import Memory  # noqa: E402
from yinuo.ledger.recorded import Recorded  # noqa: E402
from yinuo.parties.commands import (  # noqa: E402
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_viewer_named  # noqa: E402
from yinuo.parties.viewer import Viewer  # noqa: E402
from yinuo.project.home import Home, complete  # noqa: E402
from yinuo.project.installation import Person, found, lay_out  # noqa: E402

TODAY = date(2026, 6, 30)
FIRST_DAY, DAYS = date(2023, 1, 1), 6 * 365
START = datetime(2023, 1, 10, 2, tzinfo=UTC)
FOUNDED = datetime(2024, 1, 10, 2, tzinfo=UTC)
"""The shipped rules are in force from 2024 on."""
HOME = Home(city="测试市", origin="yinuo.bench.demo", demo_date=TODAY.isoformat())
CITY = "210200"
PASSWORD = "one-thousand-gold"  # noqa: S105  # of a made-up city
PEOPLE = (
    ("ducha", "supervisor", "DC0"),
    ("small", "supervisor", "DC6"),
    ("tianbao", "officer", "U004"),
    ("shenji", "auditor", CITY),
)
"""A supervisor of 60 %, one of 3 %, an officer of a large unit, an auditor of all."""
CHUNK = 2_000
REASONS = 200
UNDATED, UNOWNED, ON_TWO_DAYS, PUBLISHED, HELPED = 0.1, 0.02, 0.5, 0.3, 0.1
MOVED, REFUSED, WAITING = 0.12, 0.03, 0.01
"""Shares of all; the last three of those with a deadline."""
EVERY, RARELY = 100_000, 77
"""Of so many, the one with this number names what no other does."""

OFFICES = [
    "市政府督查室",
    "市发改委",
    "市人大办公室",
    "市政协办公室",
    "市信访局",
    "市营商局",
    "市委督查室",
]
OFFICE_SHARES = (60, 15, 8, 6, 5, 3, 3)
DISTRICTS = ["中山区", "西岗区", "沙河口区", "甘井子区", "旅顺口区", "金州区", "普兰店区", "长海县"]
FIELDS = [
    "教育",
    "科技",
    "工信",
    "民政",
    "司法",
    "财政",
    "人社",
    "自然资源",
    "生态环境",
    "住建",
    "交通",
    "水务",
    "农业农村",
    "商务",
    "文旅",
    "卫健",
    "应急",
    "审计",
    "国资",
    "市场监管",
]
KINDS = ("measure", "project", "target", "milestone", "pledge", "plan", "goal")
KIND_SHARES = (40, 20, 12, 12, 10, 4, 2)
VERBS = [
    "推进",
    "建成",
    "启用",
    "完成",
    "开展",
    "加快",
    "实施",
    "落实",
    "制定",
    "优化",
    "改造",
    "提升",
]
PLACES = [
    *DISTRICTS,
    *["高新园区", "长兴岛", "花园口", "太平湾", "东港商务区", "大窑湾", "自贸片区"],
]
WHAT = [
    "老旧小区",
    "污水管网",
    "保障性住房",
    "公交线路",
    "产业园区",
    "口岸设施",
    "养老服务中心",
    "智慧停车",
    "营商环境",
    "审批流程",
    "数据共享平台",
    "港口码头",
    "冷链物流",
    "海洋牧场",
    "新能源项目",
    "中小学校",
    "社区医院",
    "农村公路",
    "应急避难场所",
    "文化场馆",
    "人才公寓",
    "信用体系",
    "招商引资",
    "科技孵化器",
]
HOW = [
    "改造工程",
    "提质行动",
    "建设任务",
    "三年计划",
    "专项整治",
    "示范项目",
    "便民措施",
    "配套工程",
    "试点工作",
]
RARE = "鲸落观测站"


class Maker:
    """Makes commitments with their histories, a chunk at a time, from one seed."""

    def __init__(self, size: int, texts: Sequence[str]) -> None:
        self.size = size
        self.texts = texts
        self.rng = random.Random(2024)
        self.leads = [f"U{n:03}" for n in range(200)]
        self.lead_shares = [1 / (n + 5) for n in range(200)]
        self.headings = [f"H{n:02}" for n in range(60)]
        self.heading_shares = [1 / (n + 10) for n in range(60)]

    def row(self, number: int) -> Commitment:
        """One commitment as it was registered."""
        rng = self.rng
        due = None if rng.random() < UNDATED else self._day()
        words = [rng.choice(VERBS), rng.choice(PLACES), rng.choice(WHAT), rng.choice(HOW)]
        what = RARE if number % EVERY == RARELY else f"第{rng.randint(1, 30)}批"
        lead = None if rng.random() < UNOWNED else rng.choices(self.leads, self.lead_shares)[0]
        return Commitment(
            code=f"DL2023-{number:07}",
            kind=rng.choices(KINDS, KIND_SHARES)[0],
            title="".join([*words, what]),
            heading=rng.choices(self.headings, self.heading_shares)[0],
            lead_id=lead,
            creditor="社会公众",
            creditor_unit_id=f"DC{rng.choices(range(7), OFFICE_SHARES)[0]}",
            due=due,
            due_original=due,
            document_id="DOC",
            place=f"第 {number % 400} 条",
            visibility="review" if rng.random() < 1 / 7 else "closed",
        )

    def _day(self) -> date:
        day = FIRST_DAY + timedelta(days=self.rng.randrange(DAYS))
        if self.rng.random() < ON_TWO_DAYS:
            return date(day.year, *self.rng.choice([(6, 30), (12, 31)]))
        return day

    def ending(self, row: Commitment) -> str:
        """What became of it."""
        past = row.due_original is not None and row.due_original < TODAY
        kinds = ("kept", "broken", "waived", "delivered", "open")
        shares = (68, 6, 4, 5, 17) if past else (12, 0, 1, 1, 86)
        return self.rng.choices(kinds, shares)[0]

    def chunk(self, numbers: range) -> None:
        """Rows of these numbers with all their entries, in one transaction."""
        rows = [self.row(number) for number in numbers]
        write(rows, "commitment.registered", "administrator:DC0")
        published = [row for row in rows if self.rng.random() < PUBLISHED]
        each(published, lambda row: setattr(row, "visibility", "public"))
        write(published, "commitment.published", "supervisor:DC0")
        changes = self._changes([row for row in rows if row.due])
        self._end(rows)
        Commitment.objects.bulk_create(rows, batch_size=500)
        Change.objects.bulk_create(changes, batch_size=500)
        helped = [row for row in rows if self.rng.random() < HELPED]
        help_given = [self._cooperation(row) for row in helped]
        write(help_given, "cooperation.registered", "administrator:DC0")
        Cooperation.objects.bulk_create(help_given, batch_size=500)

    def _cooperation(self, row: Commitment) -> Cooperation:
        unit = self.rng.choice(self.leads)
        return Cooperation(code=f"{row.code}/{unit}", commitment_id=row.code, unit_id=unit)

    def _changes(self, dated: Sequence[Commitment]) -> list[Change]:
        """Requests to move: most approved, some refused, a few still waiting."""
        chosen = [(row, self.rng.random()) for row in dated]
        made = [
            (row, self._change(row), luck)
            for row, luck in chosen
            if luck < MOVED + REFUSED + WAITING
        ]
        write([change for _, change, _ in made], "change.asked", "officer:U001")
        for row, change, luck in made:
            if luck < MOVED + REFUSED:
                change.status = "approved" if luck < MOVED else "refused"
                change.decided_by = "account:2"
                change.decided_at = change.asked_at + timedelta(days=self.rng.randint(1, 20))
                change.decision_text = self.rng.choice(self.texts)
            if luck < MOVED:
                row.due = date.fromisoformat(change.new["due"])
                row.moved_count = 1
        for status in ("approved", "refused"):
            some = [change for _, change, _ in made if change.status == status]
            write(some, f"change.{status}", "supervisor:DC0")
        moved = [row for row, change, _ in made if change.status == "approved"]
        write(moved, "commitment.moved", "supervisor:DC0")
        return [change for _, change, _ in made]

    def _change(self, row: Commitment) -> Change:
        assert row.due is not None  # noqa: S101  # only dated ones are asked about
        new = row.due + timedelta(days=self.rng.randint(15, 400))
        before = START + timedelta(days=(row.due - FIRST_DAY).days - self.rng.randint(-20, 60))
        asked = min(before, datetime(2026, 6, 20, tzinfo=UTC))
        return Change(
            code=f"{row.code}/C1",
            commitment_id=row.code,
            lead_id=row.lead_id,
            kind="moved",
            old={"due": row.due.isoformat()},
            new={"due": new.isoformat()},
            reason_text=self.rng.choice(self.texts),
            asked_by="account:1",
            asked_at=asked,
            after_the_fact=asked.date() > row.due,
        )

    def _end(self, rows: Sequence[Commitment]) -> None:
        ends = [(row, self.ending(row)) for row in rows]
        done = [row for row, end in ends if end in ("kept", "delivered")]
        each(done, self._deliver)
        write(done, "commitment.delivered", "officer:U001")
        for end, verb in (("kept", "verified"), ("broken", "found_broken"), ("waived", "waived")):
            some = [row for row, how in ends if how == end]
            for row in some:
                row.status = end
                row.outcome = outcome(row) if end == "kept" else end
                if end != "kept":
                    row.delivered_date = None
            write(some, f"commitment.{verb}", "supervisor:DC0")

    def _deliver(self, row: Commitment) -> None:
        row.status = "delivered"
        aim = min(row.due or TODAY, TODAY)
        row.delivered_date = aim + timedelta(days=self.rng.randint(-60, 20))


def outcome(row: Commitment) -> str:
    """How a kept one ended."""
    if row.due is None or row.due_original is None or row.delivered_date is None:
        return "kept_undated"
    if row.delivered_date <= row.due_original:
        return "kept_on_time"
    return "kept_after_move" if row.delivered_date <= row.due else "kept_late"


def each(rows: Sequence[Commitment], change: Callable[[Commitment], None]) -> None:
    """Change every row."""
    for row in rows:
        change(row)


def write(rows: Sequence[Recorded], verb: str, capacity: str) -> None:
    """One entry a row; the rows themselves are written at the end."""
    for row in rows:
        row.version += 1
    _append(rows, verb=verb, by=By("account:1", capacity), at=START)


def viewer(username: str) -> Viewer:
    """The person with this user name."""
    person = public_viewer_named(username)
    if person is None:
        raise LookupError(username)
    return person


def set_up() -> None:
    """An installation with its units, people, one plan and its headings."""
    memory = Memory(settings.YINUO_SEALER_MEMORY)
    lay_out(Path(FOLDER), key=settings.YINUO_LEDGER_KEY, memory=memory)
    signer = load_signer(settings.YINUO_LEDGER_KEY, origin=HOME.origin)
    admins = [Person(f"admin{n}", f"管理员{n}", "administrator", CITY) for n in (1, 2)]
    city = NewUnit(code=CITY, name="测试市", kind="city")
    store = FileStore(settings.YINUO_FILES)
    found(city=city, people=admins, key=signer.verifier, store=store, at=FOUNDED)
    names = [*DISTRICTS, *(f"市{f}局" for f in FIELDS)]
    names += [f"{d}{f}局" for d in DISTRICTS for f in FIELDS]
    names += [f"市属第{n}集团" for n in range(1, 50)]
    units = {f"DC{n}": name for n, name in enumerate(OFFICES)}
    units |= {f"U{n:03}": name for n, name in enumerate(names[:200])}
    register_units(
        units=[NewUnit(code=c, name=n, kind="department", parent=CITY) for c, n in units.items()],
        by=OPERATOR,
        at=START,
    )
    for username, role, unit in PEOPLE:
        open_account(username=username, name=username, password=PASSWORD, by=OPERATOR, at=START)
        duty = ask_duty(username=username, role=role, unit=unit, by=viewer("admin1"), at=START)
        approve_duty(duty=duty, by=viewer("admin2"), at=START)


@transaction.atomic
def make_plan() -> list[str]:
    """The document, plan and headings; returns references of reasons."""
    acting = By("account:1", "administrator:DC0")
    document = Document(code="DOC", title="测试市行动方案", kind="方案", number="测政发〔2023〕6号")
    record(document, verb="document.registered", by=acting, at=START)
    plan = Plan(code="PLAN", title="测试市行动方案", office_id="DC0", document_id="DOC")
    record(plan, verb="plan.registered", by=acting, at=START)
    for n in range(60):
        goal = Goal(code=f"H{n:02}", plan_id="PLAN", number=n + 1, title=f"第{n + 1}项目标任务")
        record(goal, verb="goal.registered", by=acting, at=START)
    return [put_text(f"因第{n}项前置手续尚未办结，申请顺延。") for n in range(REASONS)]


def make(size: int) -> None:
    """The whole city."""
    start = time.monotonic()
    set_up()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")  # of what can be made again
    maker = Maker(size, make_plan())
    for first in range(0, size, CHUNK):
        with transaction.atomic():
            maker.chunk(range(first, min(first + CHUNK, size)))
        if first % 50_000 == 0:
            print(f"{first:,} 项，{time.monotonic() - start:,.0f} 秒", flush=True)
    refresh_statistics()
    signer = load_signer(settings.YINUO_LEDGER_KEY, origin=HOME.origin)
    memory = Memory(settings.YINUO_SEALER_MEMORY)
    while sealed := seal(signer=signer, memory=memory).entries:
        pass
    print(f"封存完毕，{time.monotonic() - start:,.0f} 秒", flush=True)
    del sealed
    entries = project_all(batch=20_000)
    refresh_statistics()
    complete(Path(FOLDER), HOME)
    print(f"汇总 {entries:,} 条，共用 {time.monotonic() - start:,.0f} 秒", flush=True)


def main() -> None:
    """Make it unless it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    options = parser.parse_args()
    if (Path(FOLDER) / "home.json").exists():
        print(f"{FOLDER} 已有 {Commitment.objects.count():,} 项承诺，照旧使用")
        return
    make(options.size)


if __name__ == "__main__":
    main()
