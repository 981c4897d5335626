"""Faults of the machine are told in words; what is ours keeps its trace."""

import errno

import pytest
from django.db import IntegrityError, OperationalError

from yinuo.project.faults import DatabaseUnreachable, DiskFull, of_the_machine


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/srv/yinuo/b.zip"), DiskFull),
        (OperationalError("database or disk is full"), DiskFull),
        (OperationalError("connection failed: Connection refused\n\tIs it?"), DatabaseUnreachable),
    ],
)
def test_a_fault_of_the_machine_says_what_to_do(fault: Exception, told: type) -> None:
    known = of_the_machine(fault)
    assert type(known) is told
    assert known is not None
    assert known.place
    assert known.next_step
    assert "\n" not in known.what


@pytest.mark.parametrize(
    "fault", [OSError(errno.EACCES, "Permission denied"), IntegrityError("x"), KeyError("x")]
)
def test_any_other_keeps_its_trace(fault: Exception) -> None:
    assert of_the_machine(fault) is None
