"""An objection marks at once, is answered under its clock, and sends the record back."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.web.credit_city import code_of
from tests.web.report_city import FIRM, LANDED, NOW, OF_2026, Trial, penalties, release
from yinuo.content.calendars import working_calendar
from yinuo.credit.commands.objections import (
    answer_objection,
    drop_objection,
    forward_objection,
    raise_objection,
)
from yinuo.credit.errors.reports import NotOwnRecord, ObjectionStands, UnknownObjection
from yinuo.credit.models import CreditObjection
from yinuo.credit.overlay import unused_records
from yinuo.credit.queries.entity import EntityView, FactView, by_code
from yinuo.credit.queries.objections import objection, objections
from yinuo.credit.regimes.machine import StepNotAllowed
from yinuo.credit.regimes.objection import Objection
from yinuo.credit.regimes.publicity import Publicity
from yinuo.credit.regimes.sharing import Sharing
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.ledger.history import thread_events
from yinuo.parties.viewer import NotAllowed
from yinuo.web.credit import means
from yinuo.web.reports import periods

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def _seen(trial: Trial, *, by: str = "steward", purpose: str = "stewardship") -> EntityView:
    return by_code(
        code=code_of(FIRM), purpose=purpose, means=means(), viewer=trial.city[by], at=NOW
    )


def _fact(view: EntityView, record: str) -> FactView | None:
    facts = (fact for group in view.sources for fact in group.facts)
    return next((fact for fact in facts if fact.record == record), None)


def _answer(trial: Trial, code: str, *, upheld: bool, by: str = "steward") -> None:
    answer_objection(
        objection=code, upheld=upheld, reason="核对原文", means=means(), by=trial.city[by], at=NOW
    )


def test_it_is_marked_at_once_wherever_it_is_read(trial: Trial) -> None:
    record = trial.fact(OF_2026).record
    code = trial.object(OF_2026)
    own = trial.fact(OF_2026)
    assert own.states.objection is Objection.RAISED
    assert own.states.publicity is Publicity.PUBLIC  # the mark moves nothing else
    shown = _fact(_seen(trial, by="stranger", purpose="public"), record)
    assert shown is not None
    assert shown.mark.contested
    assert objection(code=code, means=means(), viewer=trial.city["steward"]).due == date(
        2026, 11, 25
    )


def test_one_at_a_time_and_only_of_ones_own(trial: Trial) -> None:
    trial.object(OF_2026)
    with pytest.raises(ObjectionStands):
        trial.object(OF_2026)
    record = next(f.record for f in trial.own(trial.other).facts if f.kind == "penalty")
    with pytest.raises(NotOwnRecord):
        raise_objection(
            record_id=record,
            what="不是我们的",
            subject=trial.subject,
            means=means(),
            periods=periods(),
            calendar=working_calendar(),
            at=NOW,
        )


def test_upheld_it_is_used_by_nobody_until_it_comes_anew(trial: Trial) -> None:
    record = trial.fact(OF_2026).record
    code = trial.object(OF_2026)
    forward_objection(objection=code, means=means(), by=trial.city["steward"], at=NOW)
    with pytest.raises(NotAllowed, match="来源单位"):
        _answer(trial, code, upheld=True)
    _answer(trial, code, upheld=True, by="market")

    assert _fact(_seen(trial, by="stranger", purpose="public"), record) is None
    kept = _fact(_seen(trial), record)
    assert kept is not None
    assert kept.mark.returned
    own = trial.fact(OF_2026)
    assert (own.states.publicity, own.states.sharing) == (Publicity.WITHDRAWN, Sharing.STOPPED)
    assert unused_records() == ((record, own.batch),)
    with pytest.raises(ObjectionStands):
        trial.object(OF_2026)

    rows = [row | ({"CF_NR_FK": "1.5"} if row["CF_WSH"] == OF_2026 else {}) for row in penalties()]
    release(trial.city, trial.folder, rows, at=LANDED + timedelta(days=1))
    anew = _fact(_seen(trial, by="stranger", purpose="public"), record)
    assert anew is not None
    assert not anew.mark.contested
    assert trial.fact(OF_2026).is_public


def test_dismissed_the_mark_goes_and_the_reason_stays(trial: Trial) -> None:
    code = trial.object(OF_2026)
    _answer(trial, code, upheld=False)
    fact = trial.fact(OF_2026)
    assert (fact.states.objection, fact.is_public) == (Objection.DISMISSED, True)
    assert fact.marks == ()
    with pytest.raises(StepNotAllowed):
        _answer(trial, code, upheld=True)
    assert trial.object(OF_2026) != code  # new facts may be brought forward


def test_who_handles_it(trial: Trial) -> None:
    code = trial.object(OF_2026)
    for who in ("fire", "stranger", "supervisor"):
        with pytest.raises(UnknownObjection):
            objection(code=code, means=means(), viewer=trial.city[who])
        with pytest.raises(UnknownObjection):
            forward_objection(objection=code, means=means(), by=trial.city[who], at=NOW)
        assert objections(means=means(), viewer=trial.city[who]).rows == ()
    with pytest.raises(NotAllowed):
        forward_objection(objection=code, means=means(), by=trial.city["market"], at=NOW)
    with pytest.raises(StaleVersion):
        forward_objection(
            objection=code, means=means(), by=trial.city["steward"], at=NOW, version=7
        )
    with pytest.raises(UnknownObjection):
        drop_objection(objection=code, subject=trial.other.code, at=NOW)
    drop_objection(objection=code, subject=trial.subject.code, at=NOW)
    assert trial.fact(OF_2026).states.objection is Objection.DROPPED


def test_the_database_refuses_a_second_open_one(trial: Trial) -> None:
    code = trial.object(OF_2026)
    row = CreditObjection.objects.get(pk=code)
    row.pk = "YY-2026-999999"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_no_word_of_the_subject_stands_in_an_entry(trial: Trial) -> None:
    code = trial.object(OF_2026, what="试丙提供的证据")
    (event,) = thread_events(f"credit_objection:{code}")
    assert "试丙" not in str(event.after)
    assert trial.subject.name not in str(event.after)
    assert str(event.after["what_text"]).startswith("text:")
