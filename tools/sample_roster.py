"""Makes the sample 台账 of the tutorial, as an office would send it and as it is once mended.

    .venv/bin/python -m tools.sample_roster

Every task in it is invented.
"""

from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

FOLDER = Path(__file__).resolve().parents[1] / "content" / "rosters" / "sample"
AS_SENT, MENDED = FOLDER / "office.xlsx", FOLDER / "office-mended.xlsx"
TITLE = "2024年营商环境重点任务台账（演示数据）"
MADE = datetime(2024, 3, 1, tzinfo=UTC).replace(tzinfo=None)
"""Stands in the file's properties, so that the same sheet gives the same bytes."""
HEADER = (
    ("序号", ""),
    ("重点任务", ""),
    ("责任分工", "牵头单位"),
    ("责任分工", "配合单位"),
    ("责任分工", "责任领导"),
    ("年度目标", ""),
    ("完成时限", ""),
    ("备注", ""),
)
WIDTHS = (6, 44, 20, 26, 14, 18, 16, 24)
MARKET, PORT, NEWS = "市市场监管部门", "市政府口岸办", "市政府新闻办"
ROWS: tuple[tuple[str | int | None, ...], ...] = (
    ("一、减环节", None, None, None, None, None, None, None),
    (
        1,
        "企业开办“一日办结”全覆盖",
        MARKET,
        "市人社部门",
        "演示甲",
        "1个工作日以内",
        "2024年6月底",
        None,
    ),
    (2, "住所登记自主申报", MARKET, None, "演示甲", None, "2024.9.30", None),
    (3, "年报信息多报合一", MARKET, "市人社部门", "演示甲", "30项以上", "12月底前", None),
    ("二、降时间", None, None, None, None, None, None, None),
    (4, "进口整体通关时间压缩", PORT, "大连港海关", "演示乙", "不超过32小时", "全年", None),
    (5, "口岸收费目录清单公开", PORT, None, "演示乙", None, "3-5月", "每季度更新"),
    (6, "夜间通关预约服务", PORT, "大连港海关、旅顺口区", "演示乙", None, "2024年13月", None),
    (7, "重点企业通关专窗", PORT, "大连港海关", "演示乙", "120家", "持续推进", None),
    ("三、优服务", None, None, None, None, None, None, None),
    (8, "惠企政策直达平台上线", "市数据办", MARKET, "演示丙", None, "2024/10/31", None),
    (9, "企业用工服务专员", "市人社部门", "各区市县政府", "演示丙", "2000余名", "年底前", None),
    (10, "营商环境新闻发布", NEWS, None, "演示丁", "12场", "全年", "每月一场"),
    (10, "政策解读短视频", NEWS, None, "演示丁", "20部以上", "2024年8月31日", None),
    (12, "数字技能培训", "市人社部门", None, "演示丙", "4000人次（含线上）", "二季度末", None),
    ("合计", "12项", None, None, None, None, None, None),
)
MENDS = {
    ("夜间通关预约服务", 6): "2024年3月31日",  # 13 is no month
    ("惠企政策直达平台上线", 2): "市人社部门",  # 市数据办 is not registered
    ("政策解读短视频", 0): 11,  # 10 stands there twice
}
"""(task, column from 0) → what the tutorial tells to write instead."""
LINE = Side(style="thin", color="808080")


def _heads(sheet: Worksheet) -> None:
    sheet.merge_cells("A1:H1")
    sheet["A1"] = TITLE
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet["A2"] = "单位：市营商环境建设专班"
    for column, (over, under) in enumerate(HEADER, start=1):
        sheet.cell(3, column, over)
        sheet.cell(4, column, under or None)
        if not under:
            sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    sheet.merge_cells("C3:E3")
    for row in sheet["A3:H4"]:
        for cell in row:
            cell.fill = PatternFill("solid", fgColor="DDE6EA")
            cell.font = Font(bold=True)
            cell.alignment = Alignment(horizontal="center", vertical="center")
            cell.border = Border(LINE, LINE, LINE, LINE)


def _body(sheet: Worksheet, *, mended: bool) -> None:
    for number, values in enumerate(ROWS, start=5):
        for column, value in enumerate(values):
            written = MENDS.get((str(values[1]), column), value) if mended else value
            cell = sheet.cell(number, column + 1, written)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            cell.border = Border(LINE, LINE, LINE, LINE)
    sheet.merge_cells("C6:C8")  # one unit for three tasks, as offices like it


def workbook(*, mended: bool) -> Workbook:
    """The sheet as sent, or with its three faults mended."""
    book = Workbook()
    book.properties.creator, book.properties.created = "Yinuo", MADE
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  # a new workbook has one
    sheet.title = "任务台账"
    for letter, width in zip("ABCDEFGH", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    _heads(sheet)
    _body(sheet, mended=mended)
    sheet.freeze_panes = "A5"
    return book


def main() -> None:
    """Write both files."""
    FOLDER.mkdir(exist_ok=True)
    workbook(mended=False).save(AS_SENT)
    workbook(mended=True).save(MENDED)


if __name__ == "__main__":
    main()
