"""Functions of an index as amplitudes: deviation at every index, cost, what is left in 0."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Statevector

from circuits.index_amplitude import DyadicAmplitude, table_terms
from circuits.parity_rotations import parity_rotations

RUNS = settings(deadline=None, derandomize=True, max_examples=25)


def reciprocal_laplacian(bits):
    half = 2 ** (bits - 1)

    def amplitude(magnitude):
        absent = magnitude % half == 0
        sine = np.sin(np.pi * np.where(absent, 1, magnitude) / 2 / half)
        return np.where(absent, np.nan, (np.sin(np.pi / 2 / half) / sine) ** 2)

    return amplitude


def well_conditioned(bits):
    return lambda magnitude: (1 / 3) / (1 - 2 / 3 * np.cos(2 * np.pi * magnitude / 2**bits))


def indefinite(bits):
    def amplitude(magnitude):
        value = 2 * np.cos(2 * np.pi * magnitude / 2**bits) - 0.3
        all_values = 2 * np.cos(2 * np.pi * np.arange(2**bits) / 2**bits) - 0.3
        return np.min(np.abs(all_values)) / value

    return amplitude


def flag_amplitudes(circuit, bits):
    """Amplitude of each index with the flag, the qubit after it, in 1 and all others in 0."""
    start = QuantumCircuit(circuit.num_qubits)
    start.h(range(bits))
    state = Statevector(start.compose(circuit)).data.reshape(-1, 2, 2**bits)
    return state[0, 1] * 2 ** (bits / 2)


@pytest.mark.parametrize("function", [reciprocal_laplacian, well_conditioned, indefinite])
@pytest.mark.parametrize("deviation", [1e-1, 1e-2, 1e-3])
@pytest.mark.parametrize("bits", [2, 3, 5, 7, 8, 10])
def test_relative_deviation_is_kept_at_every_index(function, bits, deviation):
    amplitude = function(bits)
    fit = DyadicAmplitude.fit(amplitude, bits, deviation)
    index = np.arange(2**bits)
    wanted = fit.scale * amplitude(np.minimum(index, 2**bits - index))
    occurs = ~np.isnan(wanted)
    found = flag_amplitudes(fit.circuit(), bits)
    assert np.max(np.abs(found[occurs] / wanted[occurs] - 1)) <= deviation + 1e-7


@pytest.mark.parametrize("function", [reciprocal_laplacian, well_conditioned])
@pytest.mark.parametrize("bits", [4, 8, 10])
def test_two_qubit_gates_are_those_of_the_circuit(function, bits):
    fit = DyadicAmplitude.fit(function(bits), bits, 1e-2)
    compiled = transpile(fit.circuit(), basis_gates=["cx", "u"], optimization_level=0)
    assert compiled.count_ops()["cx"] == fit.two_qubit_gates


@pytest.mark.parametrize("bits", [8, 10])
def test_compiling_keeps_the_smallest_amplitudes(bits):
    """Amplitudes of 4**-bits do not hang on angles that a compiler takes for 0."""
    amplitude = reciprocal_laplacian(bits)
    fit = DyadicAmplitude.fit(amplitude, bits, 1e-2)
    basis = ["cx", "rz", "sx", "x"]
    compiled = transpile(fit.circuit(), basis_gates=basis, optimization_level=2, seed_transpiler=0)
    middle = 2 ** (bits - 1)
    found = np.abs(flag_amplitudes(compiled, bits)[[middle - 1, middle + 1]])
    wanted = fit.scale * amplitude(np.array([middle - 1]))
    assert np.max(np.abs(found / wanted - 1)) <= 1.1e-2


def test_cost_grows_linearly_with_the_bits_and_erasing_costs_next_to_nothing():
    fits = [DyadicAmplitude.fit(reciprocal_laplacian(b), b, 1e-2) for b in (12, 16, 20)]
    first, second, third = (fit.two_qubit_gates for fit in fits)
    assert third < 1500
    assert (third - second) < 1.3 * (second - first)
    assert all(fit.scale > 0.999 for fit in fits)


def test_slow_function_takes_hardly_more_for_more_bits():
    costs = [
        DyadicAmplitude.fit(well_conditioned(b), b, 1e-2).two_qubit_gates for b in (10, 14, 18)
    ]
    assert costs[-1] < 1.5 * costs[0] < 200


@RUNS
@given(data=st.data(), n=st.integers(1, 5), deviation=st.sampled_from([1e-1, 1e-3]))
def test_table_keeps_its_deviation_with_signs_zeros_and_gaps(data, n, deviation):
    entry = st.floats(0.01, 1) | st.floats(-1, -0.01) | st.sampled_from([0.0, 1.0, -1.0, np.nan])
    wanted = np.array(data.draw(st.lists(entry, min_size=2**n, max_size=2**n)))
    found = flag_amplitudes(parity_rotations(table_terms(wanted, deviation), n), n)
    sizes = np.abs(wanted[np.abs(wanted) > 0])
    smallest = sizes.min() if sizes.size else 1.0
    allowed = np.maximum(deviation * np.abs(wanted), deviation * smallest * (wanted == 0))
    occurs = ~np.isnan(wanted)
    assert np.all(np.abs(found - wanted)[occurs] <= allowed[occurs] + 1e-7)


def test_index_of_one_bit_is_refused():
    with pytest.raises(ValueError, match=r"bits = 1: .* at least 2"):
        DyadicAmplitude.fit(well_conditioned(1), 1, 1e-2)


def test_function_that_varies_too_fast_for_its_cells_is_refused():
    with pytest.raises(ValueError, match="varies too fast"):
        DyadicAmplitude.fit(lambda m: 0.5 + 0.4 * (-1.0) ** m, 18, 1e-2)
