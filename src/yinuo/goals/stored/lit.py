"""The kept lights of the register, without those that an entry touched since they were kept."""

from datetime import date

from yinuo.commitments.lights.deciding import Colour
from yinuo.goals.models import LitRegister
from yinuo.goals.register.table import MOST_NEW, Known, touched
from yinuo.ledger.outbox import beyond


def kept_lights(*, version: str, inside: bool, today: date) -> Known:
    """What is kept of this day and version of the table and still holds; empty for nothing."""
    row = LitRegister.objects.filter(inside=inside, on_date=today, table=version).first()
    if row is None:
        return {}
    marks = beyond(row.place, limit=MOST_NEW + 1)
    if len(marks) > MOST_NEW:
        return {}
    colours = {said: Colour(said) for said in set(row.colours.values()) if said}
    found = {code: colours.get(said) for code, said in row.colours.items()}
    for code in touched(marks):
        found.pop(code, None)
    return found
