"""When branches make a whole: each join, and nobody by silence alone."""

import pytest

from yinuo.cases.construction.joining import Standing, standing, verdict
from yinuo.cases.life import CaseStatus, Decision

O, A, D, W, S = (  # noqa: E741  # one letter a branch reads best here
    Standing.OPEN,
    Standing.AGREED,
    Standing.DENIED,
    Standing.WITHDRAWN,
    Standing.SILENT,
)


@pytest.mark.parametrize(
    ("join", "need", "said", "outcome"),
    [
        ("all", None, [A, A], "approved"),
        ("all", None, [A, O], ""),
        ("all", None, [O, D], "denied"),
        ("all", None, [A, W], "withdrawn"),
        ("all", None, [W, W], "withdrawn"),
        ("any", None, [D, O], ""),
        ("any", None, [D, A], "approved"),
        ("any", None, [D, D], "denied"),
        ("some", 2, [A, O, D], ""),
        ("some", 2, [A, A, D], "approved"),
        ("some", 2, [A, D, D], "denied"),
        ("no_objection", None, [A, O], ""),
        ("no_objection", None, [A, S], "approved"),
        ("no_objection", None, [S, D], "denied"),
    ],
)
def test_verdict(join: str, need: int | None, said: list[Standing], outcome: str) -> None:
    assert verdict(join, need, said).outcome == outcome


def test_standing_follows_state_and_decision() -> None:
    for status in CaseStatus:
        for decision in (*Decision, ""):
            assert standing(status, decision, silent=False) is not Standing.SILENT
    assert standing("accepted", "", silent=True) is Standing.SILENT
    assert standing("decided", "denied", silent=True) is Standing.DENIED
    assert standing("revoked", "approved", silent=False) is Standing.DENIED
