"""The kinds of commitment that money brings: what a firm is to be paid, and what it gives back."""

from yinuo.commitments.registry import Kind, Promisor, register

register(Kind(name="benefit", label="惠企政策兑现", order=150, promisor=Promisor.CITY))
register(
    Kind(name="clawback", label="退回资金", order=160, promisor=Promisor.OTHERS, by_origin=True)
)
