"""Dates that people mean are taken, others are faults; choices are as Django writes them."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError

from yinuo.web.forms.base import choice, civil_day, instant
from yinuo.web.templatetags.yinuo import option_input


@pytest.mark.parametrize("typed", ["2024-02-29", "2024/2/29", "2024年2月29日"])
def test_a_day_is_taken_as_people_write_it(typed: str) -> None:
    assert civil_day("开工日期").clean(typed) == date(2024, 2, 29)


@pytest.mark.parametrize("typed", ["9999-12-31", "2101-01-01", "1899-12-31", "0001-01-01"])
def test_a_day_that_nobody_means_is_a_fault(typed: str) -> None:
    with pytest.raises(ValidationError, match="开工日期的年份应在 1900 至 2100 之间"):
        civil_day("开工日期").clean(typed)


def test_an_instant_is_by_the_clock_of_china() -> None:
    assert instant("开会时间").clean("2024-02-29T09:30") == datetime(2024, 2, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["9999-12-31T23:59", "1899-12-31 00:00"])
def test_an_instant_that_nobody_means_is_a_fault(typed: str) -> None:
    with pytest.raises(ValidationError, match="开会时间的年份应在 1900 至 2100 之间"):
        instant("开会时间").clean(typed)


class _Choosing(forms.Form):
    one = choice("一个", [("a", "甲"), ('"b"', "乙")], hint="选一个")
    many = forms.MultipleChoiceField(
        choices=[("<a>", "甲"), ("b", "乙")], widget=forms.CheckboxSelectMultiple
    )


@pytest.mark.parametrize("typed", [None, {"one": '"b"', "many": ["<a>"]}])
def test_a_choice_is_written_as_django_writes_it(typed: dict[str, object] | None) -> None:
    form = _Choosing(typed)
    boxes = [option for field in form for option in field.subwidgets]
    assert len(boxes) == 4
    assert [option_input(box) for box in boxes] == [box.tag().strip() for box in boxes]
