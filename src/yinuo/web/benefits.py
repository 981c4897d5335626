"""The register of firms that policies are screened over: profiles of the current release."""

from datetime import date

from yinuo.benefits.commands.screening import Register
from yinuo.credit.profiles import profiles_of
from yinuo.web import clock
from yinuo.web.credit import figures, means, regime


def register(*, on: date) -> Register:
    """Profiles as of a day. Raises `NoRelease` and what making them raises."""
    found = profiles_of(means=means(), figures=figures(), regime=regime(), on=on, at=clock.now())
    return Register(release=found.release, profile=found.profile, entities=found.entities)
