import csv

from yinuo.kernel.content import content_dir
from yinuo.kernel.media.formats import FORMATS, LIMITS, MIB, REQUEST, largest_request, limit_of


def test_the_table_has_a_line_for_every_format_and_no_other() -> None:
    with (content_dir() / LIMITS).open(encoding="utf-8", newline="") as file:
        listed = [row["格式"] for row in csv.DictReader(file)]
    assert sorted(listed) == sorted({*(f.name.partition("-")[0] for f in FORMATS), REQUEST})


def test_every_limit_makes_sense() -> None:
    for each in FORMATS:
        limit = limit_of(each)
        assert MIB <= limit.largest <= largest_request()
        assert (limit.pixels > 0) == each.picture
