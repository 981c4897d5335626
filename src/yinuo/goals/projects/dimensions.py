"""What a project can be late in."""

from enum import StrEnum


class Dimension(StrEnum):
    """The values are the names of the tables that decide."""

    START = "开工灯"
    PROGRESS = "进度灯"
    PAYMENT = "付款灯"
    ENROLMENT = "入库灯"
