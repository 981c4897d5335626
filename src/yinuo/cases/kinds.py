"""The kinds of commitment that arise from services: what applicants promise and firms are owed."""

from yinuo.commitments.registry import Kind, Promisor, register

register(
    Kind(name="deferral", label="容缺后补", order=110, promisor=Promisor.OTHERS, by_origin=True)
)
register(
    Kind(name="declaration", label="告知承诺", order=120, promisor=Promisor.OTHERS, by_origin=True)
)
register(Kind(name="problem", label="问题清零", order=130, promisor=Promisor.CITY, by_origin=True))
register(Kind(name="connection", label="公用设施接入", order=140, promisor=Promisor.CITY))
