"""The kinds of commitment that trust brings."""

from yinuo.commitments.registry import Kind, Promisor, register

register(
    Kind(
        name="deferred_payment",
        label="先用后付",
        order=170,
        promisor=Promisor.OTHERS,
        by_origin=True,
    )
)
register(Kind(name="repair_promise", label="信用修复承诺", order=180, promisor=Promisor.OTHERS))
