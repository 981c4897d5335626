"""The kinds of commitment that begin in an office: what it gives out and asks for."""

from yinuo.commitments.registry import Kind, Promisor, register

register(Kind(name="order", label="交办事项", order=80, promisor=Promisor.CITY, planned=True))
register(Kind(name="report", label="调度报送", order=90, promisor=Promisor.CITY, by_sheet=True))
