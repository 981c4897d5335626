from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from json import loads
from pathlib import Path
from typing import Any

import pytest

from tests.credit.profile.shipped import CONTENT, FIGURES, ON, REGIME, SOURCES, entity
from yinuo.commitments.standing import Answer, Party, Purpose
from yinuo.credit.purposes.purpose import load_purposes
from yinuo.credit.reads.log import ReadLog
from yinuo.credit.reads.verifying import verify
from yinuo.credit.standing import CreditStanding, Known
from yinuo.rules.workbook.read import check

AT = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
AS_OF = date(2026, 11, 28)
CODE = "91210200000000000F"
PURPOSES = load_purposes((CONTENT / "credit" / "purposes.csv").read_bytes())
BOOK = check(CONTENT / "tables" / "standing.xlsx").sound()
FIRM = Party(kind="firm", number=CODE)
Facts = Mapping[str, list[dict[str, Any]]]


def document(facts: Facts, kind: str = "firm") -> dict[str, Any]:
    held = {
        name: {"count": len(rows), "rows": [{"record": str(n)} | r for n, r in enumerate(rows)]}
        for name, rows in facts.items()
    }
    return {"entity": entity(1), "kind": kind, "facts": held}


def known(facts: Facts | None = None, *, kind: str = "firm", **changes: Any) -> Known:
    found = {} if facts is None else {CODE: document(facts, kind)}
    base = Known(
        by_code=found.get,
        as_of=AS_OF,
        sources=SOURCES,
        figures=FIGURES,
        regime=REGIME,
        purpose=PURPOSES["service"],
        book=BOOK,
    )
    return replace(base, **changes)


@pytest.fixture
def log(tmp_path: Path) -> ReadLog:
    return ReadLog(tmp_path / "reads")


@pytest.fixture
def ask(log: ReadLog) -> Callable[..., tuple[Answer, str]]:
    def answer(given: Known | None, purpose: Purpose = Purpose.DEFERRAL) -> tuple[Answer, str]:
        provider = CreditStanding(known=lambda _on: given, log=log, now=lambda: AT)
        found = provider(FIRM, purpose, ON)
        assert found.as_of == (AS_OF if given else ON)
        return found.answer, found.reason

    return answer


Ask = Callable[..., tuple[Answer, str]]
SERIOUS = {"class": "吊销许可证件", "decided_on": "2026-05-01"}
UNKEPT = {"fulfilment": "全部未履行", "made_on": "2026-01-10"}


class TestAnswers:
    def test_a_firm_with_no_record_is_in_good_standing(self, ask: Ask) -> None:
        assert ask(known({})) == (Answer.YES, "没有未修复的失信记录")

    def test_a_serious_penalty_speaks_against_it_with_the_reason(self, ask: Ask) -> None:
        assert ask(known({"penalty": [SERIOUS]})) == (Answer.NO, "有严重行政处罚在公示期内")

    def test_one_whose_publicity_is_over_does_not(self, ask: Ask) -> None:
        over = SERIOUS | {"decided_on": "2023-06-01"}
        assert ask(known({"penalty": [over]}))[0] is Answer.YES

    def test_the_same_letter_counts_for_one_purpose_and_not_for_another(self, ask: Ask) -> None:
        one = known({"letters": [UNKEPT]})
        assert ask(one, Purpose.DEFERRAL)[0] is Answer.YES
        assert ask(one, Purpose.DECLARATION) == (Answer.NO, "近两年有信用承诺没有履行")
        assert ask(one, Purpose.TRACK)[0] is Answer.YES


class TestOpen:
    def test_before_any_release_nothing_is_known(self, ask: Ask) -> None:
        assert ask(None) == (Answer.UNDETERMINED, "还没有发布信用数据")

    def test_whoever_is_not_in_the_data_is_not_judged(self, ask: Ask, log: ReadLog) -> None:
        assert ask(known()) == (Answer.UNDETERMINED, "信用数据里没有这个主体")
        assert log.root().count == 0

    def test_a_source_that_is_not_there_leaves_it_open(self, ask: Ask) -> None:
        fewer = {name: each for name, each in SOURCES.items() if name != "court-enforcement"}
        answer, reason = ask(known({}, sources=fewer))
        assert answer is Answer.UNDETERMINED
        assert "未履行判决数" in reason

    def test_what_the_purpose_does_not_cover_is_not_looked_at(self, ask: Ask) -> None:
        narrow = replace(PURPOSES["service"], kinds=frozenset({"blacklist"}))
        answer, reason = ask(known({"penalty": [SERIOUS]}, purpose=narrow))
        assert answer is Answer.UNDETERMINED
        assert "在公示期严重处罚数" in reason

    @pytest.mark.parametrize("kind", ["person", "unknown"])
    def test_a_purpose_for_firms_says_nothing_of_persons(
        self, ask: Ask, log: ReadLog, kind: str
    ) -> None:
        answer, reason = ask(known({"penalty": [SERIOUS]}, kind=kind))
        assert (answer, "不含这类主体" in reason) == (Answer.UNDETERMINED, True)
        assert log.root().count == 0

    def test_without_a_table_nothing_is_decided(self, ask: Ask) -> None:
        assert ask(known({}, book=None)) == (
            Answer.UNDETERMINED,
            "还没有生效的“申请人信用”规则表",
        )


class TestLogging:
    def test_each_look_is_written_down_without_the_number(self, ask: Ask, log: ReadLog) -> None:
        ask(known({}))
        text = log.files()[0].read_text("utf-8")
        body = loads(text)
        assert (body["reader"], body["capacity"]) == ("program:standing", "deferral")
        assert (body["purpose"], body["entity"]) == ("service", entity(1))
        assert "在公示期严重处罚数" in body["fields"]
        assert CODE not in text
        assert verify(log.folder).findings == ()

    def test_what_cannot_be_logged_is_not_answered(self, tmp_path: Path) -> None:
        (tmp_path / "reads").write_text("")
        provider = CreditStanding(
            known=lambda _on: known({"penalty": [SERIOUS]}),
            log=ReadLog(tmp_path / "reads"),
            now=lambda: AT,
        )
        found = provider(FIRM, Purpose.DEFERRAL, ON)
        assert found.answer is Answer.UNDETERMINED
        assert "留痕" in found.reason
