"""What is offered to a person: a form, the words around it, and what is called with it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

F = TypeVar("F")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Offered(Generic[F, R]):
    """One thing to do; the steps of a page are a table of them."""

    title: str
    button: str
    before: str = ""
    """What to have at hand or to know, said before the start."""
    after: str
    """What happens next."""
    form: type[F]
    run: R
    """Calls the command and returns what was done, in a sentence."""
