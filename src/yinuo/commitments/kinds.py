"""The kinds of commitment that stand in no plan: what an office gives out and asks for."""

from yinuo.commitments.registry import Kind, register

register(Kind(name="order", label="交办事项", order=80))
register(Kind(name="report", label="调度报送", order=90, by_sheet=True))
