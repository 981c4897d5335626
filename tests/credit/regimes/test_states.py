from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.credit.regimes.machine import Machine, StepNotAllowed
from yinuo.credit.regimes.objection import OBJECTION, Objection, ObjectionEvent
from yinuo.credit.regimes.publicity import PUBLICITY, Publicity, PublicityEvent
from yinuo.credit.regimes.repair import REPAIR, Repair, RepairEvent
from yinuo.credit.regimes.sharing import SHARING, Sharing, SharingEvent
from yinuo.credit.regimes.states import States

MACHINES: list[tuple[Machine[Any, Any], type[StrEnum], type[StrEnum]]] = [
    (PUBLICITY, Publicity, PublicityEvent),
    (OBJECTION, Objection, ObjectionEvent),
    (REPAIR, Repair, RepairEvent),
    (SHARING, Sharing, SharingEvent),
]
EVENTS = [event for _, _, events in MACHINES for event in events]
LONG = st.lists(st.sampled_from(EVENTS), max_size=40)


def walked(events: list[Any]) -> Iterator[tuple[States, Any, States]]:
    """Each step that was allowed: before, event, after."""
    states = States()
    for event in events:
        try:
            after = states.after(event)
        except StepNotAllowed:
            continue
        yield states, event, after
        states = after


@pytest.mark.parametrize("machine", [machine for machine, _, _ in MACHINES])
def test_a_state_and_an_event_lead_to_one_state_by_somebody(machine: Machine[Any, Any]) -> None:
    pairs = [(step.before, step.event) for step in machine.steps]
    assert len(set(pairs)) == len(pairs)
    assert all(step.by for step in machine.steps)


@pytest.mark.parametrize(("machine", "states", "events"), MACHINES)
class TestTables:
    def test_every_state_can_be_reached_and_every_event_happens(
        self, machine: Machine[Any, Any], states: type[StrEnum], events: type[StrEnum]
    ) -> None:
        reached = {machine.start}
        while more := {s.after for s in machine.steps if s.before in reached} - reached:
            reached |= more
        assert reached == set(states)
        assert {step.event for step in machine.steps} == set(events)

    def test_what_is_not_in_the_table_is_refused_with_what_is(
        self, machine: Machine[Any, Any], states: type[StrEnum], events: type[StrEnum]
    ) -> None:
        for state in states:
            for event in set(events) - set(machine.possible(state)):
                with pytest.raises(StepNotAllowed) as caught:
                    machine.after(state, event)
                assert caught.value.status == 409
                assert all(each in str(caught.value) for each in machine.possible(state))


class TestTogether:
    def test_only_what_is_withdrawn_stays_so_for_ever(self) -> None:
        final = [s for machine, states, _ in MACHINES for s in states if machine.is_final(s)]
        assert final == [Publicity.WITHDRAWN]

    def test_repair_ends_publicity_and_sharing_at_once(self) -> None:
        states = States()
        for event in (
            *(PublicityEvent.PUBLISH, SharingEvent.SHARE),
            *(RepairEvent.ASK, RepairEvent.ACCEPT, RepairEvent.GRANT),
        ):
            states = states.after(event)
        assert states == States(Publicity.STOPPED, Objection.NONE, Repair.GRANTED, Sharing.STOPPED)
        back = states.after(RepairEvent.REVOKE)
        assert (back.publicity, back.sharing) == (Publicity.PUBLIC, Sharing.SHARED)

    def test_a_repaired_record_is_not_published_or_shared_again(self) -> None:
        repaired = States(repair=Repair.GRANTED)
        for event in (PublicityEvent.PUBLISH, SharingEvent.SHARE):
            with pytest.raises(StepNotAllowed, match="已修复"):
                repaired.after(event)

    @given(LONG)
    def test_what_is_repaired_is_neither_public_nor_shared(self, events: list[Any]) -> None:
        for _, _, after in walked(events):
            if after.repair is Repair.GRANTED:
                assert after.publicity is not Publicity.PUBLIC
                assert after.sharing in (Sharing.HELD, Sharing.STOPPED)

    @given(LONG)
    def test_what_is_withdrawn_is_never_shown_or_shared_again(self, events: list[Any]) -> None:
        for _, _, after in walked(events):
            if after.publicity is Publicity.WITHDRAWN:
                assert after.sharing in (Sharing.HELD, Sharing.STOPPED)

    @given(LONG)
    def test_an_event_moves_no_other_state_but_those_that_repair_and_withdrawal_take_along(
        self, events: list[Any]
    ) -> None:
        for before, event, after in walked(events):
            if isinstance(event, ObjectionEvent):
                assert (before.publicity, before.repair, before.sharing) == (
                    *(after.publicity, after.repair, after.sharing),
                )
            else:
                assert before.objection is after.objection
            if isinstance(event, SharingEvent):
                assert (before.publicity, before.repair) == (after.publicity, after.repair)
            if isinstance(event, PublicityEvent):
                assert before.repair is after.repair
                if event is not PublicityEvent.WITHDRAW:
                    assert before.sharing is after.sharing

    @given(LONG)
    def test_an_objection_can_be_raised_unless_one_is_open(self, events: list[Any]) -> None:
        for _, _, after in walked(events):
            can = ObjectionEvent.RAISE in OBJECTION.possible(after.objection)
            assert can is not after.objection.is_marked
