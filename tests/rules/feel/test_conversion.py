"""Values from texts and numbers, and properties of dates, times and durations."""

import pytest

from tests.rules.feel.asking import notes_of, said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-11-28")', "2026-11-28"),
        ('date("-2026-01-01")', "-2026-01-01"),
        ('date("999999999-12-31")', "999999999-12-31"),
        ("date(2026, 2, 28)", "2026-02-28"),
        ("date(year: 2026, month: 02, day: 28)", "2026-02-28"),
        ('date(date and time("2026-11-28T23:00:00@Asia/Shanghai"))', "2026-11-28"),
        ('time("10:20:30.123456789")', "10:20:30.123456789"),
        ('time("10:20:30-00:00")', "10:20:30Z"),
        ('time("10:20:30@Asia/Shanghai")', "10:20:30@Asia/Shanghai"),
        ("time(11, 59, 45, null)", "11:59:45"),
        ('time(11, 59, 45.5, duration("-PT2H45M55S"))', "11:59:45.5-02:45:55"),
        ('time(date and time("2026-11-28T10:00:00+08:00"))', "10:00:00+08:00"),
        ('date and time("2026-11-28")', "2026-11-28T00:00:00"),
        (
            'date and time("999999999-12-31T23:59:59.999999999@Asia/Shanghai")',
            "999999999-12-31T23:59:59.999999999@Asia/Shanghai",
        ),
        ('date and time(date("2026-11-28"), time("10:00:00Z"))', "2026-11-28T10:00:00Z"),
        ('date and time(@"2026-11-28T08:00:00Z", @"10:00:00")', "2026-11-28T10:00:00"),
        ("date and time(2026, 11, 28, 10, 0, 5)", "2026-11-28T10:00:05"),
        ('duration("PT1000M")', "PT16H40M"),
        ('duration("-P2DT100M")', "-P2DT1H40M"),
        ('duration("PT0.S")', "PT0S"),
        ('duration("P1Y27M")', "P3Y3M"),
        ('duration("P0Y")', "P0M"),
        ('years and months duration(@"2011-12-22", @"2013-08-24")', "P1Y8M"),
        ('years and months duration(@"2013-08-24", @"2011-12-22")', "-P1Y8M"),
        ('years and months duration(@"2016-09-30T23:25:00", @"2017-12-28T12:12:12")', "P1Y2M"),
        ('number("1.000.000,01", ".", ",")', "1000000.01"),
        ('number("1 000.5", " ", ".")', "1000.5"),
        ('number("1,000", ",", null)', "1000"),
        ('number(from: "5,5", grouping separator: null, decimal separator: ",")', "5.5"),
        ('number("00123")', "00123".lstrip("0")),
        ("number(11.11)", "11.11"),
        ("string(1.50)", '"1.50"'),
        ("string(1e30)", f'"1{"0" * 30}"'),
        ("string(1e300)", '"1E+300"'),
        ("string(null)", "null"),
        ('string("a")', '"a"'),
        ('string([1, "a", null, {b: true}])', '"[1, \\"a\\", null, {b: true}]"'),
        ('string(@"P1DT2H")', '"P1DT2H"'),
        ("string([1..3))", '"[1..3)"'),
        ("string((> 3))", '"(> 3)"'),
        ('range("[1..3)")', "[1..3)"),
        ('range("]1..3[")', "(1..3)"),
        ('range(" [ -1.5 .. 3 ] ")', "[-1.5..3]"),
        ('range("[2..)") = (>= 2)', "true"),
        ('range("(..2)") = < 2', "true"),
        ('range("[\\"a\\"..\\"c\\"]")', '["a".."c"]'),
        ('range("[date(\\"2026-01-01\\")..@\\"2026-01-02\\"]")', "[2026-01-01..2026-01-02]"),
        ('range("[duration(\\"P1D\\")..@\\"P2D\\"]")', "[P1D..P2D]"),
        ('range("[date and time(\\"2026-01-01\\")..@\\"2026-01-02T00:00:00\\"]").start.day', "1"),
        ('range("[time(\\"10:00:00\\")..@\\"11:00:00\\"]").end.hour', "11"),
    ],
)
def test_values_from_others(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'date("2026-13-01")',
        'date("2026-02-29")',
        'date("2026/01/01")',
        'date("02026-01-01")',
        'date("998-01-01")',
        'date("+2026-01-01")',
        'date("2026-01-01T10:00:00")',
        'date("9999999999-01-01")',
        "date(2026, 13, 1)",
        "date(2026, 1.5, 1)",
        "date(2026, null, 1)",
        "date(2026)",
        "date()",
        'time("24:00:00")',
        'time("10:60:00")',
        'time("7:00:00")',
        'time("10:00")',
        'time("10:00:00+19:00")',
        'time("10:00:00+08:60")',
        'time("10:00:00+08:00@Asia/Shanghai")',
        'time("10:00:00@无/此区")',
        'time("10:00:00@Mars/Olympus")',
        'time("10:00:00@../../etc/passwd")',
        'time(date("2026-01-01"))',
        "time(23, 59, 60, null)",
        'date and time("2026-01-01 10:00:00")',
        'date and time(@"2026-01-01", null)',
        'duration("P")',
        'duration("PT")',
        'duration("P1H")',
        'duration("1D")',
        'duration("P1Y2D")',
        'years and months duration(@"2026-01-01", @"2026-01-01T00:00:00")',
        'number("1,000", ",", ",")',
        'number("1,000", ":", ".")',
        'number("abc")',
        'number("1 2 3")',
        'number("1e9999")',
        'number("1,5", ".", null)',
        'number("1", ".")',
        "number(null)",
        'range("")',
        'range("[..2]")',
        'range("[1..]")',
        'range("(..)")',
        'range("[3..1]")',
        'range("[1..\\"a\\"]")',
        'range("[1..2] x")',
        'range("[date(string(\\"2026-01-01\\"))..@\\"2026-01-02\\"]")',
        "range(5)",
        '@"x"',
        '@"2026-01-01T10:00"',
    ],
)
def test_what_cannot_be_read_is_null_with_a_note(text: str) -> None:
    assert notes_of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2026-11-28".year', "2026"),
        ('@"2026-11-28".weekday', "6"),
        ('@"2026-11-28T10:20:30.5+08:00".second', "30"),
        ('@"2026-11-28T10:20:30+08:00".time offset', "PT8H"),
        ('@"2026-07-01T10:20:30@Europe/Paris".time offset', "PT2H"),
        ('@"2026-11-28T10:20:30".time offset', "null"),
        ('@"10:20:30-05:00".time offset', "-PT5H"),
        ('@"10:20:30@Asia/Shanghai".timezone', '"Asia/Shanghai"'),
        ('@"10:20:30Z".timezone', "null"),
        ('@"-P1DT2H3M4S".days', "-1"),
        ('@"-P1DT2H3M4S".minutes', "-3"),
        ('@"P1DT2H3M4.9S".seconds', "4"),
        ('@"P1Y2M".months', "2"),
        ('@"-P1Y2M".years', "-1"),
    ],
)
def test_properties(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize("text", ['@"P1Y".days', '@"P1D".months', '@"2026-11-28".hour', "1.year"])
def test_a_property_of_another_kind_is_null_with_a_note(text: str) -> None:
    assert notes_of(text.replace("1.year", "(1).year"))
