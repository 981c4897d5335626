from yinuo.supervision.models.contest import Contest, ContestFile
from yinuo.supervision.models.doubt import (
    Doubt,
    DoubtCursor,
    LastDigit,
    Photo,
    PhotoHash,
    PhotoUse,
)
from yinuo.supervision.models.draw import Draw, DrawFile, DrawnItem
from yinuo.supervision.models.number import PaperSeries
from yinuo.supervision.models.order import Concern, Forgone, Order
from yinuo.supervision.models.race import Race, RaceExemption, RaceRow
from yinuo.supervision.models.round import Asked, Round, Sheet
from yinuo.supervision.models.snapshot import Snapshot

__all__ = [
    "Asked",
    "Concern",
    "Contest",
    "ContestFile",
    "Doubt",
    "DoubtCursor",
    "Draw",
    "DrawFile",
    "DrawnItem",
    "Forgone",
    "LastDigit",
    "Order",
    "PaperSeries",
    "Photo",
    "PhotoHash",
    "PhotoUse",
    "Race",
    "RaceExemption",
    "RaceRow",
    "Round",
    "Sheet",
    "Snapshot",
]
