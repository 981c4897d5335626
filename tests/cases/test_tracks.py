from hypothesis import given
from hypothesis import strategies as st

from yinuo.cases.tracks import ALPHABET, new_track, track_mark


def test_a_code_has_eighty_random_bits_and_no_look_alikes() -> None:
    found = {new_track() for _ in range(2_000)}
    assert len(found) == 2_000
    assert len(ALPHABET) ** 16 >= 2**80
    assert not set("01IO") & set(ALPHABET)
    assert {len(one) for one in found} == {19}


def test_every_place_takes_every_letter() -> None:
    plain = [new_track().replace("-", "") for _ in range(2_000)]
    assert all({one[place] for one in plain} == set(ALPHABET) for place in range(16))


def test_a_code_is_the_same_however_it_is_typed() -> None:
    track = new_track()
    for typed in (track.lower(), track.replace("-", ""), f"  {track.replace('-', ' ')} "):
        assert track_mark(typed) == track_mark(track)


@given(st.text(max_size=200))
def test_any_text_has_a_mark(text: str) -> None:
    assert len(track_mark(text)) == 64
