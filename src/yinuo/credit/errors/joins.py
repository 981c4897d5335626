"""What can go wrong with releases, with looking at entities, and with judging joins."""

from yinuo.kernel.errors import Plain, YinuoError


class NoRelease(YinuoError):
    """Nothing has been published yet."""

    code = "CREDIT-E060"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            "还没有发布过信用数据",
            place="信用数据",
            next_step="请信用中心装入并发布：yinuo credit run 目录",
        )


class UnknownEntity(YinuoError):
    """No entity with that code; the code itself is not repeated, it may be a person's."""

    code = "CREDIT-E061"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "没有这个主体的信用记录",
            place="主体",
            next_step="请核对代码；旧代码、旧注册号也可以查",
        )


class UnknownProposal(Plain):
    """No such proposal, or somebody has decided on it."""

    code = "CREDIT-E062"
    status = 404
    said = "记录 {place} 没有待确认的关联"
    step = "请回到“待确认的关联”；别人可能已经处理"


class NotThere(Plain):
    """The record does not stand under that entity."""

    code = "CREDIT-E063"
    status = 409
    said = "记录 {place} 现在不在这个主体名下"
    step = "请重新查询这个主体，看它现在有哪些记录"


class JudgedAlready(YinuoError):
    """The newest judgement of the same two already says so."""

    code = "CREDIT-E064"
    status = 409

    def __init__(self, number: int) -> None:
        super().__init__(
            f"第 {number} 号判断已经这样写明",
            place=f"join_judgement:{number}",
            next_step="发布下一个数据版本后生效，不必再写",
        )


class BadNode(YinuoError):
    """What is to be judged is neither a record nor a code."""

    code = "CREDIT-E065"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}不是记录编号，也不是有效的主体代码",
            place="关联判断",
            next_step="记录编号是 32 位十六进制；代码须校验位正确",
        )


class UnknownRelease(YinuoError):
    """No such release, or its files are gone."""

    code = "CREDIT-E066"
    status = 404

    def __init__(self, number: int) -> None:
        super().__init__(
            f"没有数据版本 {number}，或它的文件已经删除",
            place=f"credit_release:{number}",
            next_step="请在“数据版本”页面查看",
        )


class InputsChanged(YinuoError):
    """Batches or judgements came while a release was being made."""

    code = "CREDIT-E067"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            "归集的时候，批次或判断有了变化，数据版本没有变",
            place="信用数据",
            next_step="请再发布一次",
        )


class ReleaseBehind(YinuoError):
    """The current release is not of the batches and judgements that there are now."""

    code = "CREDIT-E250"
    status = 409

    def __init__(self, number: int) -> None:
        super().__init__(
            f"数据版本 {number} 之后又有了新的批次或判断，重建出来的会比它多，无从比较",
            place=f"credit_release:{number}",
            next_step="先发布现有的（yinuo credit publish），再证明",
        )


class DeltaDiffers(YinuoError):
    """A release made in layers does not hold what a full rebuild holds."""

    code = "CREDIT-E068"
    status = 500

    def __init__(self, number: int, delta: str, rebuilt: str) -> None:
        super().__init__(
            f"数据版本 {number} 与全量重建的不同：{delta[:16]} ≠ {rebuilt[:16]}",
            place=f"credit_release:{number}",
            next_step="请全量发布（yinuo credit publish --full），并报告这个错误",
        )


class NoLinkage(YinuoError):
    """There are no settings of linkage, and so nothing to train a model for."""

    code = "CREDIT-E069"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            "没有关联的设置文件，无从训练模型",
            place="content/linkage/linkage.toml",
            next_step="从自带的 content/linkage 复制一份到本单位的内容目录",
        )
