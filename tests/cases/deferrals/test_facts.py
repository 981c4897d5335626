"""What credit may read, what replay finds, how the lot is worked out again."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cases.deferrals.trusting import DECLARED, LATE, bring, credit, put_gap
from tests.cases.desk import FIRM_CODE, MONDAY, PERSON, decide, item, put_case, put_item
from tests.city import City
from yinuo.cases.commands.accept import accept
from yinuo.cases.commands.checks import record_check, schedule_checks
from yinuo.cases.commands.declarations import accept_on_declaration, withdraw
from yinuo.cases.commands.deferrals import confirm, default
from yinuo.cases.commands.letters import publish
from yinuo.cases.deferrals.life import Consequence
from yinuo.cases.errors.cases import UnknownCase
from yinuo.cases.errors.deferrals import UnknownLetter
from yinuo.cases.models import Case, Declaration
from yinuo.cases.queries.deferrals import of_case
from yinuo.cases.queries.letters import broken_promises, letter, public_letters
from yinuo.commitments.errors import Invalid
from yinuo.commitments.letters.letter import Publicity
from yinuo.commitments.standing import Answer
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.history import places
from yinuo.ledger.memory import Memory
from yinuo.ledger.published import public_openings
from yinuo.ledger.replay import replay
from yinuo.ledger.stored import read_tile
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.tlog.tile import root_from_tiles
from yinuo.parties.viewer import ANYONE, NotAllowed

pytestmark = pytest.mark.django_db

APRIL = datetime(2024, 4, 1, 2, 0, tzinfo=UTC)


def put_broken(desk: City) -> str:
    _, code = put_gap(desk)
    default(
        deferral=code,
        consequence=Consequence.STOP,
        note="多次联系没有补交",
        by=desk["officer"],
        at=LATE,
    )
    return code


def put_drawn(desk: City) -> str:
    with credit(Answer.YES):
        receipt = put_case(desk, choices=DECLARED)
        code = accept_on_declaration(case=receipt.code, keys=["M3"], by=desk["clerk"], at=MONDAY)
    decide(desk, receipt.code, at=LATE)
    schedule_checks(at=LATE)
    return code


def test_broken_ones_are_facts_for_who_may_see_the_case(desk: City) -> None:
    late, untrue = put_broken(desk), put_drawn(desk)
    record_check(declaration=untrue, met=False, found="缺一人", by=desk["officer2"], at=APRIL)
    found = {one.letter: one for one in broken_promises(viewer=desk["supervisor"])}
    assert set(found) == {late, untrue}
    assert (found[late].kind, found[late].credit_code) == ("deferral", FIRM_CODE)
    assert "没有在 2024-03-18 前补交" in found[late].unmet
    assert found[untrue].kind == "declaration"
    assert found[untrue].mended_date is None
    since = broken_promises(viewer=desk["auditor"], since=date(2024, 3, 25))
    assert [one.letter for one in since] == [untrue]
    assert broken_promises(viewer=desk["fire"]) == ()
    assert broken_promises(viewer=ANYONE) == ()


def test_replay_agrees_with_every_row(desk: City) -> None:
    put_broken(desk)
    receipt, code = put_gap(desk, applicant=PERSON)
    bring(code, receipt)
    confirm(deferral=code, by=desk["officer"], at=LATE)
    untrue = put_drawn(desk)
    record_check(
        declaration=untrue,
        met=False,
        found="缺一人",
        order_by=date(2024, 5, 6),
        by=desk["officer"],
        at=APRIL,
    )
    with credit(Answer.YES):
        other = put_case(desk, choices=DECLARED, applicant=PERSON)
        taken = accept_on_declaration(case=other.code, keys=["M3"], by=desk["clerk"], at=MONDAY)
    withdraw(declaration=taken, reason="改交证明", track=other.track, at=LATE)
    assert replay().faults == []


def test_nobody_else_sees_what_was_promised(desk: City) -> None:
    receipt, code = put_gap(desk)
    with pytest.raises(UnknownCase):
        of_case(case=receipt.code, viewer=desk["fire"], today=LATE.date())
    with pytest.raises(UnknownLetter):
        letter(code=code, viewer=desk["fire"])
    assert of_case(case=receipt.code, viewer=desk["auditor"], today=LATE.date())


def test_a_letter_becomes_public_by_a_second_side_only(desk: City) -> None:
    _, code = put_gap(desk)
    _, of_person = put_gap(desk, applicant=PERSON)
    both = replace(desk["supervisor"], held_for=frozenset({"DL-YSJ", "DL-SJJ"}))
    with pytest.raises(NotAllowed):
        publish(letter=code, publicity=Publicity.PUBLIC, by=both, at=LATE)
    with pytest.raises(Invalid, match="自然人的承诺书不向社会公开"):
        publish(letter=of_person, publicity=Publicity.PUBLIC, by=desk["supervisor"], at=LATE)
    publish(letter=code, publicity=Publicity.PUBLIC, by=desk["supervisor"], at=LATE)
    assert [line.code for line in public_letters().rows] == [code]


@pytest.mark.parametrize("days", [0, 1])
def test_anybody_can_work_out_the_lot_again(
    desk: City, signer: Signer, memory: Memory, days: int
) -> None:
    text = item().declaration
    assert text is not None
    part = replace(text, version="2", check_share=20)
    put_item(desk, valid_from=date(2024, 2, 20), declaration=part)
    code = put_drawn(desk)
    seal(signer=signer, memory=memory)
    schedule_checks(at=LATE + timedelta(days=days))
    row = Declaration.objects.get(code=code)
    decided = places([row.case.subject])[row.case.subject]
    index = next(p.leaf_index for p in decided if p.verb == "case.decided")
    assert index is not None
    root = root_from_tiles(index + 1, read_tile).hex()
    assert row.seed == f"log {index + 1} {root}"
    ticket = hashlib.sha256(f"{row.seed}\n{code}".encode()).hexdigest()
    assert row.lot == ticket
    assert (row.state == "to_check") == (int(ticket, 16) * 100 < row.share << 256)


def test_the_published_log_opens_a_letter_only_once_it_was_passed(
    desk: City, signer: Signer, memory: Memory
) -> None:
    receipt, code = put_gap(desk)
    put_gap(desk, applicant=PERSON)
    seal(signer=signer, memory=memory)
    assert f"credit_letter:{code}".encode() not in (public_openings(index=0) or b"")
    publish(letter=code, publicity=Publicity.PUBLIC, by=desk["supervisor"], at=LATE)
    seal(signer=signer, memory=memory)
    opened = (public_openings(index=0) or b"").decode()
    assert f"credit_letter:{code}" in opened
    for closed in (receipt.code, f"deferral:{code}", PERSON.name, PERSON.number):
        assert closed not in opened


def test_who_keeps_their_word_is_served_first_and_who_does_not_is_looked_at(desk: City) -> None:
    with credit(Answer.YES):
        good = put_gap(desk, applicant=PERSON)[0]
    put_broken(desk)
    after = put_case(desk, at=LATE)
    accept(case=after.code, by=desk["clerk"], at=LATE)
    plain = put_case(desk, applicant=PERSON)
    accept(case=plain.code, by=desk["clerk"], at=MONDAY)
    tracks = dict(Case.objects.values_list("code", "track"))
    assert tracks[good.code] == "绿色通道"
    assert tracks[after.code] == "重点审查"
    assert tracks[plain.code] == "普通"
