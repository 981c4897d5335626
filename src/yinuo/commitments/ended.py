"""How one commitment ended, without a word of it: what the keeping of credit takes over. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Whose(StrEnum):
    """Whose promise it was; the value is the subject as credit knows it."""

    FIRM = "firm"
    TRADER = "trader"
    PERSON = "person"
    UNIT = "unit"
    """A government unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One commitment that was judged. It holds no title, no case, no name of a person."""

    code: str
    """Of the commitment."""
    kind: str
    whose: Whose
    unit: str = ""
    """Code of the government unit; empty for firms and persons."""
    number: str = ""
    """统一社会信用代码 or 公民身份号码, in its one form; of a unit it is looked up by its code."""
    outcome: str
    """A value of `commitments.life.Outcome`; empty while it is overdue and nobody has judged."""
    made_on: date | None
    due: date | None
    due_original: date | None
    ended_on: date | None
    """When it was kept, or found broken; None where only the ledger tells."""
    mended_on: date | None = None
    """Of a broken one: when it was kept after all. It stays broken."""
    moved: int = 0
    """How often the deadline was moved."""
    simulated: bool = False
