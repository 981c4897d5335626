"""Standing is asked of whoever knows; until somebody does, it is undetermined."""

from datetime import date

from yinuo.commitments import standing as standings
from yinuo.commitments.standing import Answer, Party, Purpose, Standing, provide, standing

DAY = date(2024, 3, 4)
FIRM = Party(kind="firm", number="91210200000000000F")


def test_without_a_provider_nothing_is_known() -> None:
    before = provide(standings.unknown)
    try:
        found = standing(FIRM, Purpose.DEFERRAL, DAY)
    finally:
        provide(before)
    assert (found.answer, found.as_of) == (Answer.UNDETERMINED, DAY)
    assert "没有接入" in found.reason


def test_a_provider_answers_but_not_for_who_cannot_be_found() -> None:
    asked: list[tuple[Party, Purpose, date]] = []

    def says(party: Party, purpose: Purpose, on: date) -> Standing:
        asked.append((party, purpose, on))
        return Standing(answer=Answer.NO, reason="未修复的处罚", as_of=on)

    before = provide(says)
    try:
        assert standing(FIRM, Purpose.TRACK, DAY).answer is Answer.NO
        nobody = Party(kind="person", number="")
        assert standing(nobody, Purpose.TRACK, DAY).answer is Answer.UNDETERMINED
    finally:
        provide(before)
    assert asked == [(FIRM, Purpose.TRACK, DAY)]
