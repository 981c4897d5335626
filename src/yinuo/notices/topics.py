"""What messages are about, in words, and what nobody can turn off. Knows no Django."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A group of messages: the part of `order.issued` before the dot."""

    name: str
    label: str
    """The Chinese word on pages and in digests."""
    obligatory: bool
    """Whether it leaves the system although a person turned it off: they must act by a day."""


TOPICS = {
    topic.name: topic
    for topic in (
        Topic(name="round", label="调度", obligatory=True),
        Topic(name="order", label="督办", obligatory=True),
        Topic(name="signing", label="签收", obligatory=True),
        Topic(name="commitment", label="承诺", obligatory=False),
        Topic(name="draw", label="抽查", obligatory=True),
        Topic(name="doubt", label="疑点", obligatory=True),
        Topic(name="contest", label="异议", obligatory=True),
        Topic(name="race", label="赛马", obligatory=False),
        Topic(name="paper", label="公文", obligatory=False),
        Topic(name="snapshot", label="调度会数据", obligatory=False),
        Topic(name="lead", label="招商线索", obligatory=False),
        Topic(name="case", label="办件", obligatory=True),
        Topic(name="problem", label="企业问题", obligatory=True),
        Topic(name="deferral", label="容缺后补", obligatory=True),
        Topic(name="declaration", label="告知承诺", obligatory=True),
        Topic(name="credit", label="信用", obligatory=True),
    )
}
OTHER = Topic(name="other", label="其他", obligatory=False)


def topic_of(name: str) -> Topic:
    """The group of a message's topic, such as `order` of `order.issued`."""
    return TOPICS.get(name.partition(".")[0], OTHER)
