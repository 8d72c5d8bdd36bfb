from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.seeds import derive


def test_seeds_stay_the_same_across_versions():
    """Resuming an old run needs the very numbers it started with."""
    assert derive(0, "data order", 0) == 8855980317081900507
    assert derive(7, "z", 123, 4) == 3259261676183921939


@given(st.integers(), st.text(), st.lists(st.integers(0, 2**40), max_size=3))
def test_seeds_fit_a_generator(seed: int, purpose: str, counters: list[int]):
    assert 0 <= derive(seed, purpose, *counters) < 2**63


def test_places_do_not_run_into_each_other():
    places = [(1, "z", 12), (1, "z", 1, 2), (11, "z", 2), (1, "z1", 2), (1, "z"), (1, "y", 12), (0, "z", 12)]
    assert len({derive(seed, purpose, *counters) for seed, purpose, *counters in places}) == len(places)


def test_neighbours_share_no_low_bits():
    """torch's CPU generator looks at 32 bits only."""
    low = {derive(0, "points", position) & 0xFFFFFFFF for position in range(2000)}
    assert len(low) == 2000
