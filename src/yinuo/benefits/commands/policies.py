"""Policies drafted by one person and published by another."""

from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256

from yinuo.benefits.definition import BadPolicy, PolicyDefinition, read_policy
from yinuo.benefits.errors import NoPolicyTable, UnknownPolicy, WrongMoneyState
from yinuo.benefits.life import PolicyState
from yinuo.benefits.models import Policy, PolicyVersion
from yinuo.benefits.permission import act_for_policy, approve_for_policy
from yinuo.commitments.commands.register import NewDocument, put_documents
from yinuo.content.queries import InForce, public_in_force
from yinuo.kernel.canonical import Canonical
from yinuo.kernel.errors import Finding
from yinuo.ledger.commands.recording import command, record
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import Viewer

STATE_WORDS = {"draft": "草稿", "published": "已发布", "ended": "已结束"}


@command("policy.draft")
def draft_policy(
    *, data: bytes, code: str, by: Viewer, at: datetime, simulated: bool = False
) -> str:
    """Take in the file of a policy as a draft; a draft that waits is replaced.

    Returns the code of the version. Raises `BadPolicy` with every finding, `NotAllowed`.
    """
    made = read_policy(data, code=code)
    _check_unit(made)
    acting = act_for_policy(made.unit, by, place=code)
    policy = Policy.objects.select_for_update(of=("self",)).filter(code=code).first()
    if policy is None:
        policy = Policy(code=code, unit_id=made.unit, simulated=simulated or made.simulated)
        record(policy, verb="policy.registered", by=acting, at=at)
    elif policy.unit_id != made.unit:
        raise BadPolicy(code, (_unit_finding(code, made.unit, f"这项政策属于 {policy.unit_id}"),))
    row = policy.versions.filter(state=PolicyState.DRAFT).first()
    verb = "policy.changed" if row else "policy.drafted"
    if row is None:
        number = policy.versions.count() + 1
        row = PolicyVersion(code=f"{code}/v{number}", policy=policy, number=number)
    row.name, row.period, row.budget = made.name, made.period, made.budget
    row.definition, row.definition_sha256 = as_data(made), sha256(data).hexdigest()
    row.valid_from, row.valid_until = made.valid_from, made.valid_until
    row.asked_by = by.actor
    record(row, verb=verb, by=acting, at=at)
    return row.code


@command("policy.publish")
def publish_policy(
    *, version: str, by: Viewer, at: datetime, today: date, row_version: int | None = None
) -> InForce:
    """Publish a draft, by another person of the unit; the version before it ends.

    Returns the decision table it decides by. Raises `UnknownPolicy`, `NotAllowed`, `SamePerson`,
    `WrongMoneyState`, `NoPolicyTable`, `StaleVersion`.
    """
    row = _locked_version(version, row_version)
    acting = approve_for_policy(row.policy.unit_id, by, asked_by=row.asked_by, place=row.code)
    if row.state != PolicyState.DRAFT:
        raise WrongMoneyState(row.code, STATE_WORDS[row.state], "发布")
    name = f"tables/{row.definition['table']}.xlsx"
    table = public_in_force(name, on=max(today, row.valid_from))
    if table is None:
        raise NoPolicyTable(row.code, name, max(today, row.valid_from))
    for before in row.policy.versions.filter(state=PolicyState.PUBLISHED):
        before.state = PolicyState.ENDED
        record(before, verb="policy.ended", by=acting, at=at)
    row.state, row.published_at = PolicyState.PUBLISHED, at
    row.approved_by, row.table_publication = by.actor, table.number
    record(row, verb="policy.published", by=acting, at=at)
    document = NewDocument(code=document_of(row), title=row.name, kind="惠企政策")
    put_documents([document], by=acting, at=at)
    return table


def document_of(version: PolicyVersion) -> str:
    """Code of the document in which the promises of a version stand."""
    return f"HQ-{version.policy_id}-{version.number}"


@command("policy.end")
def end_policy(*, version: str, by: Viewer, at: datetime, row_version: int | None = None) -> None:
    """End a version; what was approved is paid all the same.

    Raises `UnknownPolicy`, `NotAllowed`, `WrongMoneyState`, `StaleVersion`.
    """
    row = _locked_version(version, row_version)
    acting = act_for_policy(row.policy.unit_id, by, place=row.code)
    if row.state != PolicyState.PUBLISHED:
        raise WrongMoneyState(row.code, STATE_WORDS[row.state], "结束")
    row.state = PolicyState.ENDED
    record(row, verb="policy.ended", by=acting, at=at)


def as_data(made: PolicyDefinition) -> dict[str, Canonical]:
    """The definition as it stands in the row."""
    plain = asdict(made)
    plain |= {name: plain[name].isoformat() for name in ("valid_from", "valid_until")}
    plain["shortage"] = made.shortage.value
    return plain


def _locked_version(code: str, version: int | None) -> PolicyVersion:
    rows = PolicyVersion.objects.select_for_update(of=("self",)).select_related("policy")
    row = rows.filter(code=code).first()
    if row is None:
        raise UnknownPolicy(code)
    if version is not None and row.version != version:
        row.version = version
    return row


def _check_unit(made: PolicyDefinition) -> None:
    if made.unit not in {unit.code for unit in public_units()}:
        raise BadPolicy(made.code, (_unit_finding(made.code, made.unit, "没有这个单位"),))


def _unit_finding(code: str, unit: str, what: str) -> Finding:
    return Finding(
        code=BadPolicy.code,
        file=code,
        field="unit",
        value=unit,
        rule=what,
        next_step="填已登记的单位代码",
    )
