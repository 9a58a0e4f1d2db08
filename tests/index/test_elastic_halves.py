"""A word's weight in two numbers of which the server keeps every bit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.elastic_ranking import halves

LARGEST_ERROR = 2.0**-17  # of a weight


def cut_off(values):
    """What the server keeps of numbers: eight bits behind the leading one."""
    return (np.asarray(values, dtype=np.float32).view(np.uint32) >> 15 << 15).view(np.float32)


@given(st.lists(st.floats(2.0**-20, 1.0, width=32), min_size=1, max_size=20))
def test_the_server_keeps_both_numbers_and_they_sum_to_the_weight(values):
    weights = np.asarray(values, dtype=np.float32)
    first, second = halves(weights)
    assert (cut_off(first) == first).all()
    assert (cut_off(second) == second).all()
    assert (first > 0).all()
    assert (second >= 0).all()
    apart = np.abs(first.astype(np.float64) + second - weights) / weights
    assert apart.max() <= LARGEST_ERROR


def test_one_number_alone_would_not_do():
    weights = np.float32([0.1234567])
    first, second = halves(weights)
    assert abs(first[0] / weights[0] - 1) > 1e-3
    assert second[0] > 0
