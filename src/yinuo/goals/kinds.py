"""The kinds of commitment that a plan holds."""

from yinuo.commitments.registry import Kind, Promisor, register

register(Kind(name="goal", label="总体目标", order=10, promisor=Promisor.CITY, planned=True))
register(Kind(name="target", label="指标任务", order=20, promisor=Promisor.CITY, planned=True))
register(Kind(name="plan", label="行动方案", order=30, promisor=Promisor.CITY, planned=True))
register(Kind(name="measure", label="举措", order=40, promisor=Promisor.CITY, planned=True))
register(Kind(name="project", label="项目", order=50, promisor=Promisor.CITY, planned=True))
register(Kind(name="milestone", label="项目节点", order=60, promisor=Promisor.CITY, planned=True))
register(Kind(name="pledge", label="公开承诺", order=70, promisor=Promisor.CITY, planned=True))
register(Kind(name="lead", label="签约待落地", order=80, promisor=Promisor.CITY, planned=True))
