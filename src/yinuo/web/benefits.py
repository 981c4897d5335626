"""The register of firms that policies are screened over: profiles of the current release."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.benefits.commands.screening import Register, rulebook_of, table_of
from yinuo.benefits.errors import NoPolicyTable
from yinuo.benefits.matching import Match, match
from yinuo.benefits.queries.policies import PolicyLine, public_policies, public_policy
from yinuo.benefits.screening import TableUnfit
from yinuo.credit.profiles import profiles_of
from yinuo.credit.reads.log import LONGEST_FIELDS, Read
from yinuo.kernel.filestore import FileMissing
from yinuo.ledger.commands.recording import By
from yinuo.web import clock
from yinuo.web.credit import figures, means, regime
from yinuo.web.files import store

PURPOSE = "benefits"
log = logging.getLogger(__name__)


def register(*, on: date) -> Register:
    """Profiles as of a day. Raises `NoRelease` and what making them raises."""
    found = profiles_of(means=means(), figures=figures(), regime=regime(), on=on, at=clock.now())
    return Register(
        release=found.release, profile=found.profile, entities=found.entities, look=_look
    )


def _look(entities: Sequence[str], fields: Sequence[str], by: By, at: datetime) -> None:
    """A line of the read log for everyone whose figures an officer is given."""
    reads = [
        Read(
            reader=by.actor,
            capacity=by.capacity,
            purpose=PURPOSE,
            entity=entity,
            fields=fields[:LONGEST_FIELDS],
        )
        for entity in entities
    ]
    if reads:
        means().reads.append_all(reads, at=at)


@dataclass(frozen=True)
class PolicyMatch:
    """A policy in force with how one firm stands to it."""

    line: PolicyLine
    match: Match | None
    """None where the decision table is not in force."""


def matches_of(kind: str, facts: Mapping[str, object], *, on: date) -> tuple[PolicyMatch, ...]:
    """The policies in force for a sort of subject; those that it fits first."""
    found = [
        PolicyMatch(line, _match(line.code, facts, on))
        for line in public_policies(on=on)
        if line.in_force and line.subject == kind
    ]
    order = {"yes": 0, "open": 1, "no": 2}
    return tuple(sorted(found, key=lambda one: order[one.match.verdict] if one.match else 3))


def _match(code: str, facts: Mapping[str, object], on: date) -> Match | None:
    it = public_policy(code=code, on=on)
    policy = it.definition
    try:
        table = table_of(policy, publication=it.versions[0].table_publication, on=on)
        return match(policy, rulebook_of(table, store=store()), facts, on)
    except (NoPolicyTable, TableUnfit, FileMissing) as error:
        log.warning("no match by %s: %s", code, error)
        return None
