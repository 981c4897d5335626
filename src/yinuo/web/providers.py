"""What this package provides to those below: who says how an applicant stands."""

from datetime import date
from importlib import import_module

from yinuo.commitments.standing import Party, Purpose, Standing, provide

KNOWING = "yinuo.web.credit_standing"


def _standing(party: Party, purpose: Purpose, on: date) -> Standing:
    """The answer of credit data, loaded when the first is asked for: few commands ask."""
    found: Standing = import_module(KNOWING).STANDING(party, purpose, on)
    return found


provide(_standing)
