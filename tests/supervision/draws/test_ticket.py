"""Tickets against the published vectors of R. L. Rivest's consistent sampler."""

from collections import Counter

from yinuo.supervision.draws.ticket import seed_of, ticket, tickets

IDS = ("A-1", "A-2", "A-3", "B-1", "B-2", "B-3")


def test_the_published_fraction() -> None:
    # From the docstring of `first_fraction` in consistent_sampler.py.
    found = ticket("AB-130", "01382438112797316654")
    assert found == (
        "0.26299714122838008416507544297546663599715395525154425586041245287750224561854"
    )


def test_the_published_shuffle_of_six() -> None:
    # Examples X1 and X4 of test_consistent_sampler.py; tickets there are cut to nine digits.
    found = tickets(IDS, "314159")
    assert [(each.number[:11], each.label) for each in found] == [
        ("0.410310858", "B-2"),
        ("0.470960291", "B-3"),
        ("0.471438751", "A-3"),
        ("0.567089805", "A-2"),
        ("0.978171567", "B-1"),
        ("0.982851572", "A-1"),
    ]


def test_a_layer_alone_keeps_its_order() -> None:
    # Example X3.
    assert [each.label for each in tickets(IDS[3:], "314159")] == ["B-2", "B-3", "B-1"]


def test_the_seed_is_the_frame_and_the_value() -> None:
    assert seed_of(frame_sha256="ab" * 32, randomness="01 + 02") == "ab" * 32 + ":01 + 02"


def test_labels_are_drawn_equally_often() -> None:
    """Chi-square with nine degrees of freedom; 33.7 is exceeded once in 10,000."""
    draws = 3_000
    labels = [f"DL-{number:03d}" for number in range(10)]
    first = Counter(tickets(labels, f"seed {n}")[0].label for n in range(draws))
    expected = draws / len(labels)
    assert sum((first[label] - expected) ** 2 / expected for label in labels) < 33.7


def test_the_order_of_the_input_does_not_matter() -> None:
    assert tickets(IDS[::-1], "x") == tickets(IDS, "x")
