"""Onsager's energy: its limits, its critical point, its derivation from the free energy."""

import numpy as np
import pytest
from scipy.integrate import quad

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians import ONSAGER_TEMPERATURE, onsager_energy


def log_partition(b: float) -> float:
    """Onsager's integral, per site."""
    k = 2 * np.sinh(2 * b) / np.cosh(2 * b) ** 2
    integral, _ = quad(lambda t: np.log((1 + np.sqrt(1 - (k * np.sin(t)) ** 2)) / 2), 0, np.pi / 2)
    return float(np.log(2 * np.cosh(2 * b)) + integral / np.pi)


@pytest.mark.parametrize("temperature", [1.5, 2.0, 2.2, 2.6, 5.0])
def test_the_energy_is_the_slope_of_the_free_energy(temperature: float) -> None:
    b, step = 1 / temperature, 1e-4
    slope = -(log_partition(b + step) - log_partition(b - step)) / (2 * step)
    assert onsager_energy(temperature) == pytest.approx(slope, abs=1e-6)


def test_limits_and_critical_point() -> None:
    energies = onsager_energy([0.05, ONSAGER_TEMPERATURE, 1e6])
    np.testing.assert_allclose(energies, [-2, -np.sqrt(2), 0], atol=1e-5)
    np.testing.assert_allclose(ONSAGER_TEMPERATURE, 2.269185314213022, rtol=1e-14)


@pytest.mark.parametrize("temperature", [0.0, [-1.0, 2.0], np.inf, 1j])
def test_what_is_no_temperature_is_refused(temperature: complex) -> None:
    with pytest.raises(InvalidProblemError, match="temperature"):
        onsager_energy(temperature)
