"""What a firm reads of itself: each fact with its end, by the rule of the day of decision."""

from datetime import UTC, date, datetime

import pytest

from tests.web.report_city import (
    GRAVE,
    LATE,
    NOW,
    OF_2025,
    OF_2026,
    Trial,
)
from yinuo.credit.queries.entity import by_code
from yinuo.credit.queries.looks import public_own_looks
from yinuo.credit.regimes.publicity import Publicity
from yinuo.web.credit import means

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_penalties_of_two_years_end_by_two_rules(trial: Trial) -> None:
    ends = {name: trial.fact(name).term for name in (OF_2025, OF_2026, GRAVE, LATE)}
    assert {name: (term.rule, term.until) for name, term in ends.items()} == {
        OF_2025: ("58-2", date(2028, 3, 10)),
        OF_2026: ("36-2", date(2027, 5, 10)),
        GRAVE: ("36-3", date(2029, 5, 10)),
        LATE: ("36-2", date(2027, 10, 20)),
    }


def test_what_has_ended_is_said_to_have_ended(trial: Trial) -> None:
    later = trial.fact(OF_2026, on=date(2027, 5, 11))
    assert later.states.publicity is Publicity.ENDED
    assert trial.fact(OF_2025, on=date(2027, 5, 11)).is_public


def test_everybody_sees_a_penalty_until_its_own_end(trial: Trial) -> None:
    def seen(at: datetime) -> set[str]:
        view = by_code(
            code=trial.subject.number,
            purpose="public",
            means=means(),
            viewer=trial.city["stranger"],
            at=at,
        )
        texts = {f.text for g in view.sources for fact in g.facts for f in fact.fields}
        return texts & {OF_2025, OF_2026, GRAVE, LATE}

    assert seen(NOW) == {OF_2025, OF_2026, GRAVE, LATE}
    assert seen(datetime(2027, 5, 10, 2, tzinfo=UTC)) == {OF_2025, OF_2026, GRAVE, LATE}
    assert seen(datetime(2027, 5, 10, 17, tzinfo=UTC)) == {OF_2025, GRAVE, LATE}
    assert seen(datetime(2028, 3, 11, 2, tzinfo=UTC)) == {GRAVE}


def test_another_firm_has_its_own_alone(trial: Trial) -> None:
    texts = [line.text for fact in trial.own(trial.other).facts for line in fact.lines]
    assert OF_2025 not in texts
    assert "连市监罚〔2026〕301号" in texts


def test_whoever_has_no_records_reads_that(trial: Trial) -> None:
    assert trial.own(trial.person).facts == ()


def test_every_look_stands_in_the_read_log(trial: Trial) -> None:
    trial.own()
    trial.own(trial.person)
    looks = public_own_looks(subject=trial.subject, means=means())
    assert [one.own for one in looks] == [True]
    assert looks[0].purpose == "查询本人信用"
