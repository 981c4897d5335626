"""What lists read of a commitment."""

from datetime import date
from typing import NamedTuple


class Lead(NamedTuple):
    """The unit that owes, as far as a list names it."""

    name: str


class Listed(NamedTuple):
    """What a line is made of; reading whole rows takes three times as long."""

    code: str
    version: int
    kind: str
    title: str
    heading: str
    operator: str
    value: str
    unit: str
    baseline: str
    tolerance: str
    lead_id: str | None
    lead_said: str
    lead_origin: str
    creditor: str
    due: date | None
    due_original: date | None
    due_origin: str
    status: str
    outcome: str
    visibility: str
    moved_count: int
    lead__name: str | None

    @property
    def lead(self) -> Lead | None:
        """None where no unit is known."""
        return None if self.lead__name is None else Lead(self.lead__name)
