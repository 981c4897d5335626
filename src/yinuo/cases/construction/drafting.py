"""Items of a flow as items of the catalogue, for a demonstration and for a first draft. Pure."""

from collections.abc import Iterator

from yinuo.cases.construction.flow import Flow, FlowItem
from yinuo.cases.items.definition import ItemDefinition, ItemGround, Material, Question, Step

ART_45 = "行政许可法第四十五条"
GROUND_BASIS = {"专家评审": ART_45, "检测": ART_45, "检验": ART_45, "听证": ART_45}
STEPS = ("受理", "审核", "审批", "办结", "送达")
HALL = "市政务服务中心工程建设综合窗口（演示）"


def definitions(flow: Flow) -> Iterator[ItemDefinition]:
    """A definition for each item of a flow; what the flow does not say is filled in plainly."""
    for stage in flow.stages:
        for item in stage.items:
            yield _definition(flow, stage.name, item)


def _definition(flow: Flow, stage: str, item: FlowItem) -> ItemDefinition:
    reused = {one.material: one for one in flow.reuses_of(item.code)}
    return ItemDefinition(
        code=item.code,
        name=item.name,
        kind=item.kind,
        unit=item.unit,
        by_law=item.basis,
        served=("法人",),
        topics=("投资审批",),
        legal_limit=item.legal,
        promised_limit=item.promised,
        start_event="受理",
        grounds=tuple(
            ItemGround(name=name, legal_basis=GROUND_BASIS.get(name, item.basis))
            for name in item.grounds
        ),
        conditions=f"“{flow.name}”{stage}阶段的事项；前置事项已办结通过。",
        result_name=f"{item.name}结果",
        result_kind="审批办结",
        address=HALL,
        hours="工作日 9:00–17:00",
        phone="0411-00000001",
        complaint_phone="0411-00000002",
        visits=0,
        visits_explain="无",
        online_depth="全程网办",
        materials=tuple(
            Material(
                key=key,
                name=name,
                held_by=reused[key].name if key in reused else "",
                form="电子",
                source="申请人自备",
                legal_basis=item.basis,
            )
            for key, name in item.materials
        ),
        steps=tuple(Step(name=name) for name in STEPS),
        questions=(
            Question(
                question="要分头向几个部门申请吗？",
                answer="不用。一个阶段只在综合窗口交一次，各部门同时办。",
            ),
        ),
        simulated=flow.simulated,
    )
