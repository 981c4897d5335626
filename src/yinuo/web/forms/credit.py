"""Forms about credit records: whom to look up and why, rows put aside, joins, gates."""

from collections.abc import Iterable

from yinuo.web.forms.base import PlainForm, choice, line, words

PREFIX = "f-"
LONGEST_CODE = 40
LONGEST_CASE = 60


class PurposeForm(PlainForm):
    """Why somebody looks."""

    def __init__(self, purposes: Iterable[tuple[str, str]], *args: object, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        self.fields["purpose"] = choice(
            "查询目的",
            [("", "请选择"), *purposes],
            hint="只显示这个目的可以看的内容；每次查看都记入查询日志",
            radio=False,
        )


class LookForm(PurposeForm):
    """Whom somebody looks up, and why."""

    code = line(
        "统一社会信用代码、旧代码或身份证件号码",
        hint="代码只随表单提交，不出现在网址里",
        longest=LONGEST_CODE,
    )
    code.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def __init__(self, purposes: Iterable[tuple[str, str]], *args: object, **kw: object) -> None:
        super().__init__(purposes, *args, **kw)
        self.order_fields(("purpose", "code"))


class SplitForm(PlainForm):
    """Taking a record out of an entity for good."""

    reason = words("拆分理由", hint="怎样核实的；留在账本上，以后每次加载都照此办理", rows=3)
    case = line("异议或核查编号", hint="例如 YY-2025-0031", longest=LONGEST_CASE)


class ProposalForm(PlainForm):
    """Whether the record belongs to the entity that a model thinks of."""

    decision = choice(
        "是同一个主体吗", [("confirm", "是，记到这个主体名下"), ("reject", "不是，不再提示")]
    )
    reason = words("理由", hint="看了什么、凭什么认定；留在账本上", rows=3)
    case = line("核查编号", required=False, longest=LONGEST_CASE)


class CorrectForm(PlainForm):
    """The wrong fields of one row as they came; what is changed is loaded again."""

    def __init__(self, wrong: Iterable[tuple[str, str, str]], *args: object, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        self.wrong = tuple(wrong)
        for name, label, value in self.wrong:
            field = line(label, hint="照原件改；留空即清空", required=False, longest=4_000)
            field.initial = value
            self.fields[f"{PREFIX}{name}"] = field
        self.fields["reason"] = words("理由", hint="怎样核实的；留在账本上", rows=3)

    @property
    def changes(self) -> dict[str, str]:
        """Heading → what is typed, where it differs from what came."""
        typed = {name: self.cleaned_data[f"{PREFIX}{name}"].strip() for name, *_ in self.wrong}
        return {name: typed[name] for name, _, was in self.wrong if typed[name] != was}


class LeaveForm(PlainForm):
    """Not correcting a row here."""

    how = choice("怎么处理", [("return", "退回报送单位"), ("waive", "不再处理")])
    reason = words("理由", rows=2)


class ReasonForm(PlainForm):
    """A reason, and nothing else."""

    reason = words("理由", rows=3)


class GateForm(PlainForm):
    """Deciding on a request to take a batch in although a check failed."""

    decision = choice("决定", [("approve", "同意放行"), ("refuse", "不同意")])
    reason = words("理由", rows=3)
