"""What SQL cannot say exactly: named by element and construct, with what to do instead."""

from yinuo.kernel.errors import YinuoError

AT_WINDOW = "这一处请用 yinuo rules decide 逐件判定，或改写模型"


class Refusal(Exception):
    """A construct that has no equal in SQL. Raised inside an element, which gives it its place."""

    def __init__(self, construct: str, why: str, next_step: str = AT_WINDOW) -> None:
        super().__init__(f"{construct}：{why}")
        self.construct = construct
        self.why = why
        self.next_step = next_step


class NotInSql(YinuoError):
    """A decision that cannot be written as SQL of equal meaning."""

    code = "RULES-E130"

    def __init__(self, element: str, refusal: Refusal) -> None:
        self.element = element
        self.construct = refusal.construct
        super().__init__(
            f"“{element}”不能写成 SQL：{refusal.construct}，{refusal.why}",
            place=element,
            next_step=refusal.next_step,
        )
