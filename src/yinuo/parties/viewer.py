"""Who is looking or acting: the value every query and command is given."""

from dataclasses import dataclass

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recording import By


class NotAllowed(YinuoError):
    """The viewer holds no duty for this."""

    code = "PARTY-E001"
    status = 403

    def __init__(self, what: str, *, place: str = "", next_step: str = "") -> None:
        super().__init__(
            what, place=place, next_step=next_step or "如确有需要，请向管理员申请相应职责"
        )


@dataclass(frozen=True)
class Viewer:
    """A natural person with the duties in force, or nobody in particular (`ANYONE`).

    Unit sets hold unit codes. `officer_of` and `supervisor_of` mean exactly those units;
    `administrator_of`, `auditor_of` and `protector_of` already include every unit below.
    """

    account_id: int | None = None
    username: str = ""
    name: str = ""
    officer_of: frozenset[str] = frozenset()
    supervisor_of: frozenset[str] = frozenset()
    administrator_of: frozenset[str] = frozenset()
    auditor_of: frozenset[str] = frozenset()
    protector_of: frozenset[str] = frozenset()
    held_for: frozenset[str] = frozenset()
    """The units named by any duty of this person, without those below."""

    @property
    def signed_in(self) -> bool:
        """Whether this is a known person."""
        return self.account_id is not None

    @property
    def actor(self) -> str:
        """The name of the person in ledger entries."""
        return f"account:{self.account_id}" if self.signed_in else "anyone"

    def acting(self, role: str, unit: str) -> By:
        """The person acting in one duty, for the ledger."""
        return By(actor=self.actor, capacity=f"{role}:{unit}")


ANYONE = Viewer()
"""The public."""
