"""How things stand, in words."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from yinuo.commitments.life import Status
from yinuo.commitments.queries.detail import Detail, DocumentView
from yinuo.commitments.queries.listing import Row
from yinuo.commitments.registry import Promisor
from yinuo.commitments.words import Mark
from yinuo.web.sentences import state_sentence

TODAY = date(2024, 7, 15)
AT = datetime(2024, 3, 1, tzinfo=UTC)
ROW = Row(
    code="LS-001",
    version=1,
    kind="pledge",
    promisor=Promisor.CITY,
    kind_label="公开承诺",
    title="解决办证难",
    heading="",
    terms="完成",
    lead="210212",
    lead_name="旅顺口区",
    lead_note="",
    creditor="社会公众",
    due=None,
    due_original=None,
    due_text="",
    due_note="",
    days_left="",
    moved_count=0,
    mark=Mark("·", "进行中", "plain"),
    status=Status.OPEN,
    outcome="",
    outcome_label="",
    visibility="public",
    visibility_label="主动公开",
)
DETAIL = Detail(
    row=ROW,
    note="",
    effort="",
    document=DocumentView("DOC-1", "方案", "方案", "", "", "", ""),
    place="",
    lead_said="",
    area="",
    cooperating=(),
    creditor_unit="督查室",
    operator="done",
    operator_note="",
    value="",
    unit="",
    tolerance="",
    baseline="",
    texts_known=None,
    due_said="",
    delay_days=0,
    delivered_date=date(2024, 6, 3),
    parent=None,
    children=(),
    merged_into=None,
    curve="",
    reports=(),
    changes=(),
    timeline=(),
    entered_at=AT,
    recorded_at=AT,
    actions=(),
    owes=False,
    supervises=False,
    may_ask_change=False,
    protects=False,
)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (None, "还没有结果。原文没有说什么时候完成。"),
        (date(2024, 7, 15), "完成时限 2024年7月15日，今天到期。"),
        (date(2024, 7, 16), "完成时限 2024年7月16日，还有 1 天。"),
        (date(2024, 7, 14), "完成时限 2024年7月14日，已逾期 1 天，等待督查人认定。"),
        (date(2030, 7, 15), "完成时限 2030年7月15日，还有 2,191 天。"),
    ],
)
def test_an_open_one(due: date | None, said: str) -> None:
    assert state_sentence(replace(DETAIL, row=replace(ROW, due=due)), TODAY) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [(31, "时限调整过 2 次，累计顺延 31 天。"), (-31, "时限调整过 2 次，累计提前 31 天。")],
)
def test_moves_are_always_told(days: int, said: str) -> None:
    for status in Status:
        moved = replace(ROW, status=status, moved_count=2, due=TODAY)
        assert state_sentence(replace(DETAIL, row=moved, delay_days=days), TODAY).endswith(said)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.DELIVERED, "责任单位申报于 2024年6月3日完成。核实之前不算已兑现。"),
        (Status.KEPT, "完成于 2024年6月3日，督查人已核实。"),
        (Status.BROKEN, "督查人认定没有做到。"),
        (Status.WAIVED, "责任单位不再负有这项承诺，不算已兑现。"),
        (Status.WITHDRAWN, "经批准不再进行，不算已兑现。"),
    ],
)
def test_an_ended_one(status: Status, said: str) -> None:
    assert state_sentence(replace(DETAIL, row=replace(ROW, status=status)), TODAY) == said


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.WAIVED])
def test_of_a_firm_no_unit_is_spoken_of(status: Status) -> None:
    of_firm = replace(ROW, status=status, promisor=Promisor.OTHERS)
    said = state_sentence(replace(DETAIL, row=of_firm), TODAY)
    assert said.startswith("承诺人")
    assert "责任单位" not in said


def test_a_merged_one_names_the_other() -> None:
    ended = replace(ROW, status=Status.WITHDRAWN)
    merged = replace(DETAIL, row=ended, merged_into="LS-002")
    assert state_sentence(merged, TODAY) == "已并入 LS-002。"
