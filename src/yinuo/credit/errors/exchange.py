"""What can go wrong between this city and other platforms, and with letters in bulk."""

from collections.abc import Iterable, Sequence

from yinuo.kernel.errors import Finding, Plain, YinuoError


class BadManifest(YinuoError):
    """A package, manifest or receipt that is not of the form that was agreed."""

    code = "CREDIT-E200"

    def __init__(self, place: str, why: str) -> None:
        super().__init__(why, place=place, next_step="请对方按交换说明重新制作，不要改动包内文件")


class UnknownPeer(YinuoError):
    """Nobody of that name, or with that key, stands in the list of those we exchange with."""

    code = "CREDIT-E201"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"“{name}”不在交换名单里；名单上有：{'、'.join(known) or '（没有）'}",
            place=name,
            next_step="核对公钥后，把对方写进 content/exchange/peers.csv",
        )


class FilesDiffer(YinuoError):
    """The files of a package are not those that its manifest names; `findings` holds each."""

    code = "CREDIT-E202"

    def __init__(self, place: str, findings: Sequence[Finding]) -> None:
        super().__init__(
            f"包内文件与清单有 {len(findings)} 处不符，第一处：{findings[0].rule}",
            place=place,
            next_step="请重新传输整个包；没有装入任何数据",
        )
        self.findings = tuple(findings)


class NumberTaken(YinuoError):
    """The same number came before with other contents."""

    code = "CREDIT-E203"
    status = 409

    def __init__(self, number: str, code: str) -> None:
        super().__init__(
            f"编号 {number} 已收过（{code}），内容不同",
            place=number,
            next_step="请对方为新内容换一个编号；同一编号只能原样重发",
        )


class UnknownPackage(Plain):
    """No such package, or none that the viewer may see."""

    code = "CREDIT-E204"
    status = 404
    said = "没有交换包 {place}"
    step = "请在“数据交换”页面查看您能看的包"


class NotForUs(YinuoError):
    """A package for somebody else, or of contents that its sender may not send."""

    code = "CREDIT-E205"

    def __init__(self, number: str, why: str) -> None:
        super().__init__(why, place=number, next_step="请与对方核对收件方和交换内容")


class NothingToSend(YinuoError):
    """Every record was sent before, or there is none."""

    code = "CREDIT-E206"
    status = 409

    def __init__(self, content: str, left_out: int) -> None:
        also = f"；另有 {left_out:,} 条还缺必填项，没有报" if left_out else ""
        super().__init__(
            f"没有要上报的{content}：都已报过{also}",
            place=content,
            next_step="发布新的数据版本后再试；上次的包可以原样重发",
        )


class WrongReceipt(YinuoError):
    """A receipt that does not answer this package, or contradicts one that was taken in."""

    code = "CREDIT-E207"
    status = 409

    def __init__(self, number: str, why: str) -> None:
        super().__init__(why, place=number, next_step="请对方核对后重新出具回执")


class WrongColumns(YinuoError):
    """A file of letters without the headings of the national form."""

    code = "CREDIT-E215"

    def __init__(self, file: str, missing: Sequence[str], unknown: Sequence[str]) -> None:
        said = [f"缺少 {'、'.join(missing)}"] if missing else []
        said += [f"多出 {'、'.join(unknown)}"] if unknown else []
        super().__init__(
            f"不是信用承诺书的 20 列：{'；'.join(said)}",
            place=file,
            next_step="按国家格式的 20 个项目名称写表头，CSV，UTF-8",
        )


class UnreadableLetters(YinuoError):
    """A file of letters that cannot be read to its end."""

    code = "CREDIT-E216"

    def __init__(self, file: str, why: str) -> None:
        super().__init__(
            f"读不下去：{why}", place=file, next_step="核对编码和引号后重新导出；没有留下半批"
        )


class UnknownBulk(Plain):
    """No such batch of letters, or no such letter in a published one."""

    code = "CREDIT-E217"
    status = 404
    said = "没有 {place}"
    step = "请核对编号"


class WrongBulkState(YinuoError):
    """The step does not follow from the state of the batch of letters."""

    code = "CREDIT-E218"
    status = 409

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why, place=code, next_step="请刷新页面，看它现在可以做什么")


class BulkDamaged(YinuoError):
    """Files of letters that are not those on the ledger."""

    code = "CREDIT-E219"
    status = 500

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why, place=code, next_step="请从备份恢复这个文件夹；此前不要公开")
