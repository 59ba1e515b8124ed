"""The pipelined Fourier transform: which phases it applies, to what, and in how many layers."""

import numpy as np
import pytest
from banded_fourier import banded_fourier_matrix
from qiskit import transpile
from qiskit.quantum_info import Operator
from qiskit.transpiler import CouplingMap

from circuits.fourier.approximation import full_windows, kept_windows
from circuits.fourier.pipelined import pipelined_qft, pipelined_steps


def banded(n, window):
    return tuple(min(t, window) for t in range(n))


def uneven(n):
    return tuple(int(w) for w in np.random.default_rng(n).integers(0, np.arange(n) + 1))


def follow(n, steps, lowest=0):
    """Run steps on parities of bits; return the (output, input) pairs whose phase was applied.

    Fails unless outputs are left from the lowest one upwards, the next input in the clear and
    those below as differences.
    """
    labels = [{qubit} for qubit in range(n)]
    born, pairs = set(), []

    def cx(control, target):
        labels[target] = labels[target] ^ labels[control]

    def hadamard(site):
        assert labels[site] == {site}
        assert all(site not in labels[other] for other in range(n) if other != site)
        assert all(t in born for t in range(site + 1, n))
        born.add(site)

    for kind, site, other, distance in steps:
        if kind != "h" and kind != "parity":
            assert abs(site - other) == 1
        if kind == "cx":
            cx(site, other)
        elif kind == "parity":
            assert labels[site] == {other, other - distance}
            assert other in born
            assert other - distance not in born
            pairs.append((other, other - distance))
        else:
            if kind == "switch":
                cx(other, site)
            elif kind == "hand_back":
                cx(site, other)
            hadamard(site)
            if kind != "h":
                cx(other, site)
    clear = range(max(0, lowest - 1), n)
    assert labels == [{qubit} if qubit in clear else {qubit, qubit + 1} for qubit in range(n)]
    assert born == set(range(lowest, n))
    return pairs


@pytest.mark.parametrize("epsilon", [1e-1, 1e-2, 1e-4, 0.0])
@pytest.mark.parametrize("n", [16, 40, 64])
def test_each_pair_within_its_window_meets_once_and_no_other(n, epsilon):
    windows = kept_windows(n, epsilon) if n < 64 or epsilon else banded(n, 10)
    pairs = follow(n, pipelined_steps(windows))
    assert sorted(pairs) == [(t, c) for t in range(n) for c in range(t - windows[t], t)]


@pytest.mark.parametrize("lowest", [1, 2, 7, 14, 15])
@pytest.mark.parametrize("windows", [*(banded(16, w) for w in (3, 4, 5, 6, 9)), uneven(16)])
def test_it_may_stop_at_any_output_and_leaves_differences_below(windows, lowest):
    pairs = follow(16, pipelined_steps(windows, lowest), lowest)
    assert sorted(pairs) == [(t, c) for t in range(lowest, 16) for c in range(t - windows[t], t)]


@pytest.mark.parametrize(
    "windows",
    [full_windows(n) for n in range(1, 8)]
    + [banded(7, window) for window in range(6)]
    + [uneven(n) for n in (5, 6, 7)],
)
def test_unitary_is_the_transform_without_the_rotations_left_out(windows):
    unitary = Operator(pipelined_qft(windows)).data
    np.testing.assert_allclose(unitary, banded_fourier_matrix(windows), atol=1e-10)


@pytest.mark.parametrize("n", [17, 33])
def test_windows_may_differ_in_any_way(n):
    windows = tuple(min(w, 6) for w in uneven(n))
    pairs = follow(n, pipelined_steps(windows))
    assert sorted(pairs) == [(t, c) for t in range(n) for c in range(t - windows[t], t)]


def test_a_long_line_leaves_out_one_difference_at_first():
    steps = pipelined_steps(banded(64, 5))
    before = steps[: steps.index(("h", 63, -1, 0))]
    assert {step.kind for step in before} == {"cx"}
    missing = set(range(60)) - {step.other for step in before}
    assert len(missing) == 1


@pytest.mark.parametrize(
    ("n", "gates", "depth"), [(8, 45, 27), (16, 136, 75), (32, 337, 180), (64, 770, 402)]
)
def test_compiled_for_a_line_it_needs_no_more_than_stated(n, gates, depth):
    circuit = pipelined_qft(kept_windows(n, 1e-2))
    compiled = transpile(
        circuit,
        basis_gates=["cz", "rz", "sx", "x"],
        coupling_map=CouplingMap.from_line(n),
        initial_layout=range(n),
        optimization_level=3,
        seed_transpiler=0,
    )
    assert compiled.count_ops()["cz"] <= gates
    assert compiled.depth(lambda instruction: instruction.operation.name == "cz") <= depth
