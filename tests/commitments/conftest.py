"""Two departments, a delivery office and its people, with a handful of promises."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from yinuo.commitments.commands import publish, register
from yinuo.commitments.commands.register import NewCommitment, NewDocument, Registration
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Commitment
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    found_duties,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_viewer
from yinuo.parties.viewer import Viewer

PASSWORD = "一个足够长的密码 2024"  # test accounts only
START = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
DUE = date(2024, 12, 31)
PEOPLE = {
    "admin": ("administrator", "C"),
    "officer": ("officer", "A"),
    "neighbour": ("officer", "B"),
    "supervisor": ("supervisor", "DC"),
    "second": ("supervisor", "DC"),
    "torn": ("supervisor", "DC"),
    "auditor": ("auditor", "C"),
}


def at(day: str) -> datetime:
    """Nine in the morning in China on that day."""
    return datetime.fromisoformat(f"{day}T01:00:00+00:00")


@dataclass(frozen=True)
class City:
    """The people by user name, as viewers."""

    people: dict[str, Viewer] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Viewer:
        if name not in PEOPLE:
            raise AttributeError(name)
        return self.people[name]

    def promise(self, code: str, **terms: Any) -> Commitment:
        """Register a promise of department A, due at the end of 2024, and pass it to the public."""
        plain: dict[str, Any] = {"kind": "measure", "title": f"承诺 {code}", "document": "D"}
        plain |= {"lead": "A", "creditor": "社会公众", "creditor_unit": "DC", "due": DUE}
        visibility = terms.pop("visibility", Visibility.PUBLIC)
        new = NewCommitment(code=code, **(plain | terms))
        registration = Registration(commitments=[new])
        register.register(registration=registration, office="DC", by=self.admin, at=START)
        if visibility != Visibility.REVIEW:
            publish.publish(
                commitments=[code], visibility=visibility, by=self.second, at=at("2024-03-05")
            )
        return Commitment.objects.get(code=code)


@pytest.fixture
def city(db: None) -> City:
    units = [
        NewUnit(code="C", name="大连市", kind="city"),
        NewUnit(code="A", name="甲部门", kind="department", parent="C"),
        NewUnit(code="B", name="乙部门", kind="department", parent="C"),
        NewUnit(code="DC", name="督查室", kind="department", parent="C"),
    ]
    register_units(units=units, by=OPERATOR, at=START)
    numbers = {
        name: open_account(
            username=name, name=f"测试{name}", password=PASSWORD, by=OPERATOR, at=START
        )
        for name in PEOPLE
    }
    duties = [(name, role, unit) for name, (role, unit) in PEOPLE.items()]
    # One supervisor also reports for the department that owes: never to judge it.
    found_duties(duties=[*duties, ("torn", "officer", "A")], at=START)
    made = City({name: public_viewer(number) for name, number in numbers.items()})
    document = NewDocument(code="D", title="测试方案", kind="方案", said_text="2024年春")
    register.register(
        registration=Registration(documents=[document]), office="DC", by=made.admin, at=START
    )
    return made
