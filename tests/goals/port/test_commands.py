"""Logs of declarations: taken in once, released and withdrawn by a second person."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.city import JULY, LUSHUN, City
from tests.clearance import load_log, log_file, means, measured_once, publish_rules, put_port
from yinuo.commitments.errors import Invalid
from yinuo.goals.commands import port as commands
from yinuo.goals.errors.port import (
    BatchWithdrawn,
    NoRules,
    NothingAccepted,
    NothingToMeasure,
    SimulatedMixed,
    UnknownBatch,
    WrongBatchState,
)
from yinuo.goals.models import PortBatch, PortResult
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed


def test_every_row_that_was_read_is_accounted_for(city: City) -> None:
    done = put_port(city)
    assert done.batch == "TG2024-1"
    assert done.read == done.accepted + done.quarantined + done.duplicate
    row = PortBatch.objects.get()
    assert sum(row.reasons.values()) == done.quarantined > 0
    assert row.files[0]["read"] == done.read
    assert "log-1.csv" not in str(row.files)
    result = PortResult.objects.get()
    assert result.batches == ["TG2024-1"]
    assert (result.rules_edition, result.made_with, result.simulated) == (1, "0.test", True)
    assert replay().faults == []


def test_the_same_file_again_changes_nothing(city: City) -> None:
    put_port(city)
    entries = Entry.objects.count()
    again = load_log(city)
    assert (again.already, again.batch, again.result) == (True, "TG2024-1", "")
    assert Entry.objects.count() == entries


def test_a_second_file_makes_a_second_batch_and_a_result_of_both(city: City) -> None:
    put_port(city)
    done = load_log(city, log_file(2, dirty=False, ending=".parquet"))
    assert (done.batch, done.result) == ("TG2024-2", "TJ2024-2")
    assert PortResult.objects.get(pk=done.result).batches == ["TG2024-1", "TG2024-2"]


def test_made_up_and_real_declarations_are_never_measured_together(city: City) -> None:
    put_port(city)
    real = log_file(3)
    with pytest.raises(SimulatedMixed, match="不能一起计算"):
        load_log(city, real, simulated=False)
    assert PortBatch.objects.count() == 1


def test_a_parquet_file_that_says_it_is_made_up_is_believed(city: City) -> None:
    publish_rules(city)
    done = load_log(city, log_file(2, dirty=False, ending=".parquet"), simulated=False)
    assert done.simulated


def test_without_published_rules_nothing_is_measured(city: City) -> None:
    with pytest.raises(NoRules, match="yinuo content publish"):
        load_log(city)


def test_a_file_without_one_usable_row_is_refused_with_the_reasons(
    city: City, tmp_path: Path
) -> None:
    publish_rules(city)
    path = tmp_path / "bad.csv"
    path.write_text(
        "报关单号,环节,时间,标志,进出口,运输方式,口岸,企业类别\n"
        "1,运抵,昨天下午,,进口,海运,东湾集装箱口岸,其他\n",
        encoding="utf-8",
    )
    with pytest.raises(NothingAccepted, match="时间无法识别 1 行"):
        load_log(city, path)
    assert not PortBatch.objects.exists()


def test_only_the_unit_takes_in_its_log(city: City) -> None:
    publish_rules(city)
    for who in ("pulandian", "supervisor", "auditor"):
        with pytest.raises(NotAllowed):
            load_log(city, who=who)


def test_who_measured_does_not_release(city: City) -> None:
    done = put_port(city)
    for who in ("lushun", "pulandian", "auditor", "admin"):
        with pytest.raises(NotAllowed):
            commands.release(result=done.result, by=city[who], at=JULY)
    commands.release(result=done.result, by=city["supervisor"], at=JULY)
    assert PortBatch.objects.get().visibility == "public"
    with pytest.raises(WrongBatchState, match="已公开"):
        commands.release(result=done.result, by=city["supervisor"], at=JULY)


def test_a_withdrawal_takes_two_persons_and_the_results_with_it(city: City) -> None:
    done = put_port(city, released=True)
    with pytest.raises(Invalid):
        commands.ask_withdrawal(batch=done.batch, reason=" ", by=city["lushun"], at=JULY)
    commands.ask_withdrawal(batch=done.batch, reason="缺了三天", by=city["lushun"], at=JULY)
    with pytest.raises(NotAllowed):
        commands.decide_withdrawal(
            batch=done.batch, approve=True, reason="属实", by=city["lushun"], at=JULY
        )
    commands.decide_withdrawal(
        batch=done.batch, approve=True, reason="属实", by=city["supervisor"], at=JULY
    )
    assert PortResult.objects.get().withdrawn
    with pytest.raises(BatchWithdrawn, match="已经撤回"):
        load_log(city)
    with pytest.raises(NothingToMeasure):
        commands.measure_anew(unit=LUSHUN, means=means(), by=city["lushun"], at=JULY)
    assert replay().faults == []


def test_a_refused_withdrawal_leaves_everything(city: City) -> None:
    done = put_port(city, released=True)
    commands.ask_withdrawal(batch=done.batch, reason="缺了三天", by=city["lushun"], at=JULY)
    commands.decide_withdrawal(
        batch=done.batch, approve=False, reason="没有缺", by=city["supervisor"], at=JULY
    )
    assert PortBatch.objects.get().status == "loaded"
    assert not PortResult.objects.get().withdrawn
    with measured_once():
        code = commands.measure_anew(unit=LUSHUN, means=means(), by=city["lushun"], at=JULY)
    assert code == "TJ2024-2"
    first, second = (PortResult.objects.get(pk=each).sha256 for each in (done.result, code))
    assert first == second


def test_an_unknown_batch_is_named(city: City) -> None:
    with pytest.raises(UnknownBatch, match="TG2024-9"):
        commands.ask_withdrawal(batch="TG2024-9", reason="无", by=city["lushun"], at=JULY)


def test_what_was_taken_in_lies_in_the_lake(city: City) -> None:
    put_port(city)
    folder = settings.YINUO_LAKE / "port" / PortBatch.objects.get().lake_id
    assert (folder / "manifest.json").is_file()
