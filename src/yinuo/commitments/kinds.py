"""The kinds of commitment that begin in an office: what it gives out and asks for."""

from yinuo.commitments.registry import Kind, register

register(Kind(name="order", label="交办事项", order=80, planned=True))
register(Kind(name="report", label="调度报送", order=90, by_sheet=True))
