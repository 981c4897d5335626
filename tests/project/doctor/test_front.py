"""A site behind a proxy that does not say who asks."""

from yinuo.kernel.proxies import networks
from yinuo.project.doctor.finding import State
from yinuo.project.doctor.front import proxy


def test_a_proxy_that_is_not_named_is_worth_a_look() -> None:
    (seen,) = proxy(https=True, proxies=())
    assert seen.state is State.LOOK
    assert "YINUO_PROXIES" in seen.next_step


def test_a_proxy_that_is_named_is_well() -> None:
    (seen,) = proxy(https=True, proxies=networks("127.0.0.1"))
    assert seen.state is State.WELL
    assert "127.0.0.1" in seen.said


def test_without_a_proxy_nothing_is_said() -> None:
    assert [*proxy(https=False, proxies=())] == []
