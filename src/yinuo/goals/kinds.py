"""The kinds of commitment that a plan holds."""

from yinuo.commitments.registry import Kind, register

register(Kind(name="goal", label="总体目标", order=10, planned=True))
register(Kind(name="target", label="指标任务", order=20, planned=True))
register(Kind(name="plan", label="行动方案", order=30, planned=True))
register(Kind(name="measure", label="举措", order=40, planned=True))
register(Kind(name="project", label="项目", order=50, planned=True))
register(Kind(name="milestone", label="项目节点", order=60, planned=True))
register(Kind(name="pledge", label="公开承诺", order=70, planned=True))
register(Kind(name="lead", label="签约待落地", order=80, planned=True))
