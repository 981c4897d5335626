"""A repair needs its conditions and two persons, and is in force the moment it is granted."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.web.credit_city import code_of
from tests.web.report_city import FIRM, GRAVE, LATE, NOW, OF_2025, OF_2026, TODAY, Trial
from yinuo.commitments.models import Commitment
from yinuo.credit.commands.repairs import drop_repair, revoke_repair
from yinuo.credit.errors.reports import RepairNotYet, RepairStands, SamePerson, UnknownRepair
from yinuo.credit.models import CreditRepair
from yinuo.credit.queries.entity import by_code
from yinuo.credit.queries.own_figures import public_own_figures
from yinuo.credit.queries.repairs import repair, repairs
from yinuo.credit.regimes.publicity import Publicity
from yinuo.credit.regimes.repair import Conditions, Repair
from yinuo.credit.regimes.sharing import Sharing
from yinuo.ledger.history import thread_events
from yinuo.parties.viewer import NotAllowed
from yinuo.web.credit import figures, means, regime

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def _figures(trial: Trial) -> dict[str, object]:
    told = public_own_figures(
        subject=trial.subject,
        means=means(),
        figures=figures(),
        regime=regime(),
        on=TODAY,
        at=NOW,
    )
    return dict(told)


def _public(trial: Trial) -> set[str]:
    """Records of penalties as anybody sees them."""
    seen = by_code(
        code=code_of(FIRM),
        purpose="public",
        means=means(),
        viewer=trial.city["stranger"],
        at=NOW,
    )
    return {fact.record for group in seen.sources for fact in group.facts}


def test_each_condition_that_is_not_met_is_told(trial: Trial) -> None:
    nothing = Conditions(corrected=False, duties_done=False, promised=False)
    with pytest.raises(RepairNotYet) as found:
        trial.ask(LATE, nothing)
    assert found.value.unmet == (
        "公示未满最短期限，2027-01-20 起可以申请",
        "失信行为还没有纠正",
        "决定中的义务还没有履行完毕",
        "还没有公开作出信用承诺",
    )
    with pytest.raises(RepairNotYet, match="2027-05-10"):
        trial.ask(GRAVE)
    assert not CreditRepair.objects.exists()


def test_granted_it_ends_publicity_sharing_and_use_at_once(trial: Trial) -> None:
    record = trial.fact(OF_2026).record
    before = _figures(trial)
    assert record in _public(trial)
    trial.repaired(OF_2026)

    fact = trial.fact(OF_2026)
    assert (fact.states.publicity, fact.states.sharing, fact.states.repair) == (
        *(Publicity.STOPPED, Sharing.STOPPED),
        Repair.GRANTED,
    )
    assert record not in _public(trial)
    assert trial.fact(OF_2025).is_public
    after = _figures(trial)
    name = "在公示期一般处罚数"
    assert (before[name], after[name]) == (3, 2)
    with pytest.raises(RepairStands):
        trial.ask(OF_2026)


def test_the_promise_is_a_public_commitment_from_acceptance_on(trial: Trial) -> None:
    code = trial.ask(OF_2026)
    assert not Commitment.objects.filter(kind="repair_promise").exists()
    trial.accept(code)
    promise = Commitment.objects.get(kind="repair_promise")
    assert (promise.due, promise.visibility, promise.lead_said) == (
        date(2027, 5, 10),
        "public",
        trial.subject.name,
    )
    seen = repair(code=code, means=means(), viewer=trial.city["steward2"])
    assert (seen.promise, seen.acts) == (promise.code, ("grant", "deny"))


def test_two_persons_and_what_they_verified(trial: Trial) -> None:
    code = trial.ask(OF_2026)
    with pytest.raises(NotAllowed):
        trial.accept(code, by="market")
    with pytest.raises(UnknownRepair):
        trial.accept(code, by="fire")
    trial.accept(code)
    with pytest.raises(SamePerson):
        trial.grant(code, by="steward")
    with pytest.raises(RepairNotYet, match="义务还没有履行"):
        trial.grant(code, conditions=Conditions(corrected=True, duties_done=False, promised=True))
    row = CreditRepair.objects.get(pk=code)
    row.decided_by, row.state = row.accepted_by, str(Repair.GRANTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    trial.grant(code, by="market")
    assert trial.fact(OF_2026).states.repair is Repair.GRANTED


def test_denied_and_taken_back_change_nothing_else(trial: Trial) -> None:
    code = trial.ask(OF_2026)
    trial.grant(code, by="steward", granted=False)
    fact = trial.fact(OF_2026)
    assert (fact.states.repair, fact.is_public) == (Repair.DENIED, True)
    again = trial.ask(OF_2026)
    with pytest.raises(UnknownRepair):
        drop_repair(repair=again, subject=trial.other.code, at=NOW)
    drop_repair(repair=again, subject=trial.subject.code, at=NOW)
    assert trial.fact(OF_2026).states.repair is Repair.DROPPED


def test_revoked_the_record_counts_again(trial: Trial) -> None:
    code = trial.repaired(OF_2026)
    revoke_repair(repair=code, reason="凭证是假的", means=means(), by=trial.city["market"], at=NOW)
    fact = trial.fact(OF_2026)
    assert (fact.states.repair, fact.is_public) == (Repair.REVOKED, True)
    assert fact.record in _public(trial)
    verbs = [event.verb.partition(".")[2] for event in thread_events(f"credit_repair:{code}")]
    assert verbs == ["ask", "accept", "grant", "revoke"]


def test_the_centre_and_the_source_see_it_others_do_not(trial: Trial) -> None:
    code = trial.ask(OF_2026)
    seen = {
        who: [one.code for one in repairs(means=means(), viewer=trial.city[who]).rows]
        for who in ("steward", "market", "fire", "stranger", "auditor")
    }
    assert seen == {
        "steward": [code],
        "market": [code],
        "fire": [],
        "stranger": [],
        "auditor": [code],
    }
