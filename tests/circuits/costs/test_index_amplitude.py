"""Costs of functions of an index as amplitudes, held against what is counted."""

import numpy as np
import pytest
from cost_checks import check_closed_form

from circuits.costs.index_amplitude import dyadic_amplitude_cost, fitted_amplitude_cost
from circuits.index_amplitude import DyadicAmplitude


def _reciprocal_square(bits):
    """Amplitudes that need octaves, of which the small ones are erased."""
    half = 2 ** (bits - 1)

    def amplitude(magnitude):
        absent = magnitude % half == 0
        sine = np.sin(np.pi * np.where(absent, 1, magnitude) / 2 / half)
        return np.where(absent, np.nan, (np.sin(np.pi / 2 / half) / sine) ** 2)

    return amplitude


def _smooth(bits):
    return lambda magnitude: (1 / 3) / (1 - 2 / 3 * np.cos(2 * np.pi * magnitude / 2**bits))


@pytest.mark.parametrize("function", [_reciprocal_square, _smooth])
@pytest.mark.parametrize("bits", [3, 6, 8, 10])
def test_fitted_amplitudes_are_exact(function, bits):
    fit = DyadicAmplitude.fit(function(bits), bits, 1e-2)
    check_closed_form(fitted_amplitude_cost(fit), fit.circuit())


def test_the_structure_alone_gives_the_cost_of_a_hundred_bits():
    cost = dyadic_amplitude_cost(100, depth=96, terms=900, path_length=1500, erased=40)
    assert cost.qubits == 196
    assert cost.two_qubit_gates == 1500 + 2 * 99 + 3 * (2 * 95 - 40)
    assert cost.rotations == 900 + 40
    assert cost.t_gates == 4 * (2 * 95 - 40)


def test_more_erased_qubits_than_there_are_are_refused():
    with pytest.raises(ValueError, match="erased = 3: from 0 to 2"):
        dyadic_amplitude_cost(8, depth=3, terms=4, path_length=4, erased=3)
