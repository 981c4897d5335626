"""The form with which a case begins: who applies, for what, and what becomes of each document."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yinuo.cases.commands.applicants import NewApplicant
from yinuo.cases.commands.deferrals import LIABILITY
from yinuo.cases.commands.materials import Choice
from yinuo.cases.items.definition import ItemDefinition, Material
from yinuo.kernel.media.attached import look_at
from yinuo.kernel.media.formats import FORMATS, largest_request, size_words
from yinuo.web.forms.base import PlainForm, instant
from yinuo.web.uploads import Dropped

GIVE, DEFER, DECLARE, HELD, NONE = "give", "defer", "declare", "held", "none"
KINDS = (
    ("firm", _("法人及非法人组织")),
    ("trader", _("个体工商户")),
    ("person", _("自然人")),
)
NAME, NUMBER, CONTACT, ABOUT = 200, 18, 40, 2_000


def _line(label: Any, *, longest: int, hint: Any = "", missing: Any) -> forms.CharField:  # noqa: ANN401
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=longest,
        error_messages={
            "required": missing,
            "max_length": _("最多 %(limit_value)d 字，现有 %(show_value)d 字"),
        },
    )


class FileInput(forms.FileInput):
    """One file, of a kind that can be taken in."""

    def __init__(self) -> None:
        endings = dict.fromkeys(ending for each in FORMATS for ending in each.extensions)
        super().__init__(attrs={"accept": ",".join(endings)})


class FileField(forms.FileField):
    """A file that was looked at: its type is judged by its content."""

    widget = FileInput

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ANN401
        """The uploaded file as it came; `ValidationError` where it is refused."""
        del initial
        if not data:
            return None
        if isinstance(data, Dropped):
            most = size_words(largest_request())
            raise ValidationError(gettext("文件太大：一次最多 %(most)s") % {"most": most})
        _found, faults = look_at([(data.name, data.file)])
        if faults:
            raise ValidationError(list(faults))
        data.file.seek(0)
        return data


@dataclass(frozen=True)
class Document:
    """One document with its fields."""

    material: Material
    choice: BoundField
    file: BoundField
    until: BoundField | None
    promise: BoundField | None
    consent: BoundField | None
    latest: date | None
    """The last day on which it may come later."""

    @property
    def faulty(self) -> bool:
        """Whether any of its fields has a fault."""
        fields = (self.choice, self.file, self.until, self.promise, self.consent)
        return any(each is not None and each.errors for each in fields)


class DocumentsForm(PlainForm):
    """What becomes of each document of an item; the fields are made from its definition.

    `window` says that somebody hands in paper at a desk; `latest` is the last day on which each
    deferrable document may come, by its key.
    """

    liability = LIABILITY
    """What the applicant accepts where a document does not come, as on the letter."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        item: ItemDefinition,
        latest: Mapping[str, date],
        window: bool = False,
        only: tuple[str, ...] | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.window, self.latest = item, window, latest
        self.materials = [m for m in item.materials if only is None or m.key in only]
        for material in self.materials:
            self._add(material)
            for name in ("choice", "file", "until", "promise", "consent"):
                if f"{name}_{material.key}" in self.fields:
                    # The summary on top says of which document it speaks.
                    self.fields[f"{name}_{material.key}"].about = material.name  # type: ignore[attr-defined]
        if any(m.declarable for m in self.materials) and item.declaration:
            self.fields["declaration"] = forms.BooleanField(
                label=_("我已阅读告知承诺书全文，保证所承诺的内容真实，并承担违诺责任"),
                required=False,
            )

    def _add(self, material: Material) -> None:
        offered = self._offered(material)
        self.fields[f"choice_{material.key}"] = forms.ChoiceField(
            label=material.name,
            choices=offered,
            initial=offered[0][0],
            widget=forms.RadioSelect,
            error_messages={"required": _("请选择怎样提交这份材料")},
        )
        hint = "" if not self.is_bound else _("请重新选择文件：浏览器不会替您保留")
        self.fields[f"file_{material.key}"] = FileField(
            label=_("文件"), required=False, help_text=hint
        )
        if material.deferrable:
            self._add_deferral(material)
        if material.held_by:
            self.fields[f"consent_{material.key}"] = forms.BooleanField(
                label=_("我同意从“%(source)s”调取这份材料，只用于办理本事项")
                % {"source": material.held_by},
                required=False,
            )

    def _add_deferral(self, material: Material) -> None:
        latest = self.latest.get(material.key)
        limits = {"max": latest.isoformat()} if latest else {}
        self.fields[f"until_{material.key}"] = forms.DateField(
            label=_("我在这一天以前补交"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date", **limits}, format="%Y-%m-%d"),
            error_messages={"invalid": _("请写成 2025-06-30 这样")},
        )
        self.fields[f"promise_{material.key}"] = forms.BooleanField(
            label=_("我已阅读并作出上面的承诺"), required=False
        )

    def _offered(self, material: Material) -> list[tuple[str, Any]]:
        """The ways of this document, the usual one first."""
        give = (GIVE, _("已带来，收下") if self.window else _("现在上传"))
        ways: list[tuple[str, Any]] = [give] if material.required else []
        if material.held_by:
            ways.append((HELD, _("由政府共享取得，不用提交")))
        if material.deferrable:
            ways.append((DEFER, _("先受理，我以后补交（容缺）")))
        if material.declarable and self.item.declaration:
            ways.append((DECLARE, _("用告知承诺代替")))
        if not material.required:
            ways += [(NONE, _("本次不需要")), give]
        elif self.window:
            ways.append((NONE, _("没有带来")))
        return ways

    def documents(self) -> Iterator[Document]:
        """The documents in their order."""
        for material in self.materials:
            yield Document(
                material,
                self[f"choice_{material.key}"],
                self[f"file_{material.key}"],
                self._bound(f"until_{material.key}"),
                self._bound(f"promise_{material.key}"),
                self._bound(f"consent_{material.key}"),
                self.latest.get(material.key),
            )

    def _bound(self, name: str) -> BoundField | None:
        return self[name] if name in self.fields else None

    @property
    def declaring(self) -> BoundField | None:
        """The tick under the declaration; None where the item has none."""
        return self._bound("declaration")

    def clean(self) -> dict[str, Any]:
        """Each way needs what belongs to it."""
        values: dict[str, Any] = super().clean() or {}
        for material in self.materials:
            self._check(material, values)
        declares = any(values.get(f"choice_{m.key}") == DECLARE for m in self.materials)
        if declares and not values.get("declaration"):
            self.add_error("declaration", gettext("用告知承诺代替材料的，请阅读全文后勾选"))
        return values

    def _check(self, material: Material, values: dict[str, Any]) -> None:
        key, way = material.key, values.get(f"choice_{material.key}")
        if way == GIVE and not self.window and not values.get(f"file_{key}"):
            self._missing(f"file_{key}", gettext("请选择文件"))
        elif way == HELD and not values.get(f"consent_{key}"):
            self._missing(f"consent_{key}", gettext("由政府共享取得要您同意；不同意可以自己上传"))
        elif way == DEFER:
            until, latest = values.get(f"until_{key}"), self.latest.get(key)
            if until is None:
                self._missing(f"until_{key}", gettext("请填写哪一天以前补交"))
            elif latest and until > latest:
                said = gettext("这份材料最晚可以在 %(day)s 补交") % {"day": latest.isoformat()}
                self._missing(f"until_{key}", said)
            if not values.get(f"promise_{key}"):
                self._missing(f"promise_{key}", gettext("容缺受理要您作出承诺"))

    def _missing(self, field: str, what: str) -> None:
        if not self.errors.get(field):
            self.add_error(field, what)

    def choices(self) -> dict[str, Choice]:
        """What was chosen, by the key of the document."""
        return {material.key: self._choice(material.key) for material in self.materials}

    def _choice(self, key: str) -> Choice:
        values = self.cleaned_data
        way = values[f"choice_{key}"]
        file = values[f"file_{key}"] if way == GIVE else None
        return Choice(
            kind=way,
            name=file.name if file else "",
            file=file.file if file else None,
            until=values[f"until_{key}"] if way == DEFER else None,
        )

    def held(self) -> list[str]:
        """Keys of the documents that the city shall use itself."""
        chosen = ((m.key, self.cleaned_data[f"choice_{m.key}"]) for m in self.materials)
        return [key for key, way in chosen if way == HELD]

    def add_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        """As always; those of a document, `material-<key>`, go to its choice."""
        super().add_faults((field.replace("material-", "choice_"), what) for field, what in faults)


class ApplyForm(DocumentsForm):
    """One application."""

    kind = forms.ChoiceField(
        label=_("申请人类别"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择申请人类别")},
    )
    name = _line(
        _("申请人名称"),
        longest=NAME,
        hint=_("单位写营业执照上的全称，个人写身份证上的姓名"),
        missing=_("请填写申请人名称"),
    )
    number = _line(
        _("统一社会信用代码或身份证号"),
        longest=NUMBER,
        hint=_("单位和个体工商户填 18 位统一社会信用代码，个人填身份证号"),
        missing=_("请填写统一社会信用代码或身份证号"),
    )
    contact = _line(
        _("联系电话"),
        longest=CONTACT,
        hint=_("要补正、办结时用它找您"),
        missing=_("请填写联系电话"),
    )
    about = forms.CharField(
        label=_("申请什么"),
        help_text=_("写清在哪里、做什么，例如：在中山区开一家咖啡馆，现制现售饮品和糕点"),
        max_length=ABOUT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("请填写申请什么"),
            "max_length": _("最多 %(limit_value)d 字，现有 %(show_value)d 字"),
        },
    )
    once = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    """Random, so that sending the same form twice makes one case."""

    who = ("kind", "name", "number", "contact", "about")

    def about_fields(self) -> Iterator[BoundField]:
        """Who applies and for what."""
        return (self[name] for name in self.who)

    def applicant(self) -> NewApplicant:
        """Who applies."""
        values = self.cleaned_data
        return NewApplicant(
            kind=values["kind"],
            name=values["name"],
            number=values["number"].upper(),
            contact=values["contact"],
        )


class WindowForm(ApplyForm):
    """What a clerk takes in at the window."""

    window_unit = forms.ChoiceField(label="收件窗口", widget=forms.Select)
    received = instant("收件时间", hint="申请人把材料交到窗口的时间；补录的按当时填写")

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        windows: Mapping[str, str],
        now: datetime,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, window=True, **kwargs)
        field = self.fields["window_unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = list(windows.items())
        self.fields["received"].initial = now

    def add_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        """The commands speak of `window` and `happened_at`."""
        names = {"window": "window_unit", "happened_at": "received"}
        super().add_faults((names.get(field, field), what) for field, what in faults)


class AnswerForm(DocumentsForm):
    """What answers a 补正: only the documents that were asked for."""


class HandInForm(PlainForm):
    """A document that was to come later."""

    file = FileField(label=_("文件"), error_messages={"required": _("请选择文件")})

    def clean_file(self) -> Any:  # noqa: ANN401
        """There must be one."""
        found = self.cleaned_data["file"]
        if found is None:
            raise ValidationError(gettext("请选择文件"))
        return found
