"""Two protectors of personal information for the small city, and one of a district alone."""

from tests.city import CITY, MARCH, PASSWORD, PULANDIAN, City
from yinuo.parties.commands import OPERATOR, approve_duty, ask_duty, open_account
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import Viewer

PROTECTORS = (
    ("protect1", "许辛", CITY),
    ("protect2", "何壬", CITY),
    ("protect3", "吕癸", PULANDIAN),
)


def viewer(username: str) -> Viewer:
    """The viewer with this user name."""
    found = public_viewer_named(username)
    assert found is not None
    return found


def give(city: City, username: str, role: str, unit: str) -> None:
    """A duty in force, by the two administrators."""
    duty = ask_duty(username=username, role=role, unit=unit, by=city["admin"], at=MARCH)
    approve_duty(duty=duty, by=city["admin2"], at=MARCH)


def add_protectors(city: City) -> dict[str, Viewer]:
    """Open their accounts and give them their duties; user name → viewer."""
    for username, name, unit in PROTECTORS:
        open_account(username=username, name=name, password=PASSWORD, by=OPERATOR, at=MARCH)
        give(city, username, "protector", unit)
    return {username: viewer(username) for username, *_ in PROTECTORS}
