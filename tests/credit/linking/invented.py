"""Invented firms and people, and descriptions of them with faults, whose truth is known."""

from dataclasses import dataclass
from random import Random

from yinuo.kernel.uscc import check_character

CORES = "瑞丰海宏盛康达兴华明远泰安鑫博翔宇佳德恒信"
TRADES = ("商贸", "科技", "建筑工程", "食品", "物流", "装饰工程", "船舶", "餐饮管理")
REGIONS = {"210202": "中山区", "210203": "西岗区", "210204": "沙河口区", "210211": "甘井子区"}
STREETS = ("试验路", "样例街", "演示巷", "仿造大街", "拟建路")
SURNAMES = "试测拟演样"
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, kw_only=True)
class Firm:
    """A firm that does not exist."""

    key: str
    code: str
    name: str
    core: str
    trade: str
    region: str
    address: str
    representative: str

    def row(self) -> dict[str, str]:
        """Its registration, as landed."""
        return {
            "key": self.key,
            "code": self.code,
            "uscc": self.code,
            "name": self.name,
            "region": self.region,
            "address": self.address,
            "legal_representative": self.representative,
        }


def firms(count: int, seed: int = 1) -> list[Firm]:
    """So many, the same for each seed."""
    luck = Random(seed)  # noqa: S311  # no secret
    return [_firm(number, luck) for number in range(count)]


def _firm(number: int, luck: Random) -> Firm:
    core = "测" + "".join(luck.choices(CORES, k=3))
    trade, region = luck.choice(TRADES), luck.choice(list(REGIONS))
    inner = organisation(10_000_000 + number * 37)
    body = f"91{region}{inner}"
    return Firm(
        key=f"o:{inner}",
        code=body + check_character(body),
        name=f"大连{core}{trade}有限公司",
        core=core,
        trade=trade,
        region=region,
        address=(
            f"{REGIONS[region]}{luck.choice(STREETS)}{luck.randint(1, 300)}号"
            f"{luck.randint(1, 99)}室"
        ),
        representative=luck.choice(SURNAMES) + "".join(luck.choices(CORES, k=2)),
    )


def organisation(number: int) -> str:
    """An organisation code of eight digits and its check."""
    digits = f"{number:08d}"
    rest = -sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11
    return digits + ("X" if rest == 10 else str(rest))


def described(firm: Firm, luck: Random) -> dict[str, str | None]:
    """The firm as a clerk without its code writes it down."""
    name, address = firm.name, firm.address
    match luck.randrange(6):
        case 0:
            name = f"{firm.core}（大连）{firm.trade}有限公司"
        case 1:
            name = firm.name.replace("大连", "大连市")
        case 2:
            name = f"大连{firm.core}{firm.trade}公司"
        case 3:
            name = f"大连{firm.core[:-1]}{luck.choice(CORES)}{firm.trade}有限公司"
    if luck.random() < 0.3:
        address = "大连市" + address
    return {
        "key": None,
        "name": name,
        "region": firm.region if luck.random() < 0.7 else None,
        "address": address if luck.random() < 0.7 else None,
        "legal_representative": firm.representative if luck.random() < 0.7 else None,
    }
