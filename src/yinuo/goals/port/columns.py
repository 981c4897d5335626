"""The columns of a declaration log as a port exports it."""

CASE = "报关单号"
STEP = "环节"
TIME = "时间"
MARK = "标志"
"""开始 or 完成 of a step that lasts; empty for one that only happens."""
DIRECTION = "进出口"
MODE = "运输方式"
PORT = "口岸"
FIRM = "企业类别"
COLUMNS = (CASE, STEP, TIME, MARK, DIRECTION, MODE, PORT, FIRM)
BEGUN, COMPLETE = "开始", "完成"
