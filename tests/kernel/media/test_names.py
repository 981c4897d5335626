import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from yinuo.kernel.media.formats import FORMATS
from yinuo.kernel.media.names import LONGEST, clean_name, download_name, ending_of


@given(st.text())
def test_a_clean_name_is_short_and_seen_and_no_path(given_name: str) -> None:
    name = clean_name(given_name)
    assert 1 <= len(name) <= LONGEST
    assert not set(name) & set("/\\\0\r\n")
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in name)
    assert name not in {".", ".."}
    assert clean_name(name) == name


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("现" * 200 + ".jpeg")
    assert len(name) == LONGEST
    assert name.endswith("…" + ".jpeg")


@given(name=st.text(), found=st.sampled_from(FORMATS))
def test_a_name_to_download_ends_as_the_content_demands(name: str, found: object) -> None:
    assert isinstance(found, type(FORMATS[0]))
    assert ending_of(download_name(clean_name(name), found)) in found.extensions
