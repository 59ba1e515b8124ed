"""Low outputs pass, high ones stay: the phases applied, where bits end, and in how many layers."""

import numpy as np
import pytest
from banded_fourier import banded_fourier_matrix
from fourier_checks import final_state, unitary
from parity_labels import expected_phases, follow_parities
from qiskit import QuantumCircuit, transpile
from qiskit.transpiler import CouplingMap

from circuits.fourier import fourier_design
from circuits.fourier.approximation import kept_windows, process_infidelity
from circuits.fourier.hybrid import hybrid_order, hybrid_qft, hybrid_windows


def uneven(n):
    return tuple(int(w) for w in np.random.default_rng(n).integers(0, np.arange(n) + 1))


def spelled_out(circuit):
    """Put the three gates in place of what the pipelined circuit has for CX, H, CX."""
    gates = [
        (item.operation, tuple(circuit.find_bit(qubit).index for qubit in item.qubits))
        for item in circuit.data
    ]
    spelled = QuantumCircuit(circuit.num_qubits)
    step = 0
    while step < len(gates):
        names = [operation.name for operation, _ in gates[step : step + 3]]
        places = [place for _, place in gates[step : step + 3]]
        switch = names == ["h", "cy", "sdg"] and places[1] == places[2] + places[0]
        hand_back = names == ["cy", "s", "h"] and places[1] == places[2] == places[0][:1]
        if switch or hand_back:
            site, other = places[1][::-1] if switch else places[0]
            spelled.cx(*((other, site) if switch else (site, other)))
            spelled.h(site)
            spelled.cx(other, site)
            step += 3
        else:
            spelled.append(*gates[step])
            step += 1
    return spelled


@pytest.mark.parametrize(
    ("n", "epsilon", "passing"),
    [(16, 1e-2, 8), (16, 1e-6, 13), (16, 1e-2, 1), (16, 1e-4, 15), (64, 1e-2, 14), (64, 1e-4, 20)],
)
def test_every_rotation_is_on_its_parity_and_every_bit_of_k_on_its_qubit(n, epsilon, passing):
    windows = hybrid_windows(kept_windows(n, epsilon), epsilon, passing)
    held, phases = follow_parities(spelled_out(hybrid_qft(windows, passing)))
    expected = expected_phases(windows)
    assert phases.keys() == expected.keys()
    assert max(abs(phases[parity] - expected[parity]) for parity in expected) < 1e-12
    # Output t is bit n - 1 - t.
    assert held == [frozenset({("y", n - 1 - bit)}) for bit in hybrid_order(n, passing)]


@pytest.mark.parametrize("windows", [uneven(4), uneven(7), (0, 1, 2, 3, 4, 3, 3), (0, 1, 1)])
def test_unitary_is_the_transform_without_the_rotations_left_out(windows):
    n = len(windows)
    k = np.arange(2**n)
    for passing in range(1, n):
        # Bits of k stand reversed in the matrix: bit n - 1 - t on qubit t.
        rows = sum((k >> i & 1) << (n - 1 - bit) for i, bit in enumerate(hybrid_order(n, passing)))
        expected = banded_fourier_matrix(windows)[rows]
        np.testing.assert_allclose(
            unitary(hybrid_qft(windows, passing)), expected, rtol=0, atol=1e-10
        )


@pytest.mark.parametrize("epsilon", [0.0, 1e-6, 1e-2, 0.2])
def test_outputs_that_pass_meet_all_inputs_and_the_error_stays_within_epsilon(epsilon):
    kept = kept_windows(24, epsilon)
    for passing in range(1, 24):
        windows = hybrid_windows(kept, epsilon, passing)
        assert windows[:passing] == tuple(range(passing))
        assert all(w <= before for w, before in zip(windows[passing:], kept[passing:], strict=True))
        assert process_infidelity(windows) <= epsilon


def test_from_some_number_on_the_others_have_a_narrower_window():
    kept = kept_windows(64, 1e-2)
    assert max(hybrid_windows(kept, 1e-2, 13)[13:]) == max(kept) == 6
    assert hybrid_windows(kept, 1e-2, 14)[14:] == (5,) * 50


@pytest.mark.parametrize("inverse", [False, True])
def test_a_design_says_in_which_order_the_bits_of_k_stand(inverse):
    n = 10
    rng = np.random.default_rng(5)
    state = rng.normal(size=2**n) + 1j * rng.normal(size=2**n)
    state /= np.linalg.norm(state)
    design = fourier_design(
        n, CouplingMap.from_line(n), 1e-4, metric="balanced", swaps=False, inverse=inverse
    )
    assert design.method == "hybrid"
    # Axis 0 is the highest bit of k, or the highest qubit.
    axes = [n - 1 - design.permutation[qubit] for qubit in reversed(range(n))]
    transformed = np.fft.ifft(state, norm="ortho").reshape((2,) * n).transpose(axes).ravel()
    before, after = (transformed, state) if inverse else (state, transformed)
    circuit = QuantumCircuit(n)
    circuit.set_statevector(before)
    found = final_state(circuit.compose(design.circuit))
    # The simulator's state has no global phase.
    distance = np.sqrt(2 - 2 * abs(np.vdot(found, after)))
    assert distance <= design.operator_norm_bound < 0.02


def test_compiled_for_a_line_of_64_it_needs_six_layers_a_qubit_and_few_more_gates():
    line = CouplingMap.from_line(64)
    design = fourier_design(64, line, 1e-2, metric="balanced", swaps=False)
    assert design.method == "hybrid"
    assert design.process_infidelity <= 1e-2
    compiled = transpile(
        design.circuit,
        basis_gates=["cz", "rz", "sx", "x"],
        coupling_map=line,
        initial_layout=list(design.layout),
        optimization_level=3,
        seed_transpiler=0,
    )
    assert compiled.count_ops()["cz"] <= 900
    assert compiled.depth(lambda item: item.operation.name == "cz") <= 6 * 64
