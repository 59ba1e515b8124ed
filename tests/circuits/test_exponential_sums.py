"""Sums of exponentials against the reciprocal, between the points they were fitted on."""

import numpy as np
import pytest

from circuits.exponential_sums import reciprocal_sum


@pytest.mark.parametrize("deviation", [1e-1, 1e-2, 1e-3])
@pytest.mark.parametrize("ratio", [1.0, 3.0, 100.0, 1e5])
def test_relative_deviation_is_kept_on_the_whole_interval(ratio, deviation):
    found = reciprocal_sum(ratio, deviation)
    assert found.deviation <= deviation
    x = np.geomspace(1, ratio, 20_011)
    relative = x * (np.exp(-np.outer(x, found.times)) @ found.weights)
    assert np.max(np.abs(relative - 1)) <= found.deviation
    assert np.all(found.weights > 0)
    assert np.all(np.diff(found.times) < 0)


def test_number_of_terms_grows_with_the_logarithm_of_the_ratio():
    ratios = np.array([1e2, 1e3, 1e5])
    counts = [reciprocal_sum(ratio, 5e-3).times.size for ratio in ratios]
    assert np.all(counts <= np.log(8 * ratios) * np.log(16 / 5e-3) / np.pi**2 + 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.5, 1e-2), r"ratio = 0\.5: at least 1"),
        ((float("nan"), 1e-2), "ratio = nan"),
        ((10.0, 0.0), r"deviation = 0\.0: a number between 0 and 1"),
        ((10.0, 1.0), r"deviation = 1\.0"),
        ((1e300, 1e-2), "more than 60 exponentials"),
    ],
)
def test_bad_input_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        reciprocal_sum(*arguments)
