import numpy as np
import pytest

from qml_algos.physics.ising import autocorrelation_time


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.8])
def test_autoregression_has_its_known_time(rho: float) -> None:
    """The estimate's own error is below 4 % here: a tenth is more than two of its deviations."""
    noise = np.random.default_rng(1).standard_normal((20_000, 4))
    series = np.empty_like(noise)
    series[0] = noise[0] / np.sqrt(1 - rho**2)
    for step in range(1, len(noise)):
        series[step] = rho * series[step - 1] + noise[step]
    assert autocorrelation_time(series) == pytest.approx(0.5 + rho / (1 - rho), rel=0.1)


@pytest.mark.parametrize("series", [np.full((10, 2), 0.1), np.ones((1, 3)), np.zeros((5, 1))])
def test_constants_count_as_independent(series: np.ndarray) -> None:
    assert autocorrelation_time(series) == 0.5
