"""Correction of depolarising noise, on its model."""

import numpy as np
import pytest

from qml_algos.errors import SignalLostError
from qml_algos.kernels.sampled.depolarising import corrected, survivals
from qml_algos.kernels.sampled.proportions import mean_and_error

QUBITS, SHOTS = 3, 4000
SURVIVALS = np.array([0.9, 0.7, 0.8])
FIRST, SECOND = np.triu_indices(3, 1)
EXACT = np.array([0.5, 0.05, 0.9])


def depolarised(fidelity: np.ndarray, survival: np.ndarray) -> np.ndarray:
    return survival * fidelity + (1 - survival) / 2**QUBITS


def correct(themselves, pairs) -> tuple[np.ndarray, np.ndarray]:
    found, relative = survivals(*themselves, QUBITS)
    return corrected(
        *pairs, (found[FIRST], found[SECOND]), (relative[FIRST], relative[SECOND]), QUBITS
    )


def test_depolarised_fidelities_are_corrected_exactly() -> None:
    themselves = depolarised(np.ones(3), SURVIVALS**2)
    pairs = depolarised(EXACT, SURVIVALS[FIRST] * SURVIVALS[SECOND])
    values, _ = correct((themselves, np.full(3, 1e-3)), (pairs, np.full(3, 1e-3)))
    np.testing.assert_allclose(values, EXACT, atol=1e-14)


def test_standard_errors_cover_those_of_the_survivals() -> None:
    """The spread of 600 repetitions is known to 2.9 percent: 15 percent are five of these."""
    rng = np.random.default_rng(1)
    themselves = depolarised(np.ones(3), SURVIVALS**2)
    pairs = depolarised(EXACT, SURVIVALS[FIRST] * SURVIVALS[SECOND])
    runs = []
    for _ in range(600):
        counts = rng.binomial(SHOTS, [themselves, pairs]).astype(float)
        runs.append(correct(*(mean_and_error(count, count, SHOTS) for count in counts)))
    values, errors = np.moveaxis(np.array(runs), 1, 0)
    np.testing.assert_allclose(errors.mean(axis=0), values.std(axis=0), rtol=0.15)


def test_a_state_of_which_nothing_survives_is_named() -> None:
    measured = np.array([0.8, 0.13, 0.7])
    with pytest.raises(SignalLostError, match=r"state 1 with itself was measured as 0\.13"):
        survivals(measured, np.full(3, 0.005), QUBITS)
