from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.credit.checked_rows import BadTable
from yinuo.credit.purposes.purpose import (
    COLUMNS,
    Capacity,
    Looker,
    PurposeRefused,
    Shown,
    UnknownPurpose,
    covers,
    load_purposes,
    permit,
    purpose_named,
)
from yinuo.credit.record_kinds import BY_NAME
from yinuo.kernel.content import content_dir
from yinuo.lake.records.description import Disclosure

SHIPPED = load_purposes((content_dir() / "credit" / "purposes.csv").read_bytes())
HEAD = ",".join(COLUMNS)
LOOKERS = st.builds(
    Looker,
    capacities=st.frozensets(st.sampled_from(Capacity)),
    consented=st.booleans(),
)


def table(*lines: str) -> bytes:
    return "\n".join([HEAD, *lines]).encode()


def looker(*capacities: Capacity, consented: bool = False) -> Looker:
    return Looker(capacities=frozenset(capacities), consented=consented)


class TestCovers:
    def test_the_public_sees_public_facts_of_firms_by_mask(self) -> None:
        shown = covers(SHIPPED["public"], Looker(), "penalty", Disclosure.PUBLIC, "firm")
        assert shown is Shown.MASKED

    @pytest.mark.parametrize("subject", ["person", "unknown", ""])
    def test_the_public_sees_nothing_of_whoever_may_be_a_person(self, subject: str) -> None:
        shown = covers(SHIPPED["public"], Looker(), "penalty", Disclosure.PUBLIC, subject)
        assert shown is Shown.HIDDEN

    def test_the_subject_sees_everything_but_what_is_for_nobody(self) -> None:
        own = looker(Capacity.SUBJECT)
        shown = {
            each: covers(SHIPPED["self"], own, "arrears", each, "person") for each in Disclosure
        }
        assert shown == dict.fromkeys(Disclosure, Shown.FULL) | {Disclosure.NOBODY: Shown.HIDDEN}

    def test_others_cannot_use_the_purpose_of_the_subject(self) -> None:
        officer = looker(Capacity.OFFICER, Capacity.CENTRE)
        shown = covers(SHIPPED["self"], officer, "penalty", Disclosure.PUBLIC, "firm")
        assert shown is Shown.HIDDEN

    def test_a_bank_needs_consent(self) -> None:
        kind, field = "arrears", Disclosure.PURPOSE
        without = covers(SHIPPED["finance"], looker(Capacity.BANK), kind, field, "firm")
        consented = looker(Capacity.BANK, consented=True)
        with_it = covers(SHIPPED["finance"], consented, kind, field, "firm")
        assert (without, with_it) == (Shown.HIDDEN, Shown.MASKED)

    def test_a_kind_beside_the_purpose_is_not_shown_even_if_public(self) -> None:
        hospital = looker(Capacity.HOSPITAL, consented=True)
        shown = covers(SHIPPED["medical"], hospital, "penalty", Disclosure.PUBLIC, "person")
        assert shown is Shown.HIDDEN

    @given(
        st.sampled_from(list(SHIPPED.values())),
        LOOKERS,
        st.sampled_from(sorted(BY_NAME)),
        st.sampled_from(["firm", "trader", "person", "unknown"]),
    )
    def test_nobody_is_never_shown_and_no_person_without_a_purpose_for_persons(
        self, purpose: object, who: Looker, kind: str, subject: str
    ) -> None:
        purpose = SHIPPED[purpose.id]  # type: ignore[attr-defined]
        assert covers(purpose, who, kind, Disclosure.NOBODY, subject) is Shown.HIDDEN
        shown = [covers(purpose, who, kind, each, subject) for each in Disclosure]
        if subject not in ("firm", "trader") and not purpose.persons:
            assert set(shown) == {Shown.HIDDEN}

    @given(
        st.sampled_from(sorted(SHIPPED)),
        LOOKERS,
        st.sampled_from(Disclosure),
        st.sampled_from(["firm", "trader", "person"]),
    )
    def test_permit_raises_exactly_where_nothing_is_shown_at_all(
        self, name: str, who: Looker, disclosure: Disclosure, subject: str
    ) -> None:
        purpose = SHIPPED[name]
        try:
            permit(purpose, who, subject)
        except PurposeRefused:
            shown = {covers(purpose, who, kind, disclosure, subject) for kind in BY_NAME}
            assert shown == {Shown.HIDDEN}
        else:
            kinds = purpose.kinds or frozenset(BY_NAME)
            shown = {
                covers(purpose, who, kind, each, subject) for each in Disclosure for kind in kinds
            }
            assert shown - {Shown.HIDDEN}


class TestLoading:
    def test_every_fault_is_told_with_its_place(self) -> None:
        data = table(
            "a,甲,依据,任何人,企业、个人,全部,公开,否,否,0,",
            "a,乙,,局长,企业,登记、奖状,公开,也许,否,x,",
            "b,丙,依据,银行,,全部、登记,本人,是,是,-3,",
        )
        with pytest.raises(BadTable) as caught:
            load_purposes(data)
        told = [(each.cell, each.field, each.code) for each in caught.value.findings]
        assert told == [
            ("第 2 行", "主体", "CREDIT-E096"),
            ("第 3 行", "谁可用", "CREDIT-E094"),
            ("第 3 行", "记录种类", "CREDIT-E094"),
            ("第 3 行", "依据", "CREDIT-E093"),
            ("第 3 行", "完整显示", "CREDIT-E094"),
            ("第 3 行", "有效天数", "CREDIT-E094"),
            ("第 3 行", "代号", "CREDIT-E095"),
            ("第 4 行", "主体", "CREDIT-E093"),
            ("第 4 行", "记录种类", "CREDIT-E096"),
            ("第 4 行", "有效天数", "CREDIT-E094"),
            ("第 4 行", "可见范围", "CREDIT-E096"),
        ]
        assert "第 2 行" in str(caught.value)

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            ("用途".encode("gb18030"), "CREDIT-E091"),
            (b"", "CREDIT-E092"),
            (b"id,label\n", "CREDIT-E092"),
            (table("a,b"), "CREDIT-E092"),
        ],
    )
    def test_a_file_of_another_form_is_refused(self, data: bytes, code: str) -> None:
        with pytest.raises(BadTable) as caught:
            load_purposes(data)
        assert [each.code for each in caught.value.findings] == [code]

    def test_an_unknown_purpose_names_those_there_are(self) -> None:
        with pytest.raises(UnknownPurpose, match="public（公众查询）"):
            purpose_named(SHIPPED, "curiosity")

    def test_a_refusal_says_why_and_what_to_do(self) -> None:
        with pytest.raises(PurposeRefused) as caught:
            permit(SHIPPED["finance"], looker(Capacity.BANK), "firm")
        assert caught.value.status == 403
        assert "须经本人同意" in str(caught.value)

    def test_an_answer_is_good_for_its_days(self) -> None:
        assert SHIPPED["finance"].good_until(date(2026, 12, 15)) == date(2027, 1, 14)
        assert SHIPPED["public"].good_until(date(2026, 12, 15)) == date(2026, 12, 15)
