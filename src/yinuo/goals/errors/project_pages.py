"""What lists, batches and pages of projects cannot answer."""

from django.utils.translation import gettext

from yinuo.kernel.errors import YinuoError


class BadProjectCursor(YinuoError):
    """The link to the next page of the list of projects is damaged."""

    code = "PROJECT-E201"

    def __init__(self, cursor: str) -> None:
        super().__init__(
            gettext("翻页位置无效"),
            place=cursor[:60],
            next_step=gettext("请从第一页重新打开列表"),
        )


class UnknownBatch(YinuoError):
    """No batch of this code, or none that the viewer may see."""

    code = "PROJECT-E202"
    status = 404

    def __init__(self, batch: str) -> None:
        super().__init__(
            gettext("没有这个批次，或者它还没有公开"),
            place=batch[:60],
            next_step=gettext("请从批次列表重新进入"),
        )


class TooManyForCurve(YinuoError):
    """A curve of more projects than are added up while somebody waits."""

    code = "PROJECT-E203"

    def __init__(self, count: int, most: int) -> None:
        super().__init__(
            gettext("选中的项目有 %(count)s 个，一次最多汇总 %(most)s 个")
            % {"count": f"{count:,}", "most": f"{most:,}"},
            next_step=gettext("请先用单位、地区、阶段或行业筛选"),
        )


class BadCityShapes(YinuoError):
    """The city's own map cannot be drawn."""

    code = "PROJECT-E210"
    status = 500

    def __init__(self, path: str, what: str) -> None:
        super().__init__(
            f"本市的地图文件不能用：{what}",
            place=path,
            next_step=(
                "请改成 WGS84 经纬度的 GeoJSON FeatureCollection，每个区域一个 Feature，"
                "properties 写 unit（单位代码）和 name（名称）；改好以前显示方格图"
            ),
        )
