"""Ratios of amplitudes, against amplitudes themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.physics.configurations import every_configuration, spins
from qml_algos.physics.neural.flips import FlipRatios, Flips, exchanges, single_flips
from qml_algos.physics.neural.rbm import RBMState

QUBITS = 5
BITS = every_configuration(QUBITS)


def drawn_state(seed: int, scale: float, *, complex_valued: bool) -> RBMState:
    generator = np.random.default_rng(seed)
    parts = [generator.normal(scale=scale, size=shape) for shape in ((7, QUBITS), QUBITS, 7) * 2]
    if complex_valued:
        return RBMState(*(parts[k] + 1j * parts[k + 3] for k in range(3)))
    return RBMState(*(part.astype(np.float32) for part in parts[:3]))


def deviation(state: RBMState, flips: Flips, **options: float) -> float:
    s = spins(BITS).T.astype(np.complex128 if state.is_complex else np.float32)
    tanh = np.tanh(state.W @ s + state.b[:, None])
    found = FlipRatios(state.W, state.a, flips, **options).logarithms(s.real, tanh)
    # In single precision, little is left of 1 - |tanh| where angles are large.
    exact_enough = np.all(np.abs(tanh) < 1 - 1e-3, axis=0) | state.is_complex
    allowed = flips.allowed(s.real) & exact_enough
    before = state.log_amplitudes(BITS)
    worst = 0.0
    for k in range(len(flips.first)):
        other = BITS.copy()
        other[:, sorted({flips.first[k], flips.second[k]})] ^= 1
        exact = state.log_amplitudes(other) - before
        # Phases are only defined up to turns.
        worst = max(worst, float(np.abs(np.exp(found[k] - exact) - 1)[allowed[k]].max(initial=0.0)))
    return worst


PAIRS = np.array([[0, 1], [2, 4], [1, 3]])
BOTH = Flips(np.array([0, 0, 2]), np.array([0, 3, 4]), np.array([0, 1, -1], dtype=np.int8))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([0.05, 0.3, 1.0]))
def test_logarithms_of_real_machines_are_those_of_amplitudes(seed: int, scale: float) -> None:
    state = drawn_state(seed, scale, complex_valued=False)
    for flips in (single_flips(QUBITS), exchanges(PAIRS), BOTH):
        # Single precision: a factor near 0 has a larger relative error.
        assert deviation(state, flips) < 5e-3 * scale**3 + 2e-5


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_logarithms_of_complex_machines_are_those_of_amplitudes(seed: int) -> None:
    state = drawn_state(seed, 0.4, complex_valued=True)
    for flips in (single_flips(QUBITS), exchanges(PAIRS), BOTH):
        assert deviation(state, flips) < 1e-7


@pytest.mark.parametrize("tolerance", [1e-1, 1e-2, 1e-3])
def test_the_series_is_cut_within_the_tolerance(tolerance: float) -> None:
    state = drawn_state(1, 0.3, complex_valued=False)
    assert deviation(state, single_flips(QUBITS), tolerance=tolerance) < 1.1 * tolerance


def test_flips_that_are_chosen_flip_their_spins_and_no_other() -> None:
    s = spins(BITS).T
    chosen = np.zeros((2, s.shape[1]), dtype=bool)
    chosen[1] = True
    found = exchanges(PAIRS[:2]).flipped(s, chosen)
    assert np.array_equal(found[[2, 4]], -s[[2, 4]])
    assert np.array_equal(found[[0, 1, 3]], s[[0, 1, 3]])
