"""What is offered to a person: a form, the words around it, and what is called with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from yinuo.parties.viewer import NotAllowed
from yinuo.web.request import Request

F = TypeVar("F")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Offered(Generic[F, R]):
    """One thing to do; the steps of a page are a table of them."""

    name: str
    """In the address, and as the query of the thing calls it."""
    title: str
    button: str
    before: str = ""
    """What to have at hand or to know, said before the start."""
    after: str
    """What happens next."""
    form: type[F]
    run: R
    """Calls the command and returns what was done, in a sentence."""


S = TypeVar("S", bound=Offered[Any, Any])


def by_name(*steps: S) -> dict[str, S]:
    """The table of these steps."""
    return {step.name: step for step in steps}


def chosen(
    request: Request,
    steps: Mapping[str, S],
    now: Sequence[str],
    *,
    first: str = "",
    refusal: str,
    place: str,
) -> S | None:
    """The step that the address names (`?do=`), else `first`; None where there is none.

    `now` are those open to the viewer. What is submitted goes to its command all the same, which
    says why it cannot be done any more, and the form comes back with what was typed. Raises
    `NotAllowed` with `refusal` where something is submitted that is no step.
    """
    asked, sent = request.GET.get("do", ""), request.method == "POST"
    if asked in steps and (sent or asked in now):
        return steps[asked]
    if sent and not first:
        raise NotAllowed(refusal, place=place)
    return steps[first] if first else None


def others(steps: Mapping[str, S], now: Sequence[str], step: S | None) -> list[S]:
    """The steps open to the viewer beside the one whose form is shown."""
    return [steps[name] for name in now if name in steps and steps[name] is not step]
