"""The tables of trust: no facts turn a no into a yes, and more broken words never help."""

from datetime import date
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from yinuo.cases.deferrals.deciding import Classed, Material, Record, Trust
from yinuo.cases.deferrals.declared import drawn, lot
from yinuo.commitments.standing import Answer
from yinuo.kernel.content import content_dir
from yinuo.rules.workbook.read import check_bytes

DAY = date(2024, 3, 4)
NUMBERS = st.integers(0, 9)
RECORDS = st.builds(
    Record, waiting=NUMBERS, overdue=NUMBERS, broken=NUMBERS, untrue=NUMBERS, on_time=NUMBERS
)
STANDINGS = st.sampled_from(Answer)
RISKS = st.sampled_from(["低", "中", "高"])
ORDER = [Answer.NO, Answer.UNDETERMINED, Answer.YES]


@cache
def trust() -> Trust:
    """The shipped tables."""
    names = ("deferral", "declaration", "tracks")
    files = {name: content_dir() / "tables" / f"{name}.xlsx" for name in names}
    books = [check_bytes(path.read_bytes(), file=path.name).sound() for path in files.values()]
    return Trust(DAY, *books)


@given(st.sampled_from(Material), STANDINGS, RISKS, RECORDS)
def test_every_question_has_an_answer_with_a_reason(
    material: Material, standing: Answer, risk: str, record: Record
) -> None:
    said = trust().deferral(material, standing, risk, record)
    assert said.rule
    assert said.why
    assert (said.amount > 0) == (said.answer is Answer.YES)


@given(st.sampled_from(Material), STANDINGS, RISKS, RECORDS, RECORDS)
def test_more_broken_words_never_help(
    material: Material, standing: Answer, risk: str, one: Record, other: Record
) -> None:
    worse = Record(
        waiting=one.waiting + other.waiting,
        overdue=one.overdue + other.overdue,
        broken=one.broken + other.broken,
    )
    before, after = (trust().deferral(material, standing, risk, each) for each in (one, worse))
    assert ORDER.index(after.answer) <= ORDER.index(before.answer)


@given(
    is_open=st.booleans(),
    risk=RISKS,
    kind=st.sampled_from(["firm", "person", "trader"]),
    standing=STANDINGS,
    record=RECORDS,
)
def test_what_touches_safety_or_health_is_never_declared(
    *, is_open: bool, risk: str, kind: str, standing: Answer, record: Record
) -> None:
    for touches in ("国家安全", "国家秘密", "公共安全", "金融审慎", "生态环境", "生命健康"):
        said = trust().declaration(
            is_open=is_open,
            classed=Classed(risk, touches),
            kind=kind,
            standing=standing,
            record=record,
        )
        assert said.answer is Answer.NO


@given(st.sampled_from(Material), STANDINGS, RISKS, RECORDS)
def test_without_tables_nothing_is_allowed(
    material: Material, standing: Answer, risk: str, record: Record
) -> None:
    bare = Trust(DAY)
    said = bare.deferral(material, standing, risk, record)
    assert said.answer is Answer.UNDETERMINED
    assert "按普通程序办" in said.words
    assert bare.track(standing=standing, risk=risk, record=record) == "普通"
    assert bare.classed("SC-017", "行政许可").risk == "高"


@given(st.integers(1, 10**6), st.integers(0, 100))
def test_the_lot_of_a_code_is_always_the_same_and_grows_with_the_share(
    number: int, share: int
) -> None:
    ticket = lot(seed=f"log {number} {number:064x}", code=f"{number:020d}")
    assert ticket == lot(seed=f"log {number} {number:064x}", code=f"{number:020d}")
    assert not drawn(ticket, 0)
    assert drawn(ticket, 100)
    assert not drawn(ticket, share) or drawn(ticket, min(share + 1, 100))


def test_about_a_fifth_is_drawn_of_a_fifth() -> None:
    hits = sum(drawn(lot(seed="log 1 00", code=f"{n:020d}"), 20) for n in range(5_000))
    assert 900 < hits < 1_100
