"""The kinds of commitment that trust brings."""

from yinuo.commitments.registry import Kind, register

register(Kind(name="deferred_payment", label="先用后付", order=170))
