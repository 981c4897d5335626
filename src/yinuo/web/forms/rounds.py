"""The forms of rounds: opening one, a unit's sheet, checking it."""

from collections.abc import Iterable, Mapping, Sequence

from django import forms

from yinuo.commitments.commands import evidence
from yinuo.kernel.filestore import FileStore
from yinuo.supervision.commands.sheets import Given, Refused
from yinuo.supervision.queries.rounds import Line
from yinuo.supervision.rounds.life import SORT_LABELS
from yinuo.web.forms.base import PlainForm, choice, civil_day, line, words
from yinuo.web.forms.evidence import files_field
from yinuo.web.forms.office import offer

ACCEPTED = "报送齐全，已核对"
"""What is said to a sheet that is accepted without a word."""
CHECK_FORM = "check-form"
"""The id of the form in which the office checks a sheet."""
LONGEST_FIGURE, LONGEST_NOTE = 40, 4_000
SEPARATORS = str.maketrans({",": "", "，": "", " ": "", "．": ".", "－": "-", "％": "%"})


class ChoiceForm(PlainForm):
    """Which commitments to ask about: a filter in the address."""

    # Each says by itself that it may stay open.
    conditional = ("basis", "goal", "kind", "unit", "state", "text", "codes")

    office = choice("督查单位", (), radio=False)
    basis = choice("来源", (), radio=False, required=False)
    goal = choice("目标", (), radio=False, required=False)
    kind = choice("类型", (), radio=False, required=False)
    unit = choice("责任单位", (), radio=False, required=False)
    state = choice("状态", (), radio=False, required=False)
    text = line("文字或编号", required=False, longest=100)
    codes = forms.CharField(
        label="只要这些编号",
        required=False,
        max_length=60_000,
        help_text="从表格复制一列编号粘贴到这里；不填就按上面的筛选",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "编号太多，请分期开"},
    )
    as_of_date = civil_day("截至日期", hint="请各单位报到哪一天的情况")

    field_order = ("office", "as_of_date", "basis", "goal", "kind", "unit", "state", "text")

    def __init__(self, *args: object, offered: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        for name, choices in offered.items():
            offer(self, name, list(choices))

    @property
    def named_codes(self) -> tuple[str, ...]:
        """The codes, each once, in their order."""
        parts = self.cleaned_data["codes"].replace("，", " ").replace("、", " ").replace(",", " ")
        return tuple(dict.fromkeys(parts.split()))


class OpenForm(PlainForm):
    """What a round is, beside whom it asks."""

    conditional = ("overruled",)

    sort = choice("类别", [(sort.value, label) for sort, label in SORT_LABELS.items()])
    due = civil_day("报送时限", hint="最后一天，当天提交不算迟")
    title = line("名称", hint="不填就按类别和月份起名", required=False, longest=120)
    note = forms.CharField(
        label="填报要求",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="显示在每张报送表上",
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )
    overruled = forms.CharField(
        label="超出填报负担规则的理由",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="记入账本，并显示在这一期上",
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, *args: object, refused: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not refused:
            del self.fields["overruled"]


def _text(label: str, longest: int, *, rows: int = 0) -> forms.CharField:
    widget: forms.Widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        widget=widget,
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )


class LineFields:
    """The fields of one line, for the template."""

    def __init__(self, form: "SheetForm", about: Line) -> None:
        self.about = about
        self.value = form[f"value-{about.commitment}"] if form.has("value", about) else None
        self.note = form[f"note-{about.commitment}"] if about.may_fill else None
        self.files = form[f"files-{about.commitment}"] if about.may_fill else None
        self.confirm = form[f"confirm-{about.commitment}"] if form.has("confirm", about) else None
        self.asks: forms.BoundField | None = None
        """Where the office writes what is missing."""
        bound = (self.value, self.note, self.files, self.confirm)
        self.faults = [
            *form.whole.get(about.commitment, ()),
            *(fault for field in bound if field is not None for fault in field.errors),
        ]


class SheetForm(PlainForm):
    """The lines of a page of a sheet: figure, note, files, or that what is held is confirmed."""

    files_hint = files_field().help_text

    def __init__(self, *args: object, lines: Sequence[Line]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.lines = [each for each in lines if each.may_fill]
        self.shown = lines
        self.whole: dict[str, list[str]] = {}
        """Commitment → faults of the line as a whole."""
        for each in self.lines:
            self._add(each)

    def _add(self, about: Line) -> None:
        code = about.commitment
        known = about.known
        if known is not None and known.figure:
            unit = f"（{known.unit}）" if known.unit else ""
            field = _text(f"{code} 累计完成{unit}", LONGEST_FIGURE)
            field.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
            self.fields[f"value-{code}"] = field
        self.fields[f"note-{code}"] = _text(f"{code} 进展说明", LONGEST_NOTE, rows=2)
        files = files_field()
        files.label = f"{code} 佐证材料"
        files.help_text = ""  # said once, above the lines
        self.fields[f"files-{code}"] = files
        if about.held is not None and not about.is_answered:
            self.fields[f"confirm-{code}"] = forms.BooleanField(
                label=f"{code} 确认已有的进展", required=False, initial=True
            )

    def has(self, name: str, about: Line) -> bool:
        """Whether a line has such a field."""
        return f"{name}-{about.commitment}" in self.fields

    @property
    def rows(self) -> list[LineFields]:
        """Every line shown with its fields."""
        return [LineFields(self, each) for each in self.shown]

    def given(self, store: FileStore) -> list[Given]:
        """What was written into lines whose own fields are sound; untouched ones are left out."""
        self.is_valid()
        found = []
        for each in self.lines:
            code = each.commitment
            if any(f"{name}-{code}" in self.errors for name in ("value", "note", "files")):
                continue
            value = str(self.cleaned_data.get(f"value-{code}") or "").translate(SEPARATORS)
            note = str(self.cleaned_data.get(f"note-{code}") or "")
            files = self.cleaned_data.get(f"files-{code}") or ()
            confirm = bool(self.cleaned_data.get(f"confirm-{code}"))
            if value or note or files:
                found.append(
                    Given(
                        commitment=code,
                        value=value.removesuffix("%"),
                        note=note,
                        files=evidence.keep(files=files, store=store),
                    )
                )
            elif confirm:
                found.append(Given(commitment=code, confirm=True))
        return found

    def refuse(self, refused: Mapping[str, Refused]) -> None:
        """Put why lines were not taken at their fields."""
        for code, each in refused.items():
            for name, what in each.faults:
                field = {"evidence": "files"}.get(name, name)
                self._fault(code, field, what, each.next_step)

    def _fault(self, code: str, name: str, what: str, next_step: str) -> None:
        field = f"{name}-{code}"
        if name and field in self.fields:
            self.add_error(field, what)
        else:
            said = f"{what}。{next_step}" if next_step else what
            self.whole.setdefault(code, []).append(said)
            self.add_error(None, said)


class HandInForm(PlainForm):
    """Handing a sheet in; the note is needed where lines are missing."""

    conditional = ("note",)

    note = forms.CharField(
        label="说明",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="有的行报不出来时，写明原因；全都报了的不用写",
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )


class CheckForm(PlainForm):
    """What the office says to a sheet that was handed in."""

    note = words("审核意见", hint="退回的，写明缺什么；单独哪一行要补，写在那一行里", rows=3)

    def __init__(self, *args: object, lines: Iterable[Line], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["note"].required = False
        self.named = [each.commitment for each in lines if each.is_answered]
        for code in self.named:
            field = _text(f"{code} 要补什么", LONGEST_NOTE)
            # The fields stand at the lines, outside the form they belong to.
            field.widget.attrs["form"] = CHECK_FORM
            self.fields[f"line-{code}"] = field

    def reasons(self) -> dict[str, str]:
        """Commitment → what is missing in its line."""
        said = {code: self.cleaned_data[f"line-{code}"].strip() for code in self.named}
        return {code: text for code, text in said.items() if text}


class AcceptForm(PlainForm):
    """Which of the sheets that were handed in are accepted together."""

    sheets = forms.MultipleChoiceField(
        label="选中的报送表",
        error_messages={
            "required": "请至少选一张报送表",
            "invalid_choice": "%(value)s 已不在待审核之列，请刷新页面",
        },
    )
    note = line("审核意见", hint="对选中的各张都一样；不写就是“报送齐全，已核对”", required=False)

    def __init__(self, *args: object, codes: Iterable[str]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        offer(self, "sheets", [(code, code) for code in codes])

    @property
    def checked(self) -> list[str]:
        """The rows ticked so far, also in a form shown again."""
        return list(self["sheets"].value() or [])


class ReopenForm(PlainForm):
    """Why a closed round is to be opened again."""

    reason = words("重新打开的理由", rows=3)
