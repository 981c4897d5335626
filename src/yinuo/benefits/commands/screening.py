"""Screening every firm by a policy, and proposing those that are found.

    release ──screen_policy──→ answers in the file store
                                   │
              one transaction: the screening with its entry, the proposals with theirs

Deciding a million firms takes as long as it takes, before the transaction opens.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yinuo.benefits.commands.rows import locked_policy, numbered
from yinuo.benefits.definition import PolicyDefinition, policy_of
from yinuo.benefits.drawing import drawn
from yinuo.benefits.errors import NoPolicyTable, UnknownPolicy, WrongMoneyState
from yinuo.benefits.life import AwardState, PolicyState
from yinuo.benefits.models import Award, PolicyVersion, Screening
from yinuo.benefits.permission import act_for_policy
from yinuo.benefits.screening import BETWEEN, ENTITY, OPEN, YES, Screened, screen_policy
from yinuo.content.queries import InForce, public_data, public_in_force, public_versions
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.commands.recording import By, command, put_texts, record, record_new
from yinuo.parties.viewer import Viewer
from yinuo.rules.table import Rulebook
from yinuo.rules.workbook.read import check_bytes

Progress = Callable[[str, int, int], None]
FIRM, PERSON = "firm", "person"
Look = Callable[[Sequence[str], Sequence[str], By, datetime], None]
"""Entities, names of figures, who looks, when."""


@dataclass(frozen=True, kw_only=True)
class Register:
    """The release of credit records that is screened, as files."""

    release: int
    profile: Path
    """One row an entity, with the fields that tables ask for."""
    entities: Path
    """`entity`, `kind`, `code`, `name`."""
    look: Look
    """Writes down whose figures come out, which, and to whom, before they do."""


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """What a screening came to."""

    screening: str
    screened: Screened
    proposed: int
    asked: int
    """Firms that are asked for their one missing field."""
    known: int
    """Eligible ones that have an award of the period already: never paid twice."""


def silent(_step: str, _done: int, _total: int) -> None:
    """Say nothing."""


def screen_register(
    *,
    version: str,
    register: Register,
    by: Viewer,
    at: datetime,
    on: date,
    store: FileStore,
    trial: bool = False,
    table: int | None = None,
    progress: Progress = silent,
) -> Proposed:
    """Screen all firms by a published version, and propose those that are eligible.

    `trial`: a draft too, nobody is proposed. `table`: number of another publication of the decision
    table, only in a trial. Raises `UnknownPolicy`, `NotAllowed`, `WrongMoneyState`,
    `NoPolicyTable`, `TableUnfit` and what `rules.screen` raises.
    """
    row = PolicyVersion.objects.select_related("policy").filter(code=version).first()
    if row is None:
        raise UnknownPolicy(version)
    acting = act_for_policy(row.policy.unit_id, by, place=version)
    if not trial and row.state != PolicyState.PUBLISHED:
        raise WrongMoneyState(version, "未在施行", "筛查")
    policy = policy_of(row.definition)
    wanted = table if trial and table is not None else row.table_publication
    chosen = table_of(policy, publication=wanted, on=on)
    book = rulebook_of(chosen, store=store)
    with tempfile.TemporaryDirectory(prefix="yinuo-screening-") as folder:
        out = Path(folder) / "answers.parquet"
        screened = screen_policy(
            policy, book, profile=register.profile, out=out, on=on, progress=progress
        )
        sha256 = store.put(BytesIO(out.read_bytes()))
        found = _found(out, register.entities, policy)
    seen = sorted({one.name for table in book.tables for one in table.given})
    register.look([each.entity for each in found], seen, acting, at)
    return _propose(
        version=version,
        policy=policy,
        screened=screened,
        found=found,
        release=register.release,
        table=chosen.number,
        sha256=sha256,
        trial=trial,
        by=acting,
        at=at,
    )


def table_of(policy: PolicyDefinition, *, publication: int | None, on: date) -> InForce:
    """The publication of its decision table by which a policy decides.

    A published version keeps the one with which it was published; a draft, which has none yet,
    goes by that in force on the day. Raises `NoPolicyTable`.
    """
    name = f"tables/{policy.table}.xlsx"
    if publication is None:
        found = public_in_force(name, on=on)
    else:
        found = next((one for one in public_versions(name) if one.number == publication), None)
    if found is None:
        raise NoPolicyTable(policy.code, name, on)
    return found


def rulebook_of(table: InForce, *, store: FileStore) -> Rulebook:
    """The decision tables of a publication. Raises `FileMissing`."""
    return check_bytes(public_data(table, store=store), file=table.name).sound()


@dataclass(frozen=True)
class _Found:
    """One firm to be proposed, or to be asked."""

    entity: str
    kind: str
    code: str
    name: str
    amount: int | None
    rule: str
    lacking: str
    place: str
    related: str


def _found(answers: Path, entities: Path, policy: PolicyDefinition) -> list[_Found]:
    """Who is eligible, and who lacks one field only, in the order in which money is given."""
    table = pq.read_table(answers)
    one = pc.and_(
        pc.equal(table.column("verdict"), OPEN),
        pc.invert(pc.match_substring(pc.fill_null(table.column("lacking"), ""), BETWEEN)),
    )
    wanted = table.filter(pc.or_(pc.equal(table.column("verdict"), YES), one))
    who = pq.read_table(
        entities,
        columns=[ENTITY, "kind", "code", "name"],
        filters=pc.field("kind") == policy.subject,
    )
    joined = wanted.join(who, ENTITY, join_type="inner").combine_chunks()
    return sorted(
        (
            _Found(
                entity=row[ENTITY],
                kind=row["kind"],
                code=row["code"] or "",
                name=row["name"] or "",
                amount=row["amount"],
                rule=row["rule"] or "",
                lacking=row["lacking"] or "",
                place=row["place"] or "",
                related=row["related"] or "",
            )
            for row in _rows(joined)
        ),
        key=lambda each: (each.place == "", each.place, each.entity),
    )


def _rows(table: pa.Table) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = table.to_pylist()
    return found


@command("policy.screen")
def _propose(
    *,
    version: str,
    policy: PolicyDefinition,
    screened: Screened,
    found: Sequence[_Found],
    release: int,
    table: int,
    sha256: str,
    trial: bool,
    by: By,
    at: datetime,
) -> Proposed:
    locked_policy(policy.code)
    row = PolicyVersion.objects.select_related("policy").get(code=version)
    screening = Screening(
        code=numbered(Screening, "SX", at, 4)[0],
        policy_version=row,
        release=release,
        table_publication=table,
        on=screened.on,
        screened=screened.firms,
        eligible=screened.eligible,
        refused=screened.refused,
        undetermined=screened.undetermined,
        lacking=dict(screened.lacking),
        cost=screened.cost,
        answers_sha256=sha256,
        screened_at=at,
        trial=trial,
    )
    record(screening, verb="policy.tried" if trial else "policy.screened", by=by, at=at)
    if trial:
        return Proposed(screening=screening.code, screened=screened, proposed=0, asked=0, known=0)
    had = Award.objects.filter(policy=row.policy, period=policy.period)
    known = set(had.values_list("entity", flat=True))
    new = [each for each in found if each.entity not in known]
    awards = _awards(new, row, screening, policy, at)
    for state, verb in ((AwardState.PROPOSED, "award.proposed"), (AwardState.ASKED, "award.asked")):
        record_new([each for each in awards if each.state == state], verb=verb, by=by, at=at)
    asked = sum(each.state == AwardState.ASKED for each in awards)
    return Proposed(
        screening=screening.code,
        screened=screened,
        proposed=len(awards) - asked,
        asked=asked,
        known=sum(each.entity in known and not each.lacking for each in found),
    )


def _awards(
    found: Sequence[_Found],
    version: PolicyVersion,
    screening: Screening,
    policy: PolicyDefinition,
    at: datetime,
) -> list[Award]:
    codes = numbered(Award, "DX", at, 8, len(found))
    names = put_texts([each.name or "（未登记名称）" for each in found])
    numbers = put_texts([each.code if each.kind == PERSON else "" for each in found])
    eligible = [code for code, each in zip(codes, found, strict=True) if not each.lacking]
    sample = drawn(eligible, policy.sample_per_mille, seed=screening.answers_sha256)
    times: dict[str, int] = {}
    for each in found:
        if each.related:
            times[each.related] = times.get(each.related, 0) + 1
    return [
        Award(
            code=code,
            policy=version.policy,
            policy_version=version,
            screening=screening,
            entity=each.entity,
            period=policy.period,
            name_text=name,
            credit_code="" if each.kind == PERSON else each.code,
            number_text=number if each.kind == PERSON else "",
            amount=None if each.lacking else each.amount,
            state=AwardState.ASKED if each.lacking else AwardState.PROPOSED,
            rule=each.rule,
            lacking=each.lacking,
            sampled=code in sample,
            odd=["related"] if times.get(each.related, 0) > 1 else [],
            simulated=version.policy.simulated,
        )
        for code, name, number, each in zip(codes, names, numbers, found, strict=True)
    ]
