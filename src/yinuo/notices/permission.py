"""Who sees to it that messages arrive: the administrators of the city."""

from yinuo.parties.queries import public_city_units
from yinuo.parties.viewer import NotAllowed, Viewer


def administers_all(viewer: Viewer) -> bool:
    """Whether the viewer administers the city."""
    city = public_city_units()
    return bool(city) and city <= viewer.administrator_of


def require_administrator(viewer: Viewer) -> None:
    """Raises `NotAllowed` for anybody else."""
    if not administers_all(viewer):
        raise NotAllowed("只有全市的管理员可以查看和重发消息", place="消息发送")


def account_of(viewer: Viewer) -> int:
    """The viewer's own account. Raises `NotAllowed` for the public."""
    if viewer.account_id is None:
        raise NotAllowed("消息只有登录后才能查看", next_step="请先登录")
    return viewer.account_id
